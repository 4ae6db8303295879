// A telephone that is called: an agent's, or a citizen's who waits for a call. It waits to be called, rings, and takes the call or refuses it.

import { Call } from "./call.js";
import { Line } from "./line.js";
import { Ring } from "./ring.js";
import { word } from "./words.js";

const AGAIN_MS = 2000; // before a lost line is opened again

export class Standby {
  /** `phone` has the `address` that is called, `ask()` for the token that proves it, and at which `host` (ws://…) the
   * exchange is, if not here; `microphone()` says whether to speak with one, and `refused()` is told when the exchange
   * does not take it. */
  constructor(view, phone) {
    this.view = view;
    this.phone = phone;
    this.call = null;
    this.device = ""; // the microphone's
    this.ring = new Ring();
    this.#open();
  }

  get rings() {
    return this.caller !== undefined;
  }

  async #open() {
    const token = await this.phone.ask();
    if (this.stopped) return;
    if (!token) return this.#lost(token === null ? "line_refused" : "ended_failed");
    const on = {
      open: () => this.line.send({ type: "register", from: this.phone.address, token }),
      message: (message) => this.#message(message),
      audio: (bytes) => this.call?.audio(bytes),
      lost: (why) => this.#lost(why),
    };
    this.line = new Line(on, this.phone.host);
  }

  #message(message) {
    if (message.type === "registered") this.#wait("");
    else if (message.type === "incoming") this.#incoming(message);
    else if (message.type === "state" && message.state === "ended") this.#ended(message);
    else this.call?.message(message);
  }

  #ended(message) {
    this.call?.message(message);
    this.#wait(this.rings ? "" : null);
  }

  // Who calls is said by the whisper; the number is only the helpline's own.
  #incoming({ caller }) {
    this.caller = caller;
    this.numbers = { to: word("brand_number"), from: "" };
    this.view.fresh();
    this.view.party(this.numbers);
    this.view.phase("rings");
    this.view.state("incoming");
    this.ring.start();
  }

  /** Ready for the next call; the notice `why` is shown, null leaves what is there. */
  #wait(why) {
    this.#quiet();
    this.call = null;
    this.view.phase("standby");
    this.view.state("standby");
    if (why !== null) this.view.notice(why);
  }

  #quiet() {
    this.caller = undefined;
    this.ring.stop();
  }

  answer() {
    if (!this.rings) return;
    this.#quiet();
    const microphone = this.phone.microphone?.() ?? true;
    this.call = new Call(this.view, { ...this.numbers, microphone, device: this.device, line: this.line });
    this.call.begin();
  }

  /** The microphone to speak with, from now on. */
  use(device) {
    this.device = device;
    this.call?.use(device);
  }

  refuse() {
    if (this.rings) this.line.send({ type: "refuse" });
  }

  hangUp() {
    if (this.rings) this.refuse();
    else if (this.call && !this.call.over) {
      this.call.hangUp();
      this.view.phase("standby"); // ready only when the exchange says so: until then it would take us for busy
    }
  }

  /** Wait no longer. */
  stop() {
    this.stopped = true;
    clearTimeout(this.again);
    this.#quiet();
    this.line?.close();
  }

  #lost(why) {
    this.call?.lost(why);
    if (why === "ended_failed" && this.phone.refused) {
      this.#quiet();
      this.phone.refused();
      return;
    }
    this.#wait(why === "ended_failed" ? "standby_refused" : "standby_lost");
    this.view.state("ended");
    if (why !== "ended_failed") this.again = setTimeout(() => this.#open(), AGAIN_MS);
  }
}
