// Calls to the API. What goes wrong comes back as a Trouble, its message in French and fit to be shown.

export class Trouble extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

const SILENT = "Le service ne répond pas. Rien de ce qui est écrit n’est perdu : réessayez dans un instant.";
const LOGIN = "/connexion?suite=/poste";

/** The body of the answer. Raises Trouble, or AbortError when `signal` was aborted. */
export async function call(method, path, body = undefined, signal = undefined) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      signal,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble(SILENT);
  }
  // What was typed is already in sessionStorage, which the login page leaves alone.
  if (answer.status === 401) {
    location.assign(LOGIN);
    throw new Trouble("Votre session est finie : reconnectez-vous.", 401);
  }
  const told = await answer.json().catch(() => null);
  if (answer.ok) return told;
  const detail = typeof told?.detail === "string" ? told.detail : SILENT;
  throw new Trouble(detail, answer.status);
}

/** `path` with those of `values` that say something. */
export function address(path, values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}
