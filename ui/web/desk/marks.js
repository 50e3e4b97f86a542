// Words of the query found again in a text, whatever their accents, capitals or plural.

import { tied } from "./french.js";

const EMPTY = new Set(
  ("le la les l un une entre des de du d et ou a au aux en y dans par pour sur avec sans sous qui que quoi qu dont ce cet " +
    "cette ces se sa son ses est sont il elle on nous vous ils elles ne pas n s c j m t je mon ma mes notre nos votre vos " +
    "leur leurs comment quel quelle quels quelles peut peuvent faut etre avoir fait faire").split(" "),
);
const WORD = /[\p{L}\p{N}]+/gu;
const LETTERS = { œ: "oe", æ: "ae", ß: "ss" };

const folded = (text) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[œæß]/g, (letter) => LETTERS[letter]);

const stem = (word) => (word.length > 3 ? word.replace(/(?:es|s|x|e)$/, "") : word);

/** The words of a query that are worth a mark; the last one may still be unfinished. */
export function wordsOf(query) {
  const all = (query.normalize("NFC").match(WORD) ?? []).map(folded);
  const words = all.filter((word) => word.length > 1 && !EMPTY.has(word));
  const unfinished = /[\p{L}\p{N}]$/u.test(query) ? all.at(-1) : undefined;
  return words.map((word) => ({ word, stem: stem(word), unfinished: word === unfinished && word.length > 2 }));
}

function matches(found, { word, stem: wanted, unfinished }) {
  if (found === word || stem(found) === wanted) return true;
  if (unfinished && found.startsWith(word)) return true;
  const [short, long] = found.length < word.length ? [found, word] : [word, found];
  return short.length >= 5 && long.length - short.length <= 3 && long.startsWith(stem(short));
}

/** [start, end] of each word of the text that the query holds, in order. */
export function spans(text, words) {
  const found = [];
  for (const match of text.matchAll(WORD)) {
    const which = words.findIndex((word) => matches(folded(match[0]), word));
    if (which >= 0) found.push([match.index, match.index + match[0].length, which]);
  }
  return found;
}

/** Texts and <mark> elements that hold the whole text. */
export function marked(given, words) {
  const text = tied(given);
  const nodes = [];
  let at = 0;
  for (const [start, end] of spans(text, words)) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    nodes.push(text.slice(at, start), mark);
    at = end;
  }
  return [...nodes, text.slice(at)];
}

/** The piece of a long text where most of the words stand, cut between words. */
export function glimpse(text, words, size = 260) {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat.length <= size) return flat;
  const found = spans(flat, words);
  let [best, most] = [0, 0];
  for (const [start] of found) {
    const inside = found.filter(([from, to]) => from >= start && to <= start + size - 40);
    const different = new Set(inside.map(([, , which]) => which)).size;
    if (different > most) [best, most] = [start, different];
  }
  const from = best <= 40 ? 0 : flat.lastIndexOf(" ", best - 30) + 1;
  const to = from + size >= flat.length ? flat.length : flat.lastIndexOf(" ", from + size);
  return `${from > 0 ? "… " : ""}${flat.slice(from, to)}${to < flat.length ? " …" : ""}`;
}
