// What opens over the call: the keys, the day's log, the month's report.

import { callsOf, questionsOf, reportOf, setOutcome } from "./calls.js";
import { $, el } from "./dom.js";
import { OUTCOMES, counted, date, hour, today } from "./french.js";

export function prepareDialogs() {
  $("open-keys").addEventListener("click", openKeys);
  $("open-log").addEventListener("click", openLog);
  $("open-report").addEventListener("click", openReport);
  $("log-day").addEventListener("change", fillLog);
  $("report-month").addEventListener("change", fillReport);
}

export const openKeys = () => $("keys").showModal();

export function openLog() {
  $("log-day").value ||= today();
  $("log").showModal();
  return fillLog();
}

export function openReport() {
  $("report-month").value ||= today().slice(0, 7);
  $("report").showModal();
  return fillReport();
}

async function fillLog() {
  const day = $("log-day").value || today();
  try {
    const calls = await callsOf(day);
    if (day !== ($("log-day").value || today())) return;
    $("log-said").textContent = calls.length ? `${counted(calls.length, "appel")}, ${date(day)}.` : `Aucun appel noté, ${date(day)}.`;
    $("log-calls").replaceChildren(...(calls.length ? [logTable(calls)] : []));
  } catch (error) {
    $("log-said").textContent = error.message;
    $("log-calls").replaceChildren();
  }
}

function logTable(calls) {
  const heads = ["Heure", "Demande", "Issue", "Note", "À rappeler au", "Thèmes"].map((name) => el("th", { scope: "col" }, name));
  return el("table", {}, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, calls.map(logRow)));
}

function logRow(one) {
  const questions = questionsOf(one);
  const outcome = el("td", {}, one.parked ? "en attente" : (OUTCOMES[one.outcome] ?? "sans issue"));
  if (one.outcome === "a_rappeler" && !one.parked) {
    const button = el("button", { type: "button", "aria-label": `Rappelé et répondu : ${questions.join(", ")}` }, "C’est fait");
    button.addEventListener("click", () => calledBack(one, outcome));
    outcome.append(" ", button);
  }
  return el(
    "tr",
    {},
    el("td", {}, hour(one.opened_at)),
    el("th", { scope: "row" }, questions.length ? questions.map((question) => el("p", {}, question)) : "demande effacée"),
    outcome,
    el("td", {}, one.note ?? ""),
    el("td", {}, one.callback_text ?? one.callback_number ?? ""),
    el("td", { class: "themes" }, el("p", {}, one.theme_labels.join(", ")), opened(one.passages)),
  );
}

const opened = (passages) => (passages.length ? el("p", { class: "facts" }, counted(passages.length, "passage")) : null);

async function calledBack(one, cell) {
  try {
    await setOutcome(one.id, "repondu");
    cell.textContent = OUTCOMES.repondu;
    $("log-said").textContent = "Noté : rappelé et répondu.";
    // The button is gone: the focus stays in the table rather than nowhere.
    $("log-calls").focus();
  } catch (error) {
    $("log-said").textContent = error.message;
  }
}

async function fillReport() {
  const month = $("report-month").value;
  // Browsers without a month picker give a plain text field.
  if (!/^\d{4}-\d{2}$/.test(month)) {
    $("report-said").textContent = "Écrivez le mois ainsi : 2026-11.";
    return;
  }
  try {
    const report = await reportOf(month);
    if (month !== $("report-month").value) return;
    $("report-said").textContent = report.calls
      ? `${counted(report.calls, "appel")}, ${date(month)}, tous opérateurs.`
      : `Aucun appel noté, ${date(month)}.`;
    $("report-tables").replaceChildren(...(report.calls ? reportTables(report) : []));
  } catch (error) {
    $("report-said").textContent = error.message;
    $("report-tables").replaceChildren();
  }
}

function reportTables(report) {
  return [
    countTable("Par thème", "Thème", report.themes.map(({ label, calls }) => [label ?? "aucun document ouvert", calls])),
    countTable("Par issue", "Issue", report.outcomes.map(({ outcome, calls }) => [OUTCOMES[outcome] ?? "sans issue", calls])),
    countTable("Par jour", "Jour", report.days.map(({ day, calls }) => [date(day), calls])),
  ];
}

/** `counts` are pairs: a name, how many calls. */
function countTable(caption, what, counts) {
  const rows = counts.map(([name, number]) =>
    el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "number" }, String(number))),
  );
  const head = el("tr", {}, el("th", { scope: "col" }, what), el("th", { scope: "col", class: "number" }, "Appels"));
  return el("table", {}, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, rows));
}
