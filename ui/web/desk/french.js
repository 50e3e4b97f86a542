// French names of what the API says by codes, and dates as people read them.

export const KINDS = [
  ["regle", "Règles", "règle"],
  ["role", "Rôles", "rôle"],
  ["methode", "Méthodes", "méthode"],
  ["appui", "Appuis", "appui"],
  ["experience", "Expériences", "expérience"],
  ["etude", "Études", "étude"],
  ["publication", "Publications", "publication"],
];
export const OUTCOMES = {
  repondu: "répondu",
  a_rappeler: "à rappeler",
  transmis: "transmis",
  sans_reponse: "sans réponse",
};
const MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ");

/** "2025-12-22" → "22 décembre 2025", "2025-12" → "décembre 2025"; anything else as unknown. */
export function date(published) {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(published ?? "");
  if (parts === null) return "date inconnue";
  const [, year, month, day] = parts;
  if (!month || !MONTHS[month - 1]) return year;
  return `${day ? `${day === "01" ? "1er" : Number(day)} ` : ""}${MONTHS[month - 1]} ${year}`;
}

/** The hour of an instant, "14 h 05"; an empty text of none. */
export function hour(instant) {
  const at = new Date(instant ?? "");
  if (Number.isNaN(at.getTime())) return "";
  return `${at.getHours()} h ${String(at.getMinutes()).padStart(2, "0")}`;
}

/** The day here, "2026-11-22": midnight in Paris is not midnight in UTC. */
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export function sourceLine({ publisher, published, kind, locator }) {
  return [publisher, date(published), KINDS.find(([code]) => code === kind)?.[2] ?? kind, locator?.label].filter(Boolean).join(" · ");
}

/** The same text, of the same length, whose numbers and signs no longer part at the end of a line. */
export function tied(text) {
  return text.replace(/ (?=[:;!?»%€])|(?<=«) |(?<=\d) (?=\d{3}(?!\d))/g, "\u00a0");
}

export function counted(number, word) {
  return `${number} ${word}${number > 1 ? "s" : ""}`;
}

/** "800" → "800", "12000" → "12 000". */
export function thousands(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
