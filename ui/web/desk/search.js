// Passages at each key: one request at a time, the last one typed wins.

import { call } from "./api.js";

const PAUSE_MS = 50;
const HITS = 8;

export class Search {
  #timer = 0;
  #running = null;
  #asked = null;

  /** `onHits(query, hits)` and `onTrouble(error)` are called for the last query only. */
  constructor(onHits, onTrouble) {
    this.onHits = onHits;
    this.onTrouble = onTrouble;
  }

  /** Search shortly, or at once when `now`. Asking for what is already on its way, or there, does nothing. */
  for(query, kinds, now = false) {
    const wanted = JSON.stringify([query, kinds]);
    clearTimeout(this.#timer);
    if (wanted === this.#asked) return;
    this.#running?.abort();
    this.#running = null;
    if (now) this.#start(wanted, query, kinds);
    else this.#timer = setTimeout(() => this.#start(wanted, query, kinds), PAUSE_MS);
  }

  /** Whether the passages on screen are not yet those of what is typed. */
  pending(query, kinds) {
    return this.#running !== null || JSON.stringify([query, kinds]) !== this.#asked;
  }

  forget() {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = this.#asked = null;
  }

  async #start(wanted, query, kinds) {
    const running = (this.#running = new AbortController());
    this.#asked = wanted;
    try {
      // Not in the address, which proxies and servers write in their logs.
      const asked = { query, k: HITS, filters: { kind: kinds } };
      const { hits } = await call("POST", "/v1/search", asked, running.signal);
      if (this.#running !== running) return;
      this.#running = null;
      this.onHits(query, hits);
    } catch (error) {
      if (this.#running !== running) return;
      this.#running = this.#asked = null;
      this.onTrouble(error);
    }
  }
}
