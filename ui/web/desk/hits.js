// The list of passages: the search box keeps the focus, the arrows move in the list.

import { $, el } from "./dom.js";
import { counted, sourceLine } from "./french.js";
import { glimpse, marked, wordsOf } from "./marks.js";
import { belowHeading, pageOf } from "./passage.js";

export class HitList {
  hits = [];
  #active = 0;

  constructor(onOpen) {
    this.onOpen = onOpen;
    $("hits").addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option === null) return;
      this.#activate([...$("hits").children].indexOf(option));
      this.open();
    });
  }

  show(query, hits) {
    const words = wordsOf(query);
    this.hits = hits;
    this.#active = 0;
    $("hits").replaceChildren(...hits.map(({ passage }, place) => option(passage, place, words)));
    $("hits").hidden = hits.length === 0;
    $("query").setAttribute("aria-expanded", String(hits.length > 0));
    $("query").removeAttribute("aria-activedescendant");
    $("count").textContent = hits.length ? `(${hits.length})` : "";
    $("nothing").textContent = hits.length || !query ? "" : "Aucun passage. Essayez d’autres mots, ou tous les genres (Alt+0).";
    if (hits.length) this.#activate(0, { quiet: true });
    return hits.length ? counted(hits.length, "passage") : "Aucun passage";
  }

  move(step) {
    if (this.hits.length === 0) return;
    this.#activate((this.#active + step + this.hits.length) % this.hits.length);
  }

  open() {
    const hit = this.hits[this.#active];
    if (hit) this.onOpen(hit.passage);
  }

  /** Put the active line on a passage, if it is among the hits. */
  choose(passageId) {
    const place = this.hits.findIndex((hit) => hit.passage.id === passageId);
    if (place >= 0) this.#activate(place, { quiet: true });
    return place >= 0;
  }

  markOpen(passageId) {
    [...$("hits").children].forEach((line, place) => line.classList.toggle("open", this.hits[place].passage.id === passageId));
  }

  /** `quiet`: nothing is said, for it is the person who types who is to be heard. */
  #activate(place, { quiet = false } = {}) {
    this.#active = place;
    [...$("hits").children].forEach((line, at) => line.setAttribute("aria-selected", String(at === place)));
    const line = $("hits").children[place];
    if (quiet) return;
    $("query").setAttribute("aria-activedescendant", line.id);
    line.scrollIntoView({ block: "nearest" });
  }
}

function option(passage, place, words) {
  const id = `hit-${place}`;
  const heading = passage.heading.at(-1) ?? passage.title;
  // A question says by itself what the passage is about; « En bref » needs the name of its document.
  const alone = heading.endsWith("?") && heading !== passage.title;
  const title = alone ? heading : [...new Set([passage.title, heading])].join(" › ");
  const facts = [alone ? passage.title : "", sourceLine({ ...passage, locator: pageOf(passage) })];
  return el(
    "li",
    { role: "option", id, "aria-selected": "false", "aria-labelledby": `${id}-t ${id}-f` },
    el("p", { class: "title", id: `${id}-t` }, marked(title, words)),
    el("p", { class: "facts", id: `${id}-f` }, facts.filter(Boolean).join(" · ")),
    el("p", { class: "excerpt" }, marked(glimpse(belowHeading(passage), words), words)),
  );
}
