// What is known of the call on the line, kept in this tab only: a reload or a login must lose nothing.

const CURRENT = "poste.appel";
const PARKED = "poste.attente";

/** `question` is what stands in the search box, `asked` what was last asked of the assistant, `turn` its reply. */
export const fresh = () => ({
  id: null,
  question: "",
  asked: "",
  caller: "",
  kinds: [],
  opened: null,
  passages: [],
  turn: null,
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

export const restored = () => ({ ...fresh(), ...read(CURRENT, {}) });
export const keep = (state) => write(CURRENT, state);

/** The words of a parked call as they were typed; the server gives them back masked. */
export const keepParked = (id, state) => write(PARKED, { ...read(PARKED, {}), [id]: { ...state, id } });

export function takeParked(id) {
  return read(PARKED, {})[id] ?? null;
}

export function dropParked(id) {
  const { [id]: _, ...others } = read(PARKED, {});
  write(PARKED, others);
}
