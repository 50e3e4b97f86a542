// Who calls, in a few letters: « 800 c », « 12 000 epci », « 3k n d39 ».

import { thousands } from "./french.js";

const TYPES = {
  commune: ["c", "com", "commune"],
  commune_nouvelle: ["n", "cn", "nouvelle"],
  epci: ["e", "epci", "cc", "ca", "cu", "interco"],
  petr: ["p", "petr", "pays"],
  pnr: ["r", "pnr", "parc"],
  autre: ["a", "autre"],
};
const NAMES = {
  commune: ["une", "commune"],
  commune_nouvelle: ["une", "commune nouvelle"],
  epci: ["une", "intercommunalité"],
  petr: ["un", "PETR"],
  pnr: ["un", "parc naturel régional"],
  autre: ["un", "autre organisme"],
};

/** `profile` as POST /v1/ask takes it, null when nothing is said; `unknown`: what was not understood. */
export function readCaller(typed) {
  const profile = {};
  const unknown = [];
  // « 12 000 » and « 12.000 » are one number, « 800c » a number and a letter.
  const said = typed
    .toLowerCase()
    .replace(/commune\s+nouvelle/g, "cn")
    .replace(/(\d)[\s.\u00a0\u202f](?=\d{3}(?!\d))/g, "$1")
    .replace(/\b(\d+)([a-z])/g, (whole, number, letter) => (whole === "2a" || whole === "2b" ? whole : `${number} ${letter}`))
    .replace(/\bd\s*(2[ab]|\d{2,3})\b/g, "d$1")
    .split(/[\s,;]+/)
    .filter((word) => word && !["h", "hab", "habitants", "habs"].includes(word));
  for (const word of said) {
    const type = Object.keys(TYPES).find((name) => TYPES[name].includes(word));
    const departement = /^d(2[ab]|\d{2,3})$|^(2[ab])$/.exec(word);
    if (type && !profile.type) profile.type = type;
    else if (word === "k" && profile.population) profile.population *= 1000;
    else if (departement) profile.departement = (departement[1] ?? departement[2]).toUpperCase();
    else if (/^\d{1,8}$/.test(word) && profile.population === undefined) profile.population = Number(word);
    else if (/^\d{2,3}$/.test(word) && !profile.departement) profile.departement = word;
    else unknown.push(word);
  }
  return { profile: Object.keys(profile).length ? profile : null, unknown };
}

/** "commune de 800 habitants (département 39)"; "une commune…" with its article. */
export function callerSaid(profile, { article = false } = {}) {
  if (!profile) return "";
  const [before, name] = NAMES[profile.type] ?? ["une", "collectivité"];
  const people = profile.population === undefined ? "" : ` de ${thousands(profile.population)} habitants`;
  const place = profile.departement ? ` (département ${profile.departement})` : "";
  return `${article ? `${before} ` : ""}${name}${people}${place}`;
}

/** What to type to say a profile again. */
export function typedFor(profile) {
  if (!profile) return "";
  const { population, type, departement } = profile;
  return [population, type && TYPES[type]?.[0], departement && `d${departement}`].filter((part) => part != null).join(" ");
}
