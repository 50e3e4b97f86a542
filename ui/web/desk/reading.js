// A reply as something to read aloud: two sentences, or all of it; and the same to paste or send.

import { citedLine } from "./passage.js";

const SPOKEN = 2;
const MAIL_LENGTH = 1900;
const CARE = "Texte tiré de documents et assemblé par une machine : à vérifier.";

/**
 * The sentences of a reply as blocks { text, citations, item }, in order.
 *
 * Which ones are items of a list, only the joined answer says, by a dash at the beginning of their line.
 */
export function blocksOf(reply) {
  let from = 0;
  return reply.sentences.map(({ text, citations }) => {
    const at = reply.answer.indexOf(text, from);
    if (at >= 0) from = at + text.length;
    return { text, citations, item: at >= 2 && reply.answer.slice(at - 2, at) === "- " };
  });
}

/** At most two sentences; one that announces a list takes the list along, for it says nothing without it. */
export function shortOf(blocks) {
  const groups = [];
  for (const block of blocks) {
    const announced = block.item && groups.at(-1)?.[0].text.trimEnd().endsWith(":");
    if (announced) groups.at(-1).push(block);
    else groups.push([block]);
  }
  return groups.slice(0, SPOKEN).flat();
}

/** Blocks as paragraphs of text: sentences in a row, items each on a line. */
function plain(blocks) {
  let text = "";
  let after = false;
  for (const { text: said, citations, item } of blocks) {
    if (text) text += item || after || said.endsWith(":") ? "\n" : " ";
    text += (item ? "- " : "") + said + citations.map((n) => ` [${n}]`).join("");
    after = item;
  }
  return text;
}

/** What one reads aloud or hears: no numbers of sources. */
export function spokenText(blocks) {
  return plain(blocks.map((block) => ({ ...block, citations: [] })));
}

/** The citations these blocks use, in the order of their numbers. */
export function citedBy(reply, blocks) {
  const used = new Set(blocks.flatMap((block) => block.citations));
  return reply.citations.filter((citation) => used.has(citation.n));
}

/** To paste: the words with their numbers, what is missing, the sources. */
export function sharedText(reply, blocks) {
  const missing = reply.unanswered.length
    ? ["", `Non trouvé dans les documents : ${reply.unanswered.map((part) => `« ${part} »`).join(", ")}.`]
    : [];
  const warnings = (citation) => (citation.warning ? ` – ${citation.warning}` : "");
  const sources = citedBy(reply, blocks).map((one) => `[${one.n}] ${citedLine(one)}${warnings(one)}`);
  return [plain(blocks), ...missing, "", "Sources :", ...sources, "", CARE].join("\n");
}

/**
 * A mailto: address, and whether it had to be shortened: mail programs drop the end of long ones.
 */
export function mailFor(question, texts) {
  const subject = `Votre question : ${question}`.slice(0, 120);
  const address = (text) => {
    const body = `Bonjour,\n\n${text}\n`.replace(/\n/g, "\r\n");
    return `mailto:?subject=${encodeURIComponent(wellFormed(subject))}&body=${encodeURIComponent(wellFormed(body))}`;
  };
  const fitting = texts.find((text) => address(text).length <= MAIL_LENGTH);
  if (fitting !== undefined) return { address: address(fitting), shortened: fitting !== texts[0] };
  return { address: address("(Collez ici le texte copié avec ses sources.)"), shortened: true };
}

// Half of a character cut in two, or a lone surrogate of a document, would make encodeURIComponent raise.
const wellFormed = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
