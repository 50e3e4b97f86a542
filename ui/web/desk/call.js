// The call on the line: its outcome, its note, what becomes of it.

import { typedFor } from "./caller.js";
import { questionOf, record } from "./calls.js";
import { $, say, showTrouble } from "./dom.js";
import { OUTCOMES } from "./french.js";
import { dropParked, fresh, keepParked, takeParked } from "./state.js";
import { refreshWaiting } from "./waiting.js";

const chosen = () => document.querySelector("[name=outcome]:checked");

export class CallForm {
  #busy = false;
  #before = null;

  /** `desk` has the `state`, `update(change)`, `put(state)` and `profile()` of the page. */
  constructor(desk) {
    this.desk = desk;
    for (const event of ["input", "change"]) $("call").addEventListener(event, () => this.#noted());
    $("call").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    $("park").addEventListener("click", () => this.park());
    $("clear").addEventListener("click", () => this.clear());
  }

  show({ outcome, note, callback }) {
    $("note").value = note;
    $("callback").value = callback;
    for (const radio of document.querySelectorAll("[name=outcome]")) radio.checked = radio.value === outcome;
    $("callback-field").hidden = outcome !== "a_rappeler";
  }

  focusOutcomes() {
    (chosen() ?? document.querySelector("[name=outcome]")).focus();
  }

  async save() {
    const { state } = this.desk;
    if (!this.#hasQuestion()) return;
    if (!state.outcome) {
      showTrouble("Choisissez l’issue de l’appel (F8), puis enregistrez.");
      this.focusOutcomes();
      return;
    }
    await this.#alone(async () => {
      await record(state, this.desk.profile(), false);
      if (state.id) dropParked(state.id);
      this.#next(`Appel enregistré : ${OUTCOMES[state.outcome]}.`);
    });
    await this.showWaiting();
  }

  /** Whether it is on hold now, the page ready for the next call. */
  async park() {
    const { state } = this.desk;
    if (!this.#hasQuestion()) return false;
    const done = await this.#alone(async () => {
      const { id } = await record(state, this.desk.profile(), true);
      keepParked(id, state);
      this.#next("Appel mis en attente.");
    });
    await this.showWaiting();
    return done;
  }

  /** Forget it unrecorded; once more takes that back. One that was on hold goes back there. */
  async clear() {
    const { state } = this.desk;
    const empty = !state.question && !state.note && !state.outcome && !state.caller;
    const next = empty && this.#before !== null ? this.#before : fresh();
    this.#before = empty ? null : state;
    this.desk.put(next);
    say(empty ? "Appel retrouvé." : "Effacé sans rien noter. Alt+R annule.");
    await this.showWaiting();
  }

  async showWaiting() {
    await refreshWaiting(this.desk.state.id, (kept) => this.#resume(kept)).catch((error) => showTrouble(error.message));
  }

  async #resume(kept) {
    const { state } = this.desk;
    const begun = state.question.trim() || state.note.trim();
    if (begun && !(await this.park())) return;
    this.desk.put({
      ...fresh(),
      caller: typedFor(kept.profile),
      question: kept.question,
      asked: kept.question,
      note: kept.note,
      outcome: kept.outcome ?? "",
      callback: kept.callback_text ?? "",
      passages: kept.passages,
      opened: kept.passages.at(-1) ?? null,
      // The words as they were typed, when it was this tab that put it on hold.
      ...takeParked(kept.id),
      id: kept.id,
    });
    say(`Appel repris : ${kept.question}`, { shown: false });
    await this.showWaiting();
  }

  #noted() {
    const outcome = chosen()?.value ?? "";
    $("callback-field").hidden = outcome !== "a_rappeler";
    this.desk.update({ outcome, note: $("note").value, callback: $("callback").value });
  }

  #hasQuestion() {
    if (questionOf(this.desk.state)) return true;
    showTrouble("Écrivez d’abord ce que demande l’appelant.");
    $("query").focus();
    return false;
  }

  #next(said) {
    this.#before = null;
    this.desk.put(fresh());
    say(said);
  }

  /** Two quick Ctrl+Enter are one call, not two. What goes wrong is shown, and nothing typed is lost. */
  async #alone(work) {
    if (this.#busy) return false;
    this.#busy = true;
    showTrouble("");
    try {
      await work();
      return true;
    } catch (error) {
      showTrouble(error.message);
      return false;
    } finally {
      this.#busy = false;
    }
  }
}
