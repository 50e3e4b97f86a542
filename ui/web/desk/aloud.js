// What is to be read aloud, asked of the assistant when a passage is opened, with its sources.

import { call } from "./api.js";
import { callerSaid } from "./caller.js";
import { $, el, link, say } from "./dom.js";
import { sourceLine, tied } from "./french.js";
import { blocksOf, citedBy, mailFor, sharedText, shortOf, spokenText } from "./reading.js";

const K = 8;

export class Aloud {
  reply = null;
  #asked = null;
  #running = null;
  #full = false;
  #profile = null;

  /** `onReply(reply, question)` is called for the last question only. */
  constructor(onReply) {
    this.onReply = onReply;
    $("judge").addEventListener("click", () => this.#judge($("reason").value));
  }

  /** Whether the very same was asked already. */
  has(question, profile, kinds) {
    return this.#asked === JSON.stringify([question, profile, kinds]);
  }

  /** Ask, unless the very same was asked; the last one asked wins. */
  async prepare(question, profile, kinds) {
    if (this.has(question, profile, kinds)) return;
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.#asked = JSON.stringify([question, profile, kinds]);
    this.#profile = profile;
    this.reply = null;
    this.#waiting();
    try {
      const body = { question, k: K, filters: { kind: kinds } };
      if (profile) body.profile = profile;
      const reply = await call("POST", "/v1/ask", body, running.signal);
      if (this.#running !== running) return;
      this.reply = reply;
      this.#show();
      say(this.#toHear(), { shown: false });
      this.onReply(reply, question);
    } catch (error) {
      if (error.name === "AbortError" || this.#running !== running) return;
      this.#asked = null;
      this.#tell(el("p", { class: "gap" }, `Pas de texte à lire : ${error.message}`));
      say(error.message, { shown: false });
    }
  }

  clear() {
    this.#running?.abort();
    this.#running = this.#asked = this.reply = null;
    $("aloud").hidden = true;
    $("text").replaceChildren();
    $("sources").replaceChildren();
    $("eligibility").replaceChildren();
  }

  get begun() {
    return this.#asked !== null;
  }

  set full(full) {
    this.#full = full;
    if (this.reply) this.#show();
  }

  /** What is shown, to paste elsewhere; null when there is nothing to say. */
  shared() {
    return this.reply?.sentences.length ? sharedText(this.reply, this.#blocks()) : null;
  }

  #blocks() {
    const all = blocksOf(this.reply);
    return this.#full ? all : shortOf(all);
  }

  #toHear() {
    if (this.reply.outcome === "abstained") return "Les documents ne répondent pas.";
    const missing = this.reply.unanswered.length ? ` Sans réponse : ${this.reply.unanswered.join(", ")}.` : "";
    return `À lire : ${spokenText(this.#blocks())}${missing}`;
  }

  #waiting() {
    this.#tell(el("p", { class: "note" }, "Lecture des documents…"));
  }

  #tell(...nodes) {
    $("aloud").hidden = false;
    for (const id of ["lengths", "copy", "mail", "mail-note"]) $(id).hidden = true;
    $("reason").parentElement.hidden = true;
    $("eligibility").replaceChildren();
    $("sources").replaceChildren();
    $("text").replaceChildren(...nodes);
  }

  #show() {
    const { reply } = this;
    if (reply.outcome === "abstained") return this.#showAbstained();
    const all = blocksOf(reply);
    const blocks = this.#blocks();
    $("aloud").hidden = false;
    $("lengths").hidden = shortOf(all).length === all.length && !reply.table;
    $("short").setAttribute("aria-pressed", String(!this.#full));
    $("full").setAttribute("aria-pressed", String(this.#full));
    for (const id of ["copy", "mail"]) $(id).hidden = false;
    this.#askToJudge();
    $("eligibility").replaceChildren(...this.#eligibility());
    const table = this.#full && reply.table ? [tableOf(reply.table)] : paragraphs(blocks);
    const gap = reply.unanswered.length
      ? [el("p", { class: "gap" }, `Pas trouvé dans les documents : ${reply.unanswered.map((part) => `« ${part} »`).join(", ")}.`)]
      : [];
    $("text").replaceChildren(...table, ...gap);
    $("sources").replaceChildren(
      el("h3", {}, "Sources"),
      el("ol", {}, citedBy(reply, blocks).map(source)),
    );
    const texts = [sharedText(reply, blocks), sharedText(reply, shortOf(all))];
    const mail = mailFor(reply.question, texts);
    $("mail").setAttribute("href", mail.address);
    $("mail-note").hidden = !mail.shortened;
    $("mail-note").textContent = "Trop long pour un courriel préparé : il est raccourci. Copiez le texte pour tout envoyer.";
  }

  #showAbstained() {
    const contact = this.reply.handoff?.contact;
    this.#tell(
      el("p", {}, "Les documents ne répondent pas à cette question."),
      el("p", { class: "note" }, "Les passages de la liste sont voisins, sans plus : mieux vaut rappeler ou transmettre que deviner."),
      ...(contact ? [el("p", { class: "note" }, `À qui transmettre : ${contact}.`)] : []),
    );
    $("eligibility").replaceChildren(...this.reply.notes.map((note) => el("p", {}, note.text)));
    this.#askToJudge();
  }

  #askToJudge() {
    $("reason").parentElement.hidden = false;
    if ($("reason").dataset.turn === this.reply.id) return;
    $("reason").dataset.turn = this.reply.id;
    $("reason").value = "";
  }

  #eligibility() {
    const { notes, applies_to } = this.reply;
    const said = [];
    const barred = notes.filter((note) => note.code === "not_for_asker");
    for (const note of barred) said.push(el("p", { class: "not" }, note.text));
    if (applies_to) said.push(el("p", {}, el("strong", {}, "Éligibilité : "), applies_to.text));
    else if (this.#profile) {
      const caller = callerSaid(this.#profile, { article: true });
      said.push(el("p", {}, el("strong", {}, "Éligibilité : "), `aucune source citée n’écarte ${caller}.`));
    }
    for (const note of notes) if (note.code !== "not_for_asker") said.push(el("p", {}, note.text));
    return said;
  }

  async #judge(reason) {
    if (!this.reply) return;
    if (!reason) return say("Choisissez d’abord un avis.");
    try {
      await call("POST", "/v1/feedback", { turn_id: this.reply.id, reason });
      say("Avis noté, merci.");
    } catch (error) {
      say(error.message);
    }
  }
}

const sourceId = (n) => `source-${n}`;
const markers = (citations) =>
  citations.flatMap((n) => ["\u00a0", el("a", { class: "cit", href: `#${sourceId(n)}`, "aria-label": `Source ${n}` }, `[${n}]`)]);

function paragraphs(blocks) {
  const made = [];
  for (const { text, citations, item } of blocks) {
    const last = made.at(-1);
    if (item) {
      const list = last?.tagName === "UL" ? last : el("ul");
      if (list !== last) made.push(list);
      list.append(el("li", {}, tied(text), markers(citations)));
    } else if (last?.tagName === "P" && !text.endsWith(":")) last.append(" ", tied(text), ...markers(citations));
    else made.push(el("p", {}, tied(text), markers(citations)));
  }
  return made;
}

function tableOf({ criteria, columns, cells }) {
  const heads = ["Critère", ...columns].map((name) => el("th", { scope: "col" }, name));
  const rows = criteria.map((criterion, row) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, criterion),
      columns.map((_, column) => {
        const { text, citations } = cells[row * columns.length + column];
        return el("td", {}, tied(text) || "Rien d’assez sûr trouvé.", markers(citations));
      }),
    ),
  );
  const table = el("table", {}, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, rows));
  return el("div", { class: "scrolled", tabindex: "0", role: "region", "aria-label": "Comparaison" }, table);
}

function source(citation) {
  return el(
    "li",
    { id: sourceId(citation.n), tabindex: "-1" },
    el("span", { class: "n" }, String(citation.n)),
    link(citation.link, citation.title) ?? el("span", {}, citation.title),
    el("p", { class: "facts" }, sourceLine(citation)),
    citation.warning ? el("p", { class: "care" }, citation.warning) : null,
    el("p", { class: "quote" }, tied(citation.quote)),
  );
}
