// Elements made of text nodes: nothing a document, a caller or a server says is ever read as HTML.

export const $ = (id) => document.getElementById(id);

/** `attributes` are set as they are, `class` and `aria-…` too; those undefined, null or false are left out. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    made.setAttribute(attribute, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** A link to a page of the web or to an original of ours; of any other address, the text alone. */
export function link(address, text, attributes = {}) {
  const safe = safeAddress(address);
  return safe ? el("a", { ...attributes, href: safe, target: "_blank", rel: "noopener noreferrer" }, text) : null;
}

export function safeAddress(address) {
  if (typeof address !== "string" || address === "") return null;
  if (address.startsWith("/v1/documents/")) return address;
  if (!/^https?:\/\//i.test(address)) return null;
  try {
    return new URL(address).href;
  } catch {
    return null;
  }
}

/** Lines as paragraphs, those that begin with a dash as a list; `shown` turns a line into nodes. */
export function lines(text, shown = (line) => [line]) {
  const blocks = [];
  let list = null;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const item = /^\s*[-•]\s+/.exec(line);
    if (!item) {
      list = null;
      blocks.push(el("p", {}, shown(line)));
      continue;
    }
    if (list === null) blocks.push((list = el("ul")));
    list.append(el("li", {}, shown(line.slice(item[0].length))));
  }
  return blocks;
}

let hiding = 0;

/** Said once to those who listen and shown a moment to those who look. */
export function say(text, { shown = true } = {}) {
  const status = $("status");
  // The same words twice in a row would not be said again.
  status.textContent = status.textContent === text ? `${text}\u00a0` : text;
  if (!shown) return;
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => ($("toast").hidden = true), 4000);
}

export function showTrouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = text === "";
  // On a narrow screen it stands far from the key that led to it.
  if (text) $("trouble").scrollIntoView({ block: "nearest" });
}
