// The page of a phone operator: what is typed, found, opened and read aloud, in which order, and by which keys.

import { Aloud } from "./aloud.js";
import { call } from "./api.js";
import { CallForm } from "./call.js";
import { callerSaid, readCaller } from "./caller.js";
import { withQuestion, withTurn } from "./calls.js";
import { copy } from "./clipboard.js";
import { openKeys, openLog, openReport, prepareDialogs } from "./dialogs.js";
import { $, say, showTrouble } from "./dom.js";
import { KINDS, date } from "./french.js";
import { HitList } from "./hits.js";
import { sayKinds, showKinds, toggled } from "./kinds.js";
import { listenToKeys } from "./keys.js";
import { hidePassage, passageText, showPassage } from "./passage.js";
import { Search } from "./search.js";
import { keep, restored } from "./state.js";

const SETTLED_MS = 700;
const READY_AGAIN_MS = 3000;
const HINT = $("understood").textContent;

const list = new HitList(open);
const search = new Search(onHits, onTrouble);
const aloud = new Aloud(onReply);
const desk = { state: restored(), update, put, profile: () => readCaller($("caller").value).profile };
const form = new CallForm(desk);

let passage = null;
// Enter came before the passages, or a call came back with one open: what to open when they come.
let toOpen = null;
let settling = 0;

const words = () => $("query").value.trim();

function update(change) {
  Object.assign(desk.state, change);
  keep(desk.state);
}

/** Show a call: a new one, one taken back, or the one this tab had before a reload. */
function put(state) {
  desk.state = { ...state };
  keep(desk.state);
  passage = null;
  toOpen = state.opened ? { passage: state.opened } : null;
  search.forget();
  aloud.clear();
  hidePassage();
  $("query").value = state.question;
  $("caller").value = state.caller;
  form.show(state);
  aloud.full = state.full;
  showKinds(state.kinds, toggleKind);
  callerTyped();
  typed(true);
  // On a narrow screen the call before stood further down.
  scrollTo(0, 0);
  $("query").focus();
}

function typed(now = false) {
  showTrouble("");
  if (words().length < 2) {
    search.forget();
    clearTimeout(settling);
    list.show("", []);
    $("welcome").hidden = passage !== null || aloud.begun;
    return;
  }
  search.for(words(), desk.state.kinds, now);
}

function onHits(query, hits) {
  const said = list.show(query, hits);
  $("welcome").hidden = true;
  // Who listens hears the count once the typing rests, not at each key.
  clearTimeout(settling);
  settling = setTimeout(() => say(said, { shown: false }), SETTLED_MS);
  if (passage) list.markOpen(passage.id);
  const wanted = toOpen;
  toOpen = null;
  if (wanted === null) return;
  if (wanted.passage && !list.choose(wanted.passage)) prepareReading();
  else list.open();
}

function onTrouble(error) {
  toOpen = null;
  showTrouble(error.message);
}

function entered() {
  if (words().length < 2) return;
  if (search.pending(words(), desk.state.kinds)) {
    toOpen = {};
    typed(true);
  } else if (list.hits.length) list.open();
  else prepareReading();
}

function open(found) {
  passage = found;
  clearTimeout(settling);
  showPassage(found, words());
  $("copy-passage").addEventListener("click", copyPassage);
  list.markOpen(found.id);
  update({ opened: found.id, passages: [...new Set([...desk.state.passages, found.id])] });
  // The text to read aloud answers the question, whichever passage is open: a second one is opened for itself.
  const second = aloud.has(words(), desk.profile(), desk.state.kinds);
  prepareReading();
  if (second) $("passage").scrollIntoView({ block: "nearest" });
  else $("reading").scrollTo({ top: 0 });
  // On a narrow screen, or zoomed, what is opened stands below the list.
  if (!second && $("aloud").getBoundingClientRect().top > innerHeight - 120) $("aloud").scrollIntoView();
}

function prepareReading() {
  $("welcome").hidden = true;
  update({ asked: withQuestion(desk.state.asked, words()) });
  aloud.prepare(words(), desk.profile(), desk.state.kinds);
}

function onReply(reply, question) {
  const kept = !reply.notes.some((note) => note.code === "not_kept");
  if (kept) update({ asked: withTurn(desk.state.asked, question, reply.id) });
}

