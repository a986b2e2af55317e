const MANY_FRAMES = 40;
const AROUND = 3;

/** When each frame arrived, its bytes, and where it went wrong. */
function timeline(exchange, findings) {
  const wrong = new Map();
  for (const finding of findings) {
    if (finding.event !== null) wrong.set(finding.event, [...(wrong.get(finding.event) ?? []), finding.name]);
  }
  const section = make("section", {}, make("h3", {}, exchange.mode === "stream" ? "Timeline of the deltas" : "The answer's bytes"));
  const bytes = exchange.frames.reduce((sum, frame) => sum + frame[2], 0);
  const end = exchange.error ? `broke after ${milliseconds(exchange.ended)}: ${exchange.error}` : `ended after ${milliseconds(exchange.ended)}`;
  section.append(make("p", { class: "hint" },
    `status ${exchange.status ?? "none"} · ${exchange.frames.length} frames, ${exchange.events.length} events, ${bytes} bytes · ${end}`));
  if (exchange.frames.length) section.append(strip(exchange, wrong), frameTable(exchange, wrong));
  return section;
}

function strip(exchange, wrong) {
  const last = Math.max(exchange.ended, exchange.frames[exchange.frames.length - 1][0]) || 1;
  const place = (at) => `${(1 + (at / last) * 98).toFixed(2)}%`;
  const damaged = new Map(exchange.events.filter((event) => wrong.has(event[0])).map((event) => [event[1], event[0]]));
  const drawing = draw("svg", { class: "strip", role: "img", "aria-label": stripLabel(exchange, wrong, last) });
  drawing.append(draw("line", { class: "base", x1: "1%", x2: "99%", y1: 54, y2: 54 }));
  exchange.frames.forEach(([at, , size], number) => {
    const height = Math.min(30, 4 + Math.log2(size + 1) * 2.5);
    const bad = damaged.has(number);
    drawing.append(draw("line", {
      class: bad ? "wrong" : "tick", x1: place(at), x2: place(at), y1: bad ? 18 : 54 - height, y2: bad ? 58 : 54,
    }));
  });
  let labels = 0;
  for (const [frame, event] of damaged) {
    const at = exchange.frames[frame][0];
    const anchor = at / last > 0.8 ? "end" : at / last < 0.2 ? "start" : "middle";
    if (labels < 1) drawing.append(draw("text", { class: "said", x: place(at), y: 13, "text-anchor": anchor }, `▼ event ${event} ${milliseconds(at)}`));
    labels += 1;
  }
  drawing.append(draw("text", { x: "1%", y: 70 }, "0 ms: request sent"));
  drawing.append(draw("text", { x: "99%", y: 70, "text-anchor": "end" }, milliseconds(last)));
  return drawing;
}

function stripLabel(exchange, wrong, last) {
  const bad = [...wrong.keys()].map((event) => `event ${event}`).join(", ");
  return `${exchange.frames.length} frames within ${milliseconds(last)}${bad ? `; it went wrong at ${bad}` : ""}`;
}

function frameTable(exchange, wrong) {
  const events = exchange.frames.map(() => []);
  for (const event of exchange.events) events[event[1]].push(event);
  const rows = exchange.frames.map((frame, number) => () => frameRows(exchange, number, events[number], wrong));
  const head = make("tr", {}, ...[["Event", "4rem"], ["Arrived", "5.2rem"], ["Gap", "5.2rem", "gap"], ["Bytes", "3.6rem"], ["What it carries", null]]
    .map(([title, width, name]) => make("th", { scope: "col", class: name, style: width && `width:${width}` }, title)));
  const body = make("tbody", {});
  const table = make("table", { class: "frames" }, make("thead", {}, head), body);
  const near = nearFrames(exchange, wrong);
  if (exchange.frames.length <= MANY_FRAMES) {
    body.append(...rows.flatMap((row) => row()));
    return table;
  }
  fill(body, rows, near);
  const more = make("button", { type: "button", class: "more" }, `Show all ${rows.length} frames`);
  more.addEventListener("click", () => { body.replaceChildren(...rows.flatMap((row) => row())); more.remove(); });
  return make("div", {}, table, more);
}

/** Frames that are shown at once of many: the ends, and what is around the damage. */
function nearFrames(exchange, wrong) {
  const centers = exchange.events.filter((event) => wrong.has(event[0])).map((event) => event[1]);
  const near = new Set();
  const middles = centers.length ? centers : [8];
  for (const center of [0, exchange.frames.length - 1, ...middles.slice(0, 8)]) {
    for (let number = center - AROUND; number <= center + AROUND; number += 1) near.add(number);
  }
  return near;
}

function fill(body, rows, near) {
  let left = 0;
  const gap = () => {
    if (left) body.append(make("tr", {}, make("td", { colspan: 5, class: "hint" }, `… ${left} frames`)));
    left = 0;
  };
  rows.forEach((row, number) => {
    if (near.has(number)) { gap(); body.append(...row()); } else left += 1;
  });
  gap();
}

/** A row an event; what several events of one frame share stands in the first. */
function frameRows(exchange, number, events, wrong) {
  if (!events.length) return [frameRow(exchange, number, null, wrong, true)];
  return events.map((event, place) => frameRow(exchange, number, event, wrong, place === 0));
}

function frameRow(exchange, number, event, wrong, first) {
  const [at, data, size] = exchange.frames[number];
  const before = number ? exchange.frames[number - 1][0] : 0;
  const [name, , problem, text] = event ?? [null, null, null, null];
  const names = new Set(event ? wrong.get(name) : []);
  const carried = make("td", {}, ...[...names, problem].filter(Boolean).map((said) => make("span", { class: "here" }, `✕ here: ${said}`)));
  carried.append(event ? make("code", {}, text) : make("span", { class: "hint" }, "no event ends here"));
  if (first) carried.append(rawBytes(data));
  return make("tr", { class: names.size || problem ? "wrong" : null },
    make("td", {}, event ? String(name) : "–"),
    make("td", { class: "number" }, first ? `+${milliseconds(at)}` : "same"),
    make("td", { class: "number gap" }, first ? milliseconds(at - before) : ""),
    make("td", { class: "number" }, first ? String(size) : ""),
    carried);
}

function rawBytes(data) {
  const shown = make("details", {}, make("summary", {}, "bytes"));
  shown.addEventListener("toggle", () => {
    if (shown.open && shown.childElementCount === 1) {
      const text = typeof data === "string" ? visible(data) : `not UTF-8; base64: ${data.base64}`;
      shown.append(make("pre", { class: "bytes" }, text));
    }
  });
  return shown;
}

/** Line ends and other control characters as signs. */
function visible(text) {
  return text.replace(/[\u0000-\u001f\u007f]/g, (letter) => {
    const seen = letter === "\u007f" ? "\u2421" : String.fromCharCode(0x2400 + letter.charCodeAt(0));
    return letter === "\n" ? `${seen}\n` : seen;
  });
}
