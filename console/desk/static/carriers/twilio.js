// A telephone over the carrier's own SDK (Twilio's Voice SDK, its global `Twilio`), with the face of standby.js.

import { Receiver } from "/phone/static/receiver.js";
import { askToken } from "/phone/static/token.js";

const AGAIN_MS = 2000; // before a token is asked for again
const PATIENT_MS = 6000; // to connect, before it is said; the SDK goes on trying without a word
const EARLY_MS = 60_000; // before a token's end it is renewed
const SOUNDS = ["incoming", "outgoing", "disconnect", "dtmfs", "dtmfh", ...[..."0123456789"].map((n) => `dtmf${n}`)];
const WORN_OUT = [20101, 20104, 31201, 31204, 31205]; // codes of errors that another token mends

export class SdkStandby extends Receiver {
  /** `agent` says where its token is had (`renew`), and where a sound that nobody hears (`silence`). */
  constructor(view, agent) {
    super(view);
    this.agent = agent;
    this.phone = null;
    this.#open();
  }

  async #open() {
    const token = await askToken(this.agent.renew);
    if (!token) return this.#without(token, () => this.#open());
    const sounds = Object.fromEntries(SOUNDS.map((name) => [name, this.agent.silence])); // none from elsewhere; ours rings
    this.phone = new window.Twilio.Device(token, { sounds, tokenRefreshMs: EARLY_MS, logLevel: "silent" });
    this.phone.on("registered", () => this.#ready());
    this.phone.on("unregistered", () => this.#lost());
    this.phone.on("error", (error) => this.#failed(error));
    this.phone.on("incoming", (call) => this.#rings(call));
    this.phone.on("tokenWillExpire", () => this.#renew());
    this.use(this.device);
    this.phone.register().catch(() => this.#lost());
    setTimeout(() => this.phone.state !== "registered" && this.#lost(), PATIENT_MS);
  }

  /** Nobody is signed in any more ("": the end), or there was no answer (null: it is tried again). */
  #without(token, again) {
    if (token === null) setTimeout(again, AGAIN_MS);
    if (this.call) return; // the call under way needs no token
    this.offline(token === null ? "standby_lost" : "standby_refused");
  }

  async #renew() {
    const token = await askToken(this.agent.renew);
    if (!token) return this.#without(token, () => this.#renew());
    this.phone.updateToken(token);
    if (this.phone.state === "unregistered") this.phone.register().catch(() => this.#lost());
  }

  #failed({ code }) {
    if (WORN_OUT.includes(code)) this.#renew();
    else if (this.phone.state !== "registered") this.#lost();
  }

  #ready() {
    if (!this.call && !this.rings) this.wait("");
  }

  // The SDK connects again by itself and then tells that it is registered.
  #lost() {
    if (!this.call && !this.rings) this.offline("standby_lost");
  }

  #rings(coming) {
    if (this.call || this.rings) return coming.reject();
    for (const event of ["cancel", "disconnect", "reject"]) coming.on(event, () => this.#ended(coming, null));
    coming.on("error", () => this.#ended(coming, "unheard"));
    this.incoming(coming);
  }

  #ended(call, why) {
    if (this.coming !== call && this.call?.call !== call) return;
    if (this.call) this.call.over = true;
    if (why && call.status() !== "closed") return this.view.notice(why); // the call goes on
    this.wait(why);
  }

  answer() {
    if (!this.rings) return;
    this.call = new SdkCall(this.view, this.coming);
    this.quiet();
    this.call.begin();
  }

  refuse() {
    this.coming?.reject();
  }

  end() {
    this.call.call.disconnect();
  }

  /** The microphone to speak with, from now on. */
  use(device) {
    this.device = device;
    const audio = this.phone?.audio;
    if (!audio) return;
    const done = device ? audio.setInputDevice(device) : audio.unsetInputDevice();
    done.catch(() => {}); // no longer there: the SDK keeps the one it has
  }
}

class SdkCall {
  constructor(view, call) {
    this.view = view;
    this.call = call;
    this.over = false;
    this.digits = "";
  }

  begin() {
    this.call.on("accept", () => this.#talks());
    this.call.on("volume", (heard) => this.view.level(this.call.isMuted() ? 0 : heard));
    this.call.on("reconnecting", () => this.view.notice("line_weak"));
    this.call.on("reconnected", () => this.view.notice(""));
    this.view.phase("call");
    this.view.state("asking");
    this.call.accept();
  }

  #talks() {
    this.view.startTimer();
    this.view.state("connected");
    this.view.muted(false);
  }

  key(digit) {
    this.call.sendDigits(digit);
    this.digits = (this.digits + digit).slice(-12);
    this.view.pressed(this.digits);
  }

  mute() {
    this.call.mute(!this.call.isMuted());
    this.view.muted(this.call.isMuted());
  }
}