function callerTyped() {
  const { profile, unknown } = readCaller($("caller").value);
  const said = [profile && `Compris : ${callerSaid(profile)}.`, unknown.length && `Pas compris : ${unknown.join(" ")}.`];
  $("understood").textContent = said.filter(Boolean).join(" ") || HINT;
  $("understood").className = unknown.length ? "facts doubt" : profile ? "facts known" : "facts";
  update({ caller: $("caller").value });
}

function callerSet() {
  if ($("caller").value.trim()) say($("understood").textContent, { shown: false });
  if (aloud.begun) prepareReading();
}

function toggleKind(code) {
  update({ kinds: toggled(desk.state.kinds, code) });
  showKinds(desk.state.kinds, toggleKind);
  if (!$("kinds").contains(document.activeElement)) sayKinds(desk.state.kinds);
  typed(true);
}

async function copyReading() {
  const text = aloud.shared();
  if (text === null) return copyPassage();
  say((await copy(text)) ? "Copié avec les sources." : "La copie a été refusée par le navigateur.");
}

async function copyPassage() {
  if (passage === null) return say("Rien à copier : ouvrez d’abord un passage.");
  say((await copy(passageText(passage))) ? "Passage copié avec sa source." : "La copie a été refusée par le navigateur.");
}

function sendMail() {
  if (aloud.shared() === null) return say("Rien à envoyer : aucun texte à lire.");
  $("mail").click();
}

function setFull(full) {
  update({ full });
  aloud.full = full;
  if (aloud.shared() !== null) say(full ? "Version complète" : "Version courte", { shown: false });
}

function focusCaller() {
  $("caller").focus();
  $("caller").select();
}

function backToSearch() {
  $("query").focus();
  $("query").select();
}

function inSearch(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "ArrowDown") list.move(1);
  else if (event.key === "ArrowUp") list.move(-1);
  else if (event.key === "PageDown" || event.key === "PageUp") turnPage(event.key === "PageDown" ? 1 : -1);
  else if (event.key === "Enter") entered();
  else if (event.key === "?" && $("query").value === "") openKeys();
  else return;
  event.preventDefault();
}

function turnPage(way) {
  const pane = $("reading");
  const scrolls = pane.scrollHeight > pane.clientHeight;
  (scrolls ? pane : window).scrollBy({ top: way * 0.8 * (scrolls ? pane.clientHeight : innerHeight) });
}

/** The documents' date, or how far their preparation is. */
async function sayAge() {
  try {
    const { corpus } = await call("GET", "/readyz");
    const age = corpus.newest ? `à jour au ${date(corpus.newest)}` : "sans date connue";
    $("machine").textContent = `Réponses d’une machine, à vérifier. Documents ${age}.`;
  } catch (error) {
    showTrouble(error.message);
    setTimeout(() => sayAge().then(() => typed(true)), READY_AGAIN_MS);
  }
}

$("query").addEventListener("input", () => {
  update({ question: $("query").value });
  typed();
});
$("query").addEventListener("keydown", inSearch);
$("caller").addEventListener("input", callerTyped);
$("caller").addEventListener("change", callerSet);
$("caller").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.ctrlKey) backToSearch();
});
$("copy").addEventListener("click", copyReading);
$("short").addEventListener("click", () => setFull(false));
$("full").addEventListener("click", () => setFull(true));
prepareDialogs();
listenToKeys({
  escape: backToSearch,
  f2: focusCaller,
  f8: () => form.focusOutcomes(),
  "ctrl+enter": () => form.save(),
  "alt+g": () => $("aloud-title").focus(),
  "alt+l": () => setFull(!desk.state.full),
  "alt+c": copyReading,
  "alt+x": copyPassage,
  "alt+u": sendMail,
  "alt+v": () => $("see")?.click(),
  "alt+n": () => $("note").focus(),
  "alt+p": () => form.park(),
  "alt+r": () => form.clear(),
  "alt+t": () => $("waiting-calls").querySelector("button")?.focus(),
  "alt+j": openLog,
  "alt+b": openReport,
  "alt+k": openKeys,
  "alt+0": () => toggleKind(""),
  ...Object.fromEntries(KINDS.map(([code], place) => [`alt+${place + 1}`, () => toggleKind(code)])),
});
put(desk.state);
sayAge();
form.showWaiting();
