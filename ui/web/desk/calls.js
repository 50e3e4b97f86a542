// Calls as the API keeps them: recorded, put on hold, taken back, listed, counted.

import { address, call } from "./api.js";

/** What the caller asked: what was looked for last, or what is typed when nothing was. */
export const questionOf = (state) => (state.asked || state.question).trim();

/** The body of POST /v1/calls for a call on the line; what is empty is left out. */
function bodyOf(state, profile) {
  const body = { question: questionOf(state), passages: state.passages };
  if (state.turn) body.turn_id = state.turn;
  if (profile) body.profile = profile;
  return { ...body, ...said(state) };
}

function said(state) {
  const body = {};
  if (state.outcome) body.outcome = state.outcome;
  if (state.note.trim()) body.note = state.note.trim();
  if (state.outcome === "a_rappeler" && state.callback.trim()) body.callback_number = state.callback.trim();
  return body;
}

/** Record it, ended or on hold. Gives the call as it is kept. */
export async function record(state, profile, parked) {
  if (state.id) return call("PATCH", `/v1/calls/${encodeURIComponent(state.id)}`, { ...said(state), parked });
  const body = { ...bodyOf(state, profile), ...(parked ? { parked } : {}) };
  try {
    return await call("POST", "/v1/calls", body);
  } catch (error) {
    // The reply may not be kept any more, or never was: a call without it is better than no call.
    if (error.status !== 404 || !body.turn_id) throw error;
    return call("POST", "/v1/calls", { ...body, turn_id: undefined });
  }
}

export const setOutcome = (id, outcome) => call("PATCH", `/v1/calls/${encodeURIComponent(id)}`, { outcome });

export const parkedCalls = async () => (await call("GET", address("/v1/calls", { parked: "true" }))).calls;
export const callsOf = async (day) => (await call("GET", address("/v1/calls", { day }))).calls;
export const reportOf = (month) => call("GET", address("/v1/calls/report", { month }));
