// An agent's telephone: it waits to be called, rings, and takes the call or refuses it.

import { Call } from "./call.js";
import { Line } from "./line.js";
import { Ring } from "./ring.js";
import { askToken } from "./token.js";
import { word } from "./words.js";

const AGAIN_MS = 2000; // before a lost line is opened again

export class Standby {
  /** `agent` has the `address` of whoever signed in, where its token is had (`renew`), and at which `host` (ws://…) the
   * exchange is, if not here. */
  constructor(view, agent) {
    this.view = view;
    this.agent = agent;
    this.call = null;
    this.device = ""; // the microphone's
    this.ring = new Ring();
    this.#open();
  }

  get rings() {
    return this.caller !== undefined;
  }

  async #open() {
    const token = await askToken(this.agent.renew);
    if (!token) return this.#lost(token === null ? "line_refused" : "ended_failed");
    const on = {
      open: () => this.line.send({ type: "register", from: this.agent.address, token }),
      message: (message) => this.#message(message),
      audio: (bytes) => this.call?.audio(bytes),
      lost: (why) => this.#lost(why),
    };
    this.line = new Line(on, this.agent.host);
  }

  #message(message) {
    if (message.type === "registered") this.#wait("");
    else if (message.type === "incoming") this.#incoming(message);
    else if (this.rings && message.state === "ended") this.#wait("");
    else this.call?.message(message);
    if (this.call?.over) this.#wait(null);
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
    this.call = new Call(this.view, { ...this.numbers, microphone: true, device: this.device, line: this.line });
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
      this.#wait(null);
    }
  }

  #lost(why) {
    this.call?.lost(why);
    this.#wait(why === "ended_failed" ? "standby_refused" : "standby_lost");
    this.view.state("ended");
    if (why !== "ended_failed") setTimeout(() => this.#open(), AGAIN_MS);
  }
}
