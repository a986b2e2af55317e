/** The opened cell: one case in one run, with the answers to choose from. */
class Panel {
  constructor(matrix) {
    this.matrix = matrix;
    this.dialog = document.getElementById("panel");
    this.title = document.getElementById("panel-title");
    this.body = document.getElementById("panel-body");
    this.loaded = new Map();
    document.getElementById("close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    this.dialog.addEventListener("close", () => history.replaceState(null, "", "#matrix"));
  }

  async open(row, column) {
    const { name } = this.matrix.rows[row];
    this.title.textContent = name;
    this.body.replaceChildren(make("p", { class: "hint" }, "Unpacking …"));
    if (!this.dialog.open) this.dialog.showModal();
    history.replaceState(null, "", `#open=${encodeURIComponent(name)}&run=${column}`);
    try {
      if (!this.loaded.has(row)) this.loaded.set(row, await unpack(document.getElementById(`d${row}`).textContent));
      this.show(this.loaded.get(row), row, column);
    } catch (error) {
      this.body.replaceChildren(make("p", { class: "warning" },
        `This browser cannot unpack the recording (${error}). A current Chrome, Firefox or Safari can; the run folder holds it as text.`));
    }
  }

  show(details, row, column) {
    this.details = details;
    this.column = column;
    this.answer = make("div", { id: "answer" });
    this.chips = [];
    const { items } = details.columns[column];
    this.body.replaceChildren(
      make("p", { class: "why" }, details.case?.why ?? ""),
      this.runs(row, column),
      ...items.map((item) => this.item(item)),
      items.length ? "" : make("p", { class: "hint" }, "This case is not in this run."),
      this.answer,
    );
    const first = this.worst();
    if (first) this.choose(first);
    this.dialog.scrollTop = 0;
  }

  runs(row, column) {
    const { columns, rows } = this.matrix;
    const buttons = columns.map((run, number) => {
      const cell = rows[row].cells[number];
      const button = make("button", { type: "button", class: "chip", "aria-pressed": String(number === column), disabled: !cell },
        ...(cell ? [sign(cell.letters[0]), sign(cell.letters[1]), " "] : []), run.short);
      button.addEventListener("click", async () => {
        await this.open(row, number);
        this.body.querySelector('.runs [aria-pressed="true"]')?.focus();
      });
      return button;
    });
    return make("div", { class: "runs", role: "group", "aria-label": "Runs" }, ...buttons);
  }

  item(item) {
    const splits = make("div", { class: "splits", role: "group", "aria-label": item.name });
    splits.append(make("span", { class: "item-name" }, `${shortName(item.name)}${item.mode ? ` · ${item.mode === "stream" ? "streamed" : "whole"}` : ""}`));
    for (const answer of item.answers) {
      const words = RESULTS[answer.result][1] + (answer.row ? `, ${answer.row.kind}${answer.row.blocks ? ", blocks" : ""}` : "");
      const round = answer.turn > 1 ? ` round ${answer.turn}` : "";
      const chip = make("button", {
        type: "button", class: answer.row?.blocks ? "chip blocks" : "chip", "aria-pressed": "false",
        title: words, "aria-label": `${answer.split}${round}: ${words}`,
      }, sign(answer.result), ` ${answer.split}${round}`);
      chip.addEventListener("click", () => this.choose({ item, answer, chip }));
      this.chips.push({ item, answer, chip });
      splits.append(chip);
    }
    const entry = make("div", { class: "item" }, splits);
    if (!item.answers.length) splits.append(sign(item.result), make("span", { class: "hint" }, RESULTS[item.result][1]));
    if (item.strip?.length) entry.append(cutStrip(item.strip));
    for (const [names, places] of item.ranges ?? []) entry.append(make("p", { class: "hint" }, `${names}: ${places}`));
    if (item.note) entry.append(make("p", { class: "hint" }, item.note));
    const reasons = new Map();
    for (const reason of item.na) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    for (const [reason, count] of reasons) entry.append(make("p", { class: "hint" }, `${count} × not applicable: ${reason}`));
    return entry;
  }

  worst() {
    const order = "iefkurpn-";
    const weight = ({ answer }) => order.indexOf(answer.result) + (answer.row?.blocks ? -20 : 0) + (answer.exchange === undefined ? 40 : 0);
    return this.chips.reduce((best, entry) => (!best || weight(entry) < weight(best) ? entry : best), null);
  }

  choose({ item, answer, chip }) {
    for (const entry of this.chips) entry.chip.setAttribute("aria-pressed", String(entry.chip === chip));
    const exchange = this.details.columns[this.column].exchanges[answer.exchange];
    const findings = answer.findings ?? [];
    const parts = [this.gate(answer), ...findingList(findings)];
    if (exchange) {
      parts.push(comparison(this.details, item, answer, exchange, this.column), timeline(exchange, findings), this.request(exchange));
    } else {
      parts.push(make("p", { class: "hint" }, answer.result === "-"
        ? "This run has no such answer."
        : "The recording of this answer is not in this page; it is in the run folder."));
    }
    this.answer.replaceChildren(...parts.filter(Boolean));
  }

  gate(answer) {
    if (!answer.row) return null;
    const { kind, blocks, before, note } = answer.row;
    const was = before === null ? "missing" : before.join(", ") || "passed";
    return make("p", { class: blocks ? "warning" : "hint" }, `Against the baseline: ${kind}${blocks ? ", blocks" : ""}; before: ${was}${note ? `; ${note}` : ""}`);
  }

  request(exchange) {
    const section = make("section", {}, make("h3", {}, "The request"));
    if (exchange.text !== null) section.append(make("p", { class: "hint" }, "The model was made to say:"), make("pre", { class: "text" }, exchange.text));
    const { url } = this.matrix.columns[this.column];
    const flags = exchange.mode === "stream" ? "-sN" : "-s";
    const body = exchange.request.replaceAll("'", `'"'"'`);
    const command = `curl ${flags} ${url}${exchange.path} -H "Authorization: Bearer $XLAM_GATE_API_KEY" -H 'Content-Type: application/json' -d '${body}'`;
    section.append(make("details", {}, make("summary", {}, "as a curl command"), make("pre", { class: "text" }, command)));
    return section;
  }
}

// The text, each character marked by what a single cut behind it leads to.
function cutStrip(pieces) {
  const words = [...new Set(pieces.map(([, word]) => word).filter((word) => word && word !== "right"))];
  const shown = pieces.map(([text, word]) => {
    const kind = word === "right" ? "right" : word ? `harm-${words.indexOf(word) % 4}` : "end";
    return make("span", { class: `piece ${kind}`, title: word ? `cut behind any of these characters: ${word}` : "" }, text);
  });
  return make("pre", { class: "text cut-strip", "aria-label": "What a cut behind each character leads to" }, ...shown);
}

function findingList(findings) {
  const seen = new Set();
  return findings.map((finding) => {
    const key = JSON.stringify(finding);
    if (seen.has(key)) return null;
    seen.add(key);
    const list = make("dl", {});
    for (const [title, text] of [["expected", finding.expected], ["got", finding.got], ["event", finding.event], ["rule", finding.source]]) {
      if (text !== null && text !== "") list.append(make("dt", {}, title), make("dd", {}, String(text)));
    }
    const known = finding.issue ? `◆ known: ${finding.issue}` : "✕ unexplained";
    return make("div", { class: finding.issue ? "finding known" : "finding" },
      make("p", {}, make("span", { class: "name" }, finding.name), ` ${known}`), make("p", {}, finding.message), list);
  });
}

/** `test_follow_up[case-one-message-stream]` -> `follow up one-message`, as far as it can be told apart. */
function shortName(name) {
  const [, test, parameters] = name.match(/::test_(\w+)(?:\[(.*)\])?$/) ?? [null, name, ""];
  const history = (parameters ?? "").match(/(one-message|message-a-call)/);
  return test.replaceAll("_", " ") + (history ? `, ${history[1]}` : "");
}
