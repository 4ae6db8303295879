// A telephone that is called over the exchange's line: an agent's, or a citizen's who waits for a call.

import { Call } from "./call.js";
import { Line } from "./line.js";
import { Receiver } from "./receiver.js";
import { word } from "./words.js";

const AGAIN_MS = 2000; // before a lost line is opened again

export class Standby extends Receiver {
  /** `phone` has the `address` that is called, `ask()` for the token that proves it, and at which `host` (ws://…) the
   * exchange is, if not here; `microphone()` says whether to speak with one, and `refused()` is told when the exchange
   * does not take it. */
  constructor(view, phone) {
    super(view);
    this.phone = phone;
    this.#open();
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
    if (message.type === "registered") this.wait("");
    else if (message.type === "incoming") this.#rings();
    else if (message.type === "state" && message.state === "ended") this.#ended(message);
    else this.call?.message(message);
  }

  #ended(message) {
    this.call?.message(message);
    this.wait(this.rings ? "" : null);
  }

  // Who calls is said by the whisper; the number is only the helpline's own.
  #rings() {
    const numbers = { to: word("brand_number"), from: "" };
    this.view.party(numbers);
    this.incoming(numbers);
  }

  answer() {
    if (!this.rings) return;
    const numbers = this.coming;
    this.quiet();
    const microphone = this.phone.microphone?.() ?? true;
    this.call = new Call(this.view, { ...numbers, microphone, device: this.device, line: this.line });
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

  end() {
    this.call.hangUp();
    this.view.phase("standby"); // ready only when the exchange says so: until then it would take us for busy
  }

  /** Wait no longer. */
  stop() {
    this.stopped = true;
    clearTimeout(this.again);
    this.quiet();
    this.line?.close();
  }

  #lost(why) {
    this.call?.lost(why);
    if (why === "ended_failed" && this.phone.refused) {
      this.quiet();
      this.phone.refused();
      return;
    }
    this.offline(why === "ended_failed" ? "standby_refused" : "standby_lost");
    if (why !== "ended_failed") this.again = setTimeout(() => this.#open(), AGAIN_MS);
  }
}
