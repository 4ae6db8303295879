// What has been said and filled in a call, polled from the server.

const EVERY_MS = 400;
const PATIENT_TRIES = 5; // failures in a row before the reader is told
const ONLOOKERS = new BroadcastChannel("mitan-call"); // pages of this browser that follow the call, such as the flow
const LAST_TRIES = 25; // looks after the end of the call (10 s), until the conversation is closed as well

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Transcript {
  /** `on` has the handlers `turns(list)`, `state(snapshot)` and `trouble(bool)`. */
  constructor(call, on) {
    this.url = new URL(`../calls/${encodeURIComponent(call)}`, import.meta.url);
    this.on = on;
    this.after = 0;
    this.tag = "";
    this.left = Infinity;
    this.stopped = false;
    this.failures = 0;
    this.#run();
  }

  /** The call is over: look a few times more for its last words. */
  finish() {
    this.left = Math.min(this.left, LAST_TRIES);
  }

  /** Another call begins: no more. */
  stop() {
    this.stopped = true;
  }

  async #run() {
    for (; this.left > 0 && !this.stopped; this.left -= 1) {
      await this.#look();
      await pause(EVERY_MS * Math.min(8, 1 + this.failures));
    }
    if (!this.stopped) this.on.trouble(false);
  }

  async #look() {
    try {
      this.url.searchParams.set("after", this.after);
      const response = await fetch(this.url, { cache: "no-store", headers: { "If-None-Match": this.tag } });
      if (response.status === 200) this.#take(await response.json(), response.headers.get("ETag"));
      // 404 for a while is ordinary: the call rings before its conversation begins
      else if (![304, 404].includes(response.status)) throw new Error(response.statusText);
      this.failures = 0;
    } catch {
      this.failures += 1;
    }
    if (!this.stopped) this.on.trouble(this.failures >= PATIENT_TRIES);
  }

  #take(snapshot, tag) {
    if (this.stopped) return;
    const fresh = snapshot.turns.filter((turn) => turn.seq > this.after);
    this.after = Math.max(this.after, ...fresh.map((turn) => turn.seq));
    this.tag = fresh.length ? "" : (tag ?? ""); // the next address differs: its answer has another tag
    this.on.turns(fresh);
    this.on.state(snapshot);
    ONLOOKERS.postMessage({ node: snapshot.node, ended: snapshot.ended });
    // A conversation that was handed over may be given back to the bot: only the end of the call is final.
    if (snapshot.ended && this.left < Infinity) this.left = 0;
  }
}
