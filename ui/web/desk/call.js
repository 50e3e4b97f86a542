// The call on the line: its outcome, its note, what becomes of it.

import { typedFor } from "./caller.js";
import { questionOf, questionsOf, record } from "./calls.js";
import { $, say, showTrouble } from "./dom.js";
import { OUTCOMES } from "./french.js";
import { dropParked, fresh, keepParked, takeParked } from "./state.js";
import { refreshWaiting } from "./waiting.js";

const WRONG_NUMBER = "Le numéro à rappeler n’en est pas un (de l’étranger, il commence par + et l’indicatif). Rien n’est perdu.";
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
      keepParked(await record(state, this.desk.profile(), true), state);
      this.#next("Appel mis en attente.");
    });
    await this.showWaiting();
    return done;
  }

  /** Forget it unrecorded; once more takes that back. One that was on hold goes back there. */
  async clear() {
    const { state } = this.desk;
    const empty = !questionOf(state) && !state.note && !state.outcome && !state.caller && !state.id;
    const next = empty && this.#before !== null ? this.#before : fresh();
    this.#before = empty ? null : state;
    this.desk.put(next);
    const cleared = state.id ? "Appel remis en attente, tel qu’il y était." : "Effacé sans rien noter.";
    say(empty ? "Appel retrouvé." : `${cleared} Alt+R annule.`);
    await this.showWaiting();
  }

  async showWaiting() {
    await refreshWaiting(this.desk.state.id, (kept) => this.#resume(kept)).catch((error) => showTrouble(error.message));
  }

  async #resume(kept) {
    const { state } = this.desk;
    const begun = questionOf(state) || state.note.trim();
    if (begun && !(await this.park())) return;
    const questions = questionsOf(kept);
    this.desk.put({
      ...fresh(),
      caller: typedFor(kept.profile),
      question: questions.at(-1) ?? "",
      asked: questions.map((question) => ({ question, turn: null })),
      note: kept.note,
      outcome: kept.outcome ?? "",
      callback: kept.callback_text ?? "",
      passages: kept.passages,
      opened: kept.passages.at(-1) ?? null,
      // The words as they were typed, when it was this tab that put it on hold.
      ...takeParked(kept),
      id: kept.id,
    });
    say(`Appel repris : ${questions.join(", ")}`);
    await this.showWaiting();
  }

  #noted() {
    const outcome = chosen()?.value ?? "";
    $("callback-field").hidden = outcome !== "a_rappeler";
    this.desk.update({ outcome, note: $("note").value, callback: $("callback").value });
  }

  #hasQuestion() {
    // One taken back may have lost its words: its conversation was erased.
    if (questionOf(this.desk.state) || this.desk.state.id) return true;
    showTrouble("Écrivez d’abord ce que demande l’appelant.");
    $("query").focus();
    return false;
  }

  #next(said) {
    this.#before = null;
    this.desk.put(fresh());
    say(said);
  }

  #tell(error) {
    const number = error.status === 422 && error.message.includes("callback_number");
    if (number) $("callback").focus();
    showTrouble(number ? WRONG_NUMBER : error.message);
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
      this.#tell(error);
      return false;
    } finally {
      this.#busy = false;
    }
  }
}
