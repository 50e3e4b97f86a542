// Calls as the API keeps them: recorded, put on hold, taken back, listed, counted.

import { address, call } from "./api.js";

// The API takes no more of each at once.
const MOST = 100;

/** What the caller asked first, or what is typed when nothing was asked. */
export const questionOf = (state) => state.asked[0]?.question ?? state.question.trim();

/** `asked` with one more question, unless it is there. */
export const withQuestion = (asked, question) =>
  asked.some((one) => one.question === question) ? asked : [...asked, { question, turn: null }];

/** `asked` with the reply to a question; a second one to the same is kept beside the first. */
export function withTurn(asked, question, turn) {
  const place = asked.findIndex((one) => one.question === question && one.turn === null);
  return place < 0 ? [...asked, { question, turn }] : asked.map((one, at) => (at === place ? { question, turn } : one));
}

/** All that was looked up, the words on screen too: their passages were seen without a key. */
function lookedUp(state) {
  const typed = state.question.trim();
  const asked = typed.length < 2 ? state.asked : withQuestion(state.asked, typed);
  const told = asked.slice(-MOST).map(({ question, turn }) => (turn ? { question, turn_id: turn } : { question }));
  return { asked: told, passages: state.passages.slice(-MOST) };
}

/** What was said of it; what is empty is told too, for it may have been taken back. */
function said(state) {
  const number = state.outcome === "a_rappeler" && state.callback.trim();
  return { outcome: state.outcome || null, note: state.note.trim(), callback_number: number || null };
}

/**
 * Record it, ended or on hold. Gives the call as it is kept.
 *
 * The server adds what was looked up to what it holds: telling it again after a call was taken back does no harm.
 */
export async function record(state, profile, parked) {
  const body = { ...lookedUp(state), ...said(state), profile, parked };
  const send = (told) =>
    state.id
      ? call("PATCH", `/v1/calls/${encodeURIComponent(state.id)}`, told)
      : call("POST", "/v1/calls", { ...told, question: questionOf(state) });
  try {
    return await send(body);
  } catch (error) {
    // A reply may not be kept any more: a call without it is better than no call.
    if (error.status !== 404 || !body.asked.some((one) => one.turn_id)) throw error;
    return send({ ...body, asked: body.asked.map(({ question }) => ({ question })) });
  }
}

/** The questions of a call as it is kept, one a line. */
export const questionsOf = (kept) => kept.question.split("\n").filter((line) => line);

export const setOutcome = (id, outcome) => call("PATCH", `/v1/calls/${encodeURIComponent(id)}`, { outcome });

export const parkedCalls = async () => (await call("GET", address("/v1/calls", { parked: "true" }))).calls;
export const callsOf = async (day) => (await call("GET", address("/v1/calls", { day }))).calls;
export const reportOf = (month) => call("GET", address("/v1/calls/report", { month }));
