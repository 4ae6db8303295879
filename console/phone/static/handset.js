// What every telephone on a page shows: how it stands, a notice, who is on the line, the time, the microphone.

import { show } from "./words.js";

export class Handset {
  /** `root` is coloured by the state; the ids of the parts begin with `prefix`. */
  constructor(root, prefix = "") {
    this.root = root;
    this.prefix = prefix;
    this.clock = null;
  }

  part(name) {
    return document.getElementById(this.prefix + name);
  }

  /** `state` names the label `state_<state>` and colours the lamp. */
  state(state) {
    show(this.part("state"), `state_${state}`);
    this.part("lamp").dataset.state = state;
    this.root.dataset.state = state;
  }

  /** Say the label `key`; "" says nothing. */
  notice(key) {
    const box = this.part("notice");
    box.hidden = !key;
    box.dataset.about = key;
    show(this.part("notice-text"), key);
  }

  startTimer() {
    const began = performance.now();
    const tick = () => {
      const seconds = Math.floor((performance.now() - began) / 1000);
      this.part("timer").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    tick();
    this.part("timer").hidden = false;
    this.clock = setInterval(tick, 500);
  }

  stopTimer() {
    clearInterval(this.clock);
    this.clock = null;
  }

  get timing() {
    return this.clock !== null;
  }

  /** Who is called from where. */
  party({ to, from }) {
    this.part("party-number").textContent = to;
    this.part("party-caller").textContent = from;
  }

  pressed(digits) {
    this.part("pressed").textContent = digits;
    this.part("pressed-line").hidden = !digits;
  }

  level(peak) {
    this.root.style.setProperty("--level", Math.min(1, Math.sqrt(peak)).toFixed(2));
  }

  /** The microphone's button: null hides it. */
  muted(muted) {
    const button = this.part("mute");
    button.hidden = muted === null;
    button.setAttribute("aria-pressed", String(Boolean(muted)));
    show(this.part("mute-word"), muted ? "unmute" : "mute");
  }
}
