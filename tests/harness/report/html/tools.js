"use strict";

/** Letter of a result in the data -> its sign and its words. */
const RESULTS = {
  i: ["!", "no judgement: the infrastructure failed"],
  e: ["!", "no judgement: the suite failed"],
  f: ["✕", "unexplained finding"],
  k: ["◆", "known issue"],
  u: ["~", "unstable"],
  r: ["○", "not recorded"],
  p: ["✓", "passed"],
  n: ["–", "not applicable"],
  "-": ["·", "nothing"],
};

/** An element with attributes and children. Strings become text nodes and nothing else: models write markup. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** As `make`, for drawings. */
function draw(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
}

/** The sign of a result; its words stand beside it or in a label. */
function sign(letter) {
  return make("span", { class: `sign ${letter === "-" ? "n" : letter}`, "aria-hidden": "true" }, RESULTS[letter][0]);
}

/** Packed JSON: base64 of gzip. */
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function milliseconds(seconds) {
  const value = seconds * 1000;
  if (value >= 10000) return `${(value / 1000).toFixed(1)} s`;
  return value >= 100 ? `${value.toFixed(0)} ms` : `${value.toFixed(1)} ms`;
}
