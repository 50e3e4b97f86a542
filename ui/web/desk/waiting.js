// Calls on hold: the operator's own, whatever the day.

import { parkedCalls, questionsOf } from "./calls.js";
import { $, el } from "./dom.js";
import { hour } from "./french.js";

/** Show those on hold but `current`, which is on the line again; `onResume(call)` when one is chosen. */
export async function refreshWaiting(current, onResume) {
  const calls = (await parkedCalls()).filter((one) => one.id !== current);
  const had = $("waiting-calls").contains(document.activeElement) ? document.activeElement.value : null;
  $("waiting-calls").replaceChildren(
    ...calls.map((one) => {
      const button = el("button", { type: "button", value: one.id }, el("span", {}, `${hour(one.opened_at)} – ${questionsOf(one).join(" / ")}`));
      button.addEventListener("click", () => onResume(one));
      return el("li", {}, button);
    }),
  );
  $("waiting").hidden = calls.length === 0;
  // Drawn again under the finger of someone about to choose, the line chosen stays chosen.
  if (had !== null) ([...$("waiting-calls").querySelectorAll("button")].find((one) => one.value === had) ?? $("query")).focus();
}
