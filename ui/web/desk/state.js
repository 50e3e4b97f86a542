// What is known of the call on the line, kept in this tab only: a reload or a login must lose nothing.

const CURRENT = "poste.appel";
const PARKED = "poste.attente";

/** `question` is what stands in the search box, `asked` all that was asked of the assistant: { question, turn } each. */
export const fresh = () => ({
  id: null,
  question: "",
  asked: [],
  caller: "",
  kinds: [],
  opened: null,
  passages: [],
  full: false,
  outcome: "",
  note: "",
  callback: "",
});

function read(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser may refuse to keep anything: the page works without.
  }
}

export function restored() {
  const state = { ...fresh(), ...read(CURRENT, {}) };
  // An earlier version of the page kept the last question alone.
  return Array.isArray(state.asked) ? state : { ...state, asked: [] };
}
export const keep = (state) => write(CURRENT, state);

/** The words of a parked call as they were typed; the server, which gave `kept`, gives them back masked. */
export const keepParked = (kept, state) =>
  write(PARKED, { ...read(PARKED, {}), [kept.id]: { kept: JSON.stringify(kept), state } });

/** Those words, unless the call was changed elsewhere since: what the server holds is newer then. */
export function takeParked(kept) {
  const parked = read(PARKED, {})[kept.id];
  return parked?.kept === JSON.stringify(kept) ? parked.state : null;
}

export function dropParked(id) {
  const { [id]: _, ...others } = read(PARKED, {});
  write(PARKED, others);
}
