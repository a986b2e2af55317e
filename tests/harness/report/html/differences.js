const LARGEST = 400;

/** Pieces of two texts: `[same | left | right, text]`. Long differences are told as one. */
function pieces(left, right) {
  const a = words(left);
  const b = words(right);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return joined([
    ["same", a.slice(0, start).join("")], ...middle, ["same", a.slice(a.length - end).join("")],
  ]);
}

function words(text) {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) || [];
}

/** The longest common run of words, told piece by piece. */
function between(a, b) {
  if (a.length > LARGEST || b.length > LARGEST) return [["left", a.join("")], ["right", b.join("")]];
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    }
  }
  const found = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { found.push(["same", a[i]]); i += 1; j += 1; }
    else if (j < b.length && (i === a.length || best[i][j + 1] >= best[i + 1][j])) { found.push(["right", b[j]]); j += 1; }
    else { found.push(["left", a[i]]); i += 1; }
  }
  return found;
}

function joined(found) {
  const result = [];
  for (const [kind, text] of found) {
    if (!text) continue;
    if (result.length && result[result.length - 1][0] === kind) result[result.length - 1][1] += text;
    else result.push([kind, text]);
  }
  return result;
}

/** Both texts with what is not in the other one marked: `[left element, right element]`. */
function marked(left, right) {
  const both = pieces(left, right);
  const side = (mine, tag) =>
    make("pre", {}, ...both.filter(([kind]) => kind === "same" || kind === mine)
      .map(([kind, text]) => (kind === mine ? make(tag, {}, text) : text)));
  return [side("left", "del"), side("right", "ins")];
}

/** A call or a text beside what was right. */
function pair(titles, left, right, verdict) {
  return make("div", {},
    verdict,
    make("div", { class: "pair" },
      make("div", { class: "side" }, make("h4", {}, titles[0]), left),
      make("div", { class: "side" }, make("h4", {}, titles[1]), right)));
}

function said(equal) {
  return equal
    ? make("p", { class: "equal" }, "✓ the same")
    : make("p", { class: "differs" }, "✕ not the same (dashed: missing, framed: too much or other)");
}

function callPair(number, expected, got, names) {
  const nothing = () => make("p", { class: "hint" }, "no such call");
  if (!expected || !got) {
    const show = (call) => (call ? make("pre", {}, `${call.name ?? "(no name)"} ${call.laid ?? call.arguments}`) : nothing());
    return pair(names.map((name) => `${name}, call ${number}`), show(expected), show(got), said(false));
  }
  const comparable = expected.laid !== null && got.laid !== null;
  const texts = comparable ? [expected.laid, got.laid] : [expected.arguments, got.arguments];
  const full = [`${expected.name}\n${texts[0]}`, `${got.name ?? "(no name)"}\n${texts[1]}`];
  return pair(names.map((name) => `${name}, call ${number}`), ...marked(...full), said(full[0] === full[1]));
}

/** What was right, as far as the run tells: of the case, or of the other mode where the model is free. */
function comparison(details, item, answer, exchange, column) {
  const section = make("section", {}, make("h3", {}, "Expected and assembled"));
  const right = rightAnswer(details, item, answer, exchange, column);
  const names = [right?.name ?? "Expected", "Assembled"];
  if (right?.hint) section.append(make("p", { class: "hint" }, right.hint));
  const calls = right?.calls ?? [];
  const most = Math.max(calls.length, exchange.calls.length);
  for (let number = 0; number < most; number += 1) {
    const got = exchange.calls[number];
    section.append(right?.calls
      ? callPair(number, calls[number], got, names)
      : make("div", { class: "side" }, make("h4", {}, `Assembled, call ${number}`),
        make("pre", {}, `${got.name ?? "(no name)"}\n${got.laid ?? got.arguments}`)));
  }
  if (right?.exact && (right.content || exchange.content)) {
    const texts = [right.content ?? "", exchange.content ?? ""];
    section.append(pair(names.map((name) => `${name}, text`), ...marked(...texts), said(texts[0] === texts[1])));
  } else if (exchange.content) {
    section.append(make("div", { class: "side" }, make("h4", {}, "Assembled, text"), make("pre", {}, exchange.content)));
  }
  if (right?.mentions?.length) section.append(make("p", { class: "hint" }, `Must mention: ${right.mentions.join(", ")}`));
  if (!most && !exchange.content) section.append(make("p", { class: "hint" }, "Neither a call nor a text arrived."));
  const stray = exchange.stray ? `, ${exchange.stray} pieces of calls without an index` : "";
  section.append(make("p", { class: "hint" },
    `finish reason ${exchange.finish.join(", ") || "none"}; end marker ${exchange.done ? "came" : "did not come"}${stray}`));
  return section;
}

/** Of several right answers the one that came closest: by the number of its calls, then by its text. */
function closest(readings, exchange) {
  const apart = (reading) => 2 * Math.abs(reading.calls.length - exchange.calls.length)
    + ((reading.content ?? "") === (exchange.content ?? "").trim() ? 0 : 1);
  return readings.reduce((best, reading) => (apart(reading) < apart(best) ? reading : best));
}

function rightAnswer(details, item, answer, exchange, column) {
  const known = details.case;
  if (known?.readings.length) {
    const right = closest(known.readings, exchange);
    const hint = `${known.readings.length} answers are right here, and this one comes closest. ${known.ambiguous}`;
    return { name: "Right", calls: right.calls, content: right.content, exact: true, hint };
  }
  if (known?.ambiguous) {
    const other = details.columns[column].items.find((entry) => entry.name === item.name.replace(/-stream\]$/, "-whole]"));
    const place = other && other !== item ? other.answers.find((entry) => entry.exchange !== undefined) : undefined;
    const whole = place && details.columns[column].exchanges[place.exchange];
    const hint = `No one answer is right here: streamed and whole must agree. ${known.ambiguous}`;
    return whole
      ? { name: "Whole", calls: whole.calls, content: whole.content, exact: true, hint }
      : { hint, calls: null };
  }
  if (!known) return { calls: null, hint: "What was expected is not in this run's files." };
  if (known.wanted) return { calls: null, hint: `Right is: ${known.wanted}` };
  if (answer.turn > 1) return { calls: [], mentions: known.mentions };
  const hint = known.cut === null ? "" : `The token limit cuts this answer after ${known.cut} tenths: what is not complete may be missing.`;
  return { calls: known.calls, content: known.content, exact: known.content !== null, hint };
}
