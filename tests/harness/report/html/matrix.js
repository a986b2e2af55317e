/** Columns up to which there is room for the findings beside a case's name. */
const ROOMY = 3;

/** One row of the data, read. */
function readRow([name, topic, cells, words], number) {
  const read = cells.map((cell) => {
    const [letters, flags, ...kinds] = cell.split(" ");
    return cell && { letters, blocks: (flags || "").includes("b"), gaps: (flags || "").includes("n"), kinds };
  });
  return { number, name, topic, words, cells: read, search: `${name} ${topic} ${words}`.toLowerCase() };
}

const FILTERS = [
  ["all", "All", () => true],
  ["findings", "Findings", (cell) => /[fkuie]/.test(cell.letters)],
  ["unexplained", "Unexplained", (cell) => /[fie]/.test(cell.letters)],
  ["regressions", "Regressions", (cell) => cell.blocks || cell.kinds.some((kind) => kind.includes("regression"))],
  ["known", "Known", (cell) => cell.letters.includes("k")],
  ["na", "N.a.", (cell) => cell.gaps || /[nr]/.test(cell.letters)],
];

class Matrix {
  constructor(grid, data, open) {
    this.grid = grid;
    this.open = open;
    this.columns = data.columns;
    this.rows = data.rows.map(readRow);
    this.filter = FILTERS[0];
    this.kind = "";
    this.query = "";
    grid.style.setProperty("--columns", this.columns.length);
    grid.append(this.heads(), ...this.topics());
    grid.append((this.none = make("p", { class: "none", hidden: true }, "No case is like that.")));
    grid.addEventListener("click", (event) => this.clicked(event));
    grid.addEventListener("keydown", (event) => this.pressed(event));
    this.at(0, 0)?.setAttribute("tabindex", "0");
  }

  heads() {
    const names = this.columns.map((column) =>
      make("div", { role: "columnheader", title: column.target }, column.short, make("small", {}, column.word)),
    );
    return make("div", { class: "row heads", role: "row" }, make("div", { role: "columnheader" }, "Case"), ...names);
  }

  topics() {
    const groups = new Map();
    for (const row of this.rows) {
      if (!groups.has(row.topic)) groups.set(row.topic, []);
      groups.get(row.topic).push(row);
    }
    return [...groups].map(([topic, rows]) => {
      const group = make("div", { class: "topic", role: "rowgroup", "aria-label": topic });
      group.style.setProperty("--rows", rows.length);
      const title = make("div", { class: "topic-name", role: "presentation" }, topic);
      group.append(title, ...rows.map((row) => this.row(row)));
      return group;
    });
  }

  row(row) {
    const head = make("div", { class: "case", role: "rowheader" }, row.name);
    if (this.columns.length <= ROOMY && row.words) head.append(" ", make("small", {}, row.words.replaceAll(" ", " · ")));
    const line = make("div", { class: "row", role: "row" }, head);
    row.cells.forEach((cell, column) => line.append(this.cell(row, cell, column)));
    row.element = line;
    return line;
  }

  cell(row, cell, column) {
    if (!cell) return make("div", { role: "gridcell" });
    const [stream, whole] = cell.letters;
    const said = [stream !== "-" && `streamed ${RESULTS[stream][1]}`, whole !== "-" && `whole ${RESULTS[whole][1]}`];
    const words = [...said.filter(Boolean), ...cell.kinds, cell.blocks && "blocks"].filter(Boolean).join(", ");
    const told = cell.kinds.filter((kind) => kind !== "unchanged" && kind !== "broken").join(", ");
    const button = make(
      "button",
      {
        type: "button", class: cell.blocks ? "cell blocks" : "cell", tabindex: "-1",
        "data-row": row.number, "data-column": column,
        "aria-label": `${row.name} on ${this.columns[column].short}: ${words}`,
        title: words,
      },
      sign(stream), sign(whole), told && make("span", { class: "kind", "aria-hidden": "true" }, told),
    );
    return make("div", { role: "gridcell" }, button);
  }

