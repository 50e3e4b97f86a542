// A question, its answer as it comes, its sources opened in place. All that documents say goes in as text, never as HTML.
import { sourceLine } from "/interface/poste/french.js";

const KEY = new URLSearchParams(location.search).get("cle") ?? "";
const BROKEN = "Le service ne répond pas. Réessayez dans un instant.";
const log = document.getElementById("log");
const form = document.getElementById("ask");
const box = document.getElementById("question");
const state = document.getElementById("state");
let session = null;
let asked = 0;

function made(name, text = "", attributes = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function withMarkers(element, numbers, turn) {
  for (const n of numbers) {
    element.append(" ", made("a", `[${n}]`, { class: "cit", href: `#source-${turn}-${n}`, "aria-label": `Voir la source ${n}` }));
  }
  return element;
}

// The answer says its lists by lines that begin with a dash, and its sources by their numbers at the end of sentences.
function lines(body, turn) {
  const parts = [];
  let list = null;
  for (const line of body.answer.split("\n")) {
    const item = line.startsWith("- ");
    if (item && list === null) parts.push((list = made("ul")));
    if (!item) list = null;
    const shown = made(item ? "li" : "p");
    for (const [place, text] of (item ? line.slice(2) : line).split(/ ?\[(\d+)\]/).entries()) {
      if (place % 2 === 0) shown.append(text);
      else if (body.citations.some((one) => one.n === Number(text))) withMarkers(shown, [Number(text)], turn);
      else shown.append(` [${text}]`);
    }
    if (item) list.append(shown);
    else parts.push(shown);
  }
  return parts;
}

function table(told, turn) {
  const shown = made("table");
  shown.append(made("caption", "Comparaison"));
  const head = shown.createTHead().insertRow();
  for (const name of ["Critère", ...told.columns]) head.append(made("th", name, { scope: "col" }));
  const body = shown.createTBody();
  told.criteria.forEach((criterion, row) => {
    const line = body.insertRow();
    line.append(made("th", criterion, { scope: "row" }));
    told.columns.forEach((_, column) => {
      const cell = told.cells[row * told.columns.length + column];
      line.append(withMarkers(made("td", cell.text || "Rien d'assez sûr trouvé."), cell.citations, turn));
    });
  });
  const wide = made("div", "", { class: "wide", tabindex: "0", role: "region", "aria-label": "Comparaison" });
  wide.append(shown);
  return wide;
}

function source(one, name, id, quotes) {
  const shown = made("details", "", id ? { id } : {});
  shown.append(made("summary", name));
  shown.append(made("p", sourceLine(one), { class: "facts" }));
  if (one.warning) shown.append(made("p", one.warning, { class: "gap" }));
  for (const quote of quotes) shown.append(made("blockquote", quote));
  if (/^https?:\/\//.test(one.url ?? "")) {
    const link = made("p");
    link.append(made("a", "Ouvrir le document d'origine", { href: one.url, target: "_blank", rel: "noopener noreferrer" }));
    shown.append(link);
  }
  return shown;
}

function reply(body, turn) {
  const parts = [];
  if (body.outcome === "abstained") parts.push(made("p", body.answer));
  else if (body.table) parts.push(table(body.table, turn));
  else parts.push(...lines(body, turn));
  for (const part of body.unanswered) parts.push(made("p", `Rien d'assez sûr trouvé sur ceci : « ${part} ».`, { class: "gap" }));
  for (const note of body.notes) parts.push(made("p", note.text, { class: "facts" }));
  for (const one of body.citations) parts.push(source(one, `${one.n}. ${one.title}`, `source-${turn}-${one.n}`, one.quotes));
  if (body.nearest.length > 0) parts.push(made("p", "Passages les plus proches :"));
  for (const { passage } of body.nearest) parts.push(source(passage, passage.title, "", [passage.excerpt]));
  if (body.handoff) parts.push(made("p", body.handoff.message));
  return parts;
}

async function* events(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (waiting + value.replaceAll("\r", "")).split("\n\n");
    waiting = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n");
      const name = lines.find((line) => line.startsWith("event:"));
      const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
      if (name) yield { name: name.slice(6).trim(), data: JSON.parse(data) };
    }
  }
}

async function answered(question, shown, turn) {
  const answer = await fetch("/v1/ask/stream", {
    method: "POST",
    credentials: "omit",
    headers: { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify({ question, session_id: session }),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  let whole = false;
  for await (const { name, data } of events(answer)) {
    // Its sources come with the whole answer: until then a sentence has no marker to open.
    if (name === "sentence") shown.append(made("p", data.text));
    else if (name === "replace") shown.replaceChildren();
    else if (name === "error") throw new Error(data.detail);
    else if (name === "reply") {
      whole = true;
      session = data.session_id;
      shown.replaceChildren(...reply(data, turn));
    }
  }
  if (!whole) throw new Error(BROKEN);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = box.value.trim();
  const button = form.querySelector("button");
  if (question === "" || button.disabled) return;
  asked += 1;
  const shown = made("div", "", { class: "reply" });
  const heading = made("h2", question, { class: "asked" });
  log.append(heading, shown);
  button.disabled = true;
  state.textContent = "Lecture des documents…";
  try {
    await answered(question, shown, asked);
    box.value = "";
  } catch (error) {
    // The browser's own words for a network that fails are English.
    const said = error instanceof TypeError || !error.message ? BROKEN : error.message;
    shown.replaceChildren(made("p", said, { class: "problem" }));
  } finally {
    state.textContent = "";
    button.disabled = false;
    // Back to the question without moving: the answer is read from its beginning.
    box.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  }
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
