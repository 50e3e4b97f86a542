// The keys of the page. None is a browser's or a screen reader's own; letters stand alike on azerty and qwerty.

import { $ } from "./dom.js";

const LETTER = /^[a-z]$/i;

/** `actions` maps "alt+c", "alt+1", "f2", "ctrl+enter" and "escape" to functions. */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    // A dialog has its own keys: Escape closes it, nothing else is meant for the page behind.
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const action = actions[nameOf(event)];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  $("outcomes").addEventListener("keydown", chooseByLetter);
}

function nameOf(event) {
  // AltGr, which writes @ and # on azerty, is Ctrl+Alt on Windows.
  if (event.getModifierState("AltGraph") || event.metaKey) return "";
  if (event.altKey && !event.ctrlKey) {
    const digit = /^Digit(\d)$/.exec(event.code)?.[1];
    if (digit) return `alt+${digit}`;
    if (event.shiftKey) return "";
    // On macOS, Alt with a letter types another character: where the key stands tells which it is.
    return `alt+${LETTER.test(event.key) ? event.key.toLowerCase() : event.code.replace("Key", "").toLowerCase()}`;
  }
  if (event.ctrlKey) return !event.altKey && event.key === "Enter" ? "ctrl+enter" : "";
  return event.key.length > 1 && !event.shiftKey ? event.key.toLowerCase() : "";
}

const OUTCOME_LETTERS = { r: "repondu", a: "a_rappeler", à: "a_rappeler", t: "transmis", s: "sans_reponse" };

function chooseByLetter(event) {
  const outcome = event.ctrlKey || event.altKey || event.metaKey ? undefined : OUTCOME_LETTERS[event.key.toLowerCase()];
  if (outcome === undefined) return;
  event.preventDefault();
  const radio = $("outcomes").querySelector(`[value=${outcome}]`);
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  if (outcome === "a_rappeler") $("callback").focus();
}