  at(row, column) {
    return this.rows[row]?.element.children[column + 1]?.firstElementChild;
  }

  clicked(event) {
    const button = event.target.closest(".cell");
    if (button) {
      this.settle(button);
      this.open(Number(button.dataset.row), Number(button.dataset.column));
    }
  }

  pressed(event) {
    const button = event.target.closest(".cell");
    const steps = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1],
      PageDown: [12, 0], PageUp: [-12, 0], Home: [0, -Infinity], End: [0, Infinity],
    };
    const step = button && !event.altKey && !event.metaKey && steps[event.key];
    if (!step) return;
    event.preventDefault();
    const shown = this.rows.filter((row) => !row.element.hidden);
    const now = shown.findIndex((row) => row.number === Number(button.dataset.row));
    const row = shown[Math.max(0, Math.min(shown.length - 1, now + step[0]))];
    let column = Math.max(0, Math.min(this.columns.length - 1, Number(button.dataset.column) + step[1]));
    while (column > 0 && !this.at(row.number, column)) column -= 1;
    const next = this.at(row.number, column);
    if (next) {
      this.settle(next);
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  }

  /** Tab comes back to the cell that was looked at last. */
  settle(button) {
    this.grid.querySelector('.cell[tabindex="0"]')?.setAttribute("tabindex", "-1");
    button.setAttribute("tabindex", "0");
  }

  matching(filter, kind) {
    const likes = (cell) => cell && filter[2](cell) && (!kind || cell.kinds.includes(kind));
    return this.rows.filter((row) => row.cells.some(likes));
  }

  show() {
    const words = this.query.toLowerCase().split(/\s+/).filter(Boolean);
    const found = new Set(
      this.matching(this.filter, this.kind).filter((row) => words.every((word) => row.search.includes(word))),
    );
    for (const row of this.rows) row.element.hidden = !found.has(row);
    for (const group of this.grid.querySelectorAll(".topic")) {
      const rows = group.querySelectorAll(".row:not([hidden])").length;
      group.hidden = rows === 0;
      group.style.setProperty("--rows", rows);
    }
    this.none.hidden = found.size > 0;
    const first = this.rows.find((row) => found.has(row));
    const kept = this.grid.querySelector('.cell[tabindex="0"]');
    if (first && (!kept || kept.closest("[hidden]"))) {
      const cell = first.element.querySelector(".cell");
      if (cell) this.settle(cell);
    }
    return found.size;
  }
}

/** The search, the filters and the choice of the comparison's kinds. */
function addTools(matrix) {
  const shown = document.getElementById("shown");
  const update = () => {
    const count = matrix.show();
    shown.textContent = `${count} of ${matrix.rows.length} cases`;
  };
  const filters = document.getElementById("filters");
  for (const filter of FILTERS) {
    const count = matrix.matching(filter, "").length;
    const input = make("input", {
      type: "radio", name: "filter", value: filter[0], checked: filter[0] === "all", disabled: count === 0,
    });
    input.addEventListener("change", () => { matrix.filter = filter; update(); });
    filters.append(make("label", { class: "choice" }, input, make("span", {}, `${filter[1]} ${count}`)));
  }
  const find = document.getElementById("find");
  find.addEventListener("input", () => { matrix.query = find.value; update(); });
  find.form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(event.target.tagName) && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      find.focus();
    }
  });
  const kinds = new Set(matrix.rows.flatMap((row) => row.cells.flatMap((cell) => (cell ? cell.kinds : []))));
  const select = document.getElementById("kinds");
  for (const kind of kinds) select.append(make("option", { value: kind }, kind));
  select.addEventListener("change", () => { matrix.kind = select.value; update(); });
  document.getElementById("kinds-label").hidden = kinds.size === 0;
  update();
}
