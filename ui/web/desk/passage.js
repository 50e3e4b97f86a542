// The opened passage: where it comes from, how old it is, its words.

import { address, call } from "./api.js";
import { $, el, lines, link } from "./dom.js";
import { date, sourceLine, today } from "./french.js";
import { marked, wordsOf } from "./marks.js";

const documents = new Map();

/** Shows it at once; the warning about its age comes with what is known of its document. */
export function showPassage(passage, query) {
  const words = wordsOf(query);
  const care = el("p", { class: "care", id: "passage-care", hidden: true });
  const place = link(passage.link, `Voir le document (${passage.locator.label || "origine"})`, { class: "button", id: "see" });
  const path = passage.heading.filter((heading) => heading !== passage.title);
  const twins = [...new Set(passage.also_in.map((twin) => twin.title))];
  $("passage").replaceChildren(
    ...[
      el("h2", { id: "passage-title" }, passage.title),
      el("p", { class: "facts" }, sourceLine({ ...passage, locator: pageOf(passage) })),
      path.length ? el("p", { class: "facts" }, path.join(" › ")) : null,
      care,
      el("div", { class: "body" }, lines(belowHeading(passage), (line) => marked(line, words))),
      twins.length ? el("p", { class: "facts" }, `Aussi dans : ${twins.join(", ")}`) : null,
      el(
        "div",
        { class: "tools" },
        el("button", { type: "button", id: "copy-passage", "aria-keyshortcuts": "Alt+X" }, "Copier ce passage ", el("kbd", {}, "Alt+X")),
        place ?? el("span", { class: "facts" }, `Document : ${passage.source}`),
      ),
    ].filter((part) => part !== null),
  );
  place?.append(" ", el("kbd", {}, "Alt+V"));
  place?.setAttribute("aria-keyshortcuts", "Alt+V");
  place?.append(el("span", { class: "hidden" }, " (nouvel onglet)"));
  $("passage").hidden = false;
  warn(passage, care);
}

/** Its words without the heading they begin with, which stands above them already. */
export function belowHeading({ text, title, heading }) {
  const first = heading.at(-1) ?? title;
  return (text.startsWith(first) && text.slice(first.length).trim()) || text;
}

/** The name of a section is its heading, told already; a page or a slide is told. */
export const pageOf = ({ locator }) => (locator.type === "section" ? null : locator);

export function hidePassage() {
  $("passage").replaceChildren();
  $("passage").hidden = true;
}

async function warn(passage, care) {
  const facts = await factsOf(passage.document_id).catch(() => null);
  const said = facts && warning(facts, today());
  if (!said || !care.isConnected) return;
  care.textContent = said;
  care.hidden = false;
}

/** The facts of a document without its passages; a failure is not remembered. */
function factsOf(id) {
  if (!documents.has(id)) {
    const asked = call("GET", address(`/v1/documents/${encodeURIComponent(id)}`, {})).then(
      ({ kind, review_by, superseded_by }) => ({ kind, review_by, superseded_by }),
    );
    asked.catch(() => documents.delete(id));
    documents.set(id, asked);
  }
  return documents.get(id);
}

/** As replies say it of their citations; `day` is "YYYY-MM-DD", and « 2027 » holds until its last day. */
export function warning({ kind, review_by, superseded_by }, day) {
  if (superseded_by) return `Ce document est remplacé par « ${superseded_by} ».`;
  const past = kind === "regle" && review_by && day.slice(0, review_by.length) > review_by;
  return past ? `Règle à relire depuis ${date(review_by)} : elle a pu changer.` : null;
}

/** A passage and where it comes from, as one pastes it elsewhere. */
export function passageText(passage) {
  return [passage.text, "", `Source : ${citedLine(passage)}`].join("\n");
}

export function citedLine(source) {
  const where = source.link?.startsWith("/") ? new URL(source.link, location.origin).href : source.link;
  return [`${source.title} (${sourceLine(source)})`, where].filter(Boolean).join(" – ");
}
