// One call from dialling, or answering, to its end: sound, line and transcript joined.

import { Line } from "./line.js";
import { NoMicrophone, Sound } from "./sound.js";
import { Transcript } from "./transcript.js";

const TAIL_MS = 400; // what the loudspeaker may still hold when the line ends
const ORDINARY = ["finished", "hung up"]; // the exchange's reasons for an end that needs no explanation

export class Call {
  /** `to` and `from` are numbers; `microphone` says whether to ask for it, `device` for which. `begin()` starts. With the
   * `line` that rings the call is answered; whoever owns the line passes on what it brings. `proof()` is asked for what
   * lets a call try a draft. */
  constructor(view, { to, from, microphone, device = "", line = null, proof = null }) {
    this.view = view;
    this.numbers = { to, from };
    this.proof = proof;
    this.wanted = microphone;
    this.device = device;
    this.sound = null;
    this.line = line;
    this.answers = line !== null;
    this.transcript = null;
    this.over = false;
    this.agent = false;
    this.digits = "";
    this.muted = null;
    this.refuse = () => {};
  }

  async begin() {
    this.view.fresh();
    this.view.party(this.numbers);
    this.view.phase("call");
    this.view.state(this.wanted ? "asking" : "ringing");
    this.#stayAwake();
    this.sound = await Sound.open((playing) => this.#playing(playing)).catch(() => null);
    if (!this.over && this.answers) this.#dial(); // who calls is not kept waiting: the microphone may come later
    if (this.over) this.sound?.close();
    else if (!this.sound) this.view.notice(window.isSecureContext ? "no_sound" : "not_secure");
    else if (this.wanted) await this.#askMicrophone();
    if (!this.over && !this.answers) this.#dial();
  }

  // A telephone's screen that goes dark would stop the page, and the call with it.
  async #stayAwake() {
    const lock = await navigator.wakeLock?.request("screen").catch(() => null);
    if (this.over) lock?.release();
    else this.awake = lock;
  }

  /** Go on without the microphone while the browser is still asking for it. */
  withoutMicrophone() {
    this.refuse(new NoMicrophone(""));
  }

  async #askMicrophone() {
    const late = setTimeout(() => this.view.notice("ask_microphone"), 600);
    const refused = new Promise((_, reject) => (this.refuse = reject));
    try {
      const hear = (frame, peak) => this.#frame(frame, peak);
      const granted = this.sound.microphone(hear, this.device).then(() => this.#unmuted());
      await Promise.race([granted, refused]);
      if (!this.over) this.view.notice("");
    } catch (error) {
      const why = error instanceof NoMicrophone ? error.word : "no_device";
      if (!this.over) this.view.notice(this.answers ? "unheard" : why);
    }
    clearTimeout(late);
  }

  // Also when the permission comes only after the call has begun without it.
  #unmuted() {
    if (this.over) return;
    this.muted = false;
    this.view.muted(false);
    this.sound.lost = () => this.over || this.view.notice("unheard");
  }

  #frame(frame, peak) {
    if (this.over) return;
    this.view.level(this.muted ? 0 : peak);
    this.line?.audio(frame);
  }

  async #dial() {
    if (this.answers) {
      this.line.send({ type: "answer" });
      return;
    }
    this.view.state("ringing");
    const trial = this.proof ? await this.proof() : "";
    if (this.over) return;
    if (this.proof && !trial) {
      this.#end("trial_refused"); // without a proof it would be a citizen's call
      return;
    }
    this.line = new Line({
      open: () => this.line.send({ type: "dial", ...this.numbers, ...(trial && { trial }) }),
      message: (message) => this.message(message),
      audio: (bytes) => this.audio(bytes),
      lost: (why) => this.lost(why),
    });
  }

  audio(bytes) {
    this.sound?.play(bytes);
  }

  lost(why) {
    this.#end(why);
  }

  message({ type, state, call, reason, text }) {
    if (this.over) return;
    if (call && !this.transcript && !this.answers) this.#follow(call);
    if (type === "state") this.#state(state, reason);
    else if (type === "clear") this.sound?.clear();
    else if (type === "sms") this.view.sms(String(text));
    else if (type === "caption") this.view.turn({ who: "bot", text: String(text) }); // said by the exchange itself
    else if (!this.sound && ["speaking", "quiet"].includes(type)) this.#playing(type === "speaking");
  }

  #follow(call) {
    this.transcript = new Transcript(call, {
      turns: (turns) => turns.forEach((turn) => this.view.turn(turn)),
      state: (snapshot) => this.view.conversation(snapshot),
      trouble: (trouble) => this.#trouble(trouble),
    });
  }

  #trouble(trouble) {
    const told = document.getElementById("notice").dataset.about === "captions_lost";
    if (trouble !== told) this.view.notice(trouble ? "captions_lost" : "");
  }

  #state(state, reason) {
    if (state === "ended") this.#end(ORDINARY.includes(reason) ? "" : "ended_failed");
    else if (state === "ringing") this.view.state("ringing");
    else {
      this.agent = state === "agent";
      if (!this.view.timing) this.view.startTimer();
      this.view.state(this.agent ? "agent" : "connected");
    }
  }

  #playing(playing) {
    if (this.over || this.answers || !this.view.timing) return;
    const listening = this.muted === false ? "listening" : "listening_keys";
    this.view.state(this.agent ? "agent" : playing ? "speaking" : listening);
  }

  key(digit) {
    this.line?.send({ type: "key", digit });
    this.digits = (this.digits + digit).slice(-12);
    this.view.pressed(this.digits);
  }

  say(text) {
    this.line?.send({ type: "text", text });
  }

  /** Go over to another microphone. */
  use(device) {
    this.sound?.use(device).catch(() => this.view.notice("unheard"));
  }

  mute() {
    this.muted = !this.muted;
    this.sound?.mute(this.muted);
    this.view.muted(this.muted);
    this.#playing(false);
  }

  hangUp() {
    this.line?.send({ type: "hangup" });
    this.sound?.clear();
    this.#end("");
  }

  #end(why) {
    if (this.over) return;
    this.over = true;
    this.refuse(new NoMicrophone(""));
    this.transcript?.finish();
    this.sound?.close(TAIL_MS);
    this.awake?.release();
    this.view.phase("ended");
    this.view.state("ended");
    this.view.notice(why);
  }

  /** Another call takes this one's place on the page. */
  leave() {
    this.line?.close();
    this.transcript?.stop();
  }
}
