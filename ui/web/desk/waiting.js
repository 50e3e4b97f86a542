// Calls on hold: the operator's own, whatever the day.

import { parkedCalls } from "./calls.js";
import { $, el } from "./dom.js";
import { hour } from "./french.js";

/** Show those on hold but `current`, which is on the line again; `onResume(call)` when one is chosen. */
export async function refreshWaiting(current, onResume) {
  const calls = (await parkedCalls()).filter((one) => one.id !== current);
  const had = $("waiting-calls").contains(document.activeElement);
  $("waiting-calls").replaceChildren(
    ...calls.map((one) => {
      const button = el("button", { type: "button" }, el("span", {}, `${hour(one.opened_at)} – ${one.question}`));
      button.addEventListener("click", () => onResume(one));
      return el("li", {}, button);
    }),
  );
  $("waiting").hidden = calls.length === 0;
  if (had) $("query").focus();
}
