// Which kinds of documents are searched: none chosen is all of them.

import { $, el, say } from "./dom.js";
import { KINDS } from "./french.js";

const BUTTONS = [["", "Tous"], ...KINDS];

/** Draw the buttons as `chosen`, a list of codes; `onToggle(code)` is called on a click. */
export function showKinds(chosen, onToggle) {
  const focused = $("kinds").contains(document.activeElement) ? document.activeElement.value : null;
  $("kinds").replaceChildren(
    ...BUTTONS.map(([code, name], digit) => {
      const on = code === "" ? chosen.length === 0 : chosen.includes(code);
      const attributes = { type: "button", value: code, "aria-pressed": String(on), "aria-keyshortcuts": `Alt+${digit}` };
      const button = el("button", attributes, `${name} `, el("kbd", { "aria-hidden": "true" }, String(digit)));
      button.addEventListener("click", () => onToggle(code));
      return button;
    }),
  );
  if (focused !== null) $("kinds").querySelector(`[value="${focused}"]`).focus();
}

/** `chosen` with `code` put in or taken out; "" is all of them. */
export function toggled(chosen, code) {
  if (code === "") return [];
  return chosen.includes(code) ? chosen.filter((kind) => kind !== code) : [...chosen, code];
}

export function sayKinds(chosen) {
  const names = KINDS.filter(([code]) => chosen.includes(code)).map(([, name]) => name);
  say(names.length ? `Documents : ${names.join(", ")}` : "Tous les documents", { shown: false });
}
