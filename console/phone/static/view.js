// What the page shows. Texts from the call go in as text, never as markup.

import { Handset } from "./handset.js";
import { Noted } from "./noted.js";
import { show } from "./words.js";

const byId = (id) => document.getElementById(id);
const DEVANAGARI = /[\u0900-\u097f]/;

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  if (DEVANAGARI.test(text)) element.lang = "hi";
  else if (text) element.lang = "en";
  return element;
}

function labelled(tag, className, key) {
  const element = document.createElement(tag);
  element.className = className;
  show(element, key);
  return element;
}

export class View extends Handset {
  constructor() {
    super(byId("desk"));
    this.captions = byId("captions");
    this.noted = new Noted(byId("filled"));
    this.last = {};
    document.addEventListener("language", () => this.conversation(this.last));
    // The newest words stay in sight when the room for them shrinks (a phone's keyboard, a notice).
    new ResizeObserver(() => this.#scroll()).observe(this.captions);
  }

  /** Wait for calls to `number`, "": no longer. */
  waits(number) {
    byId("desk").toggleAttribute("data-waits", Boolean(number));
    this.fresh();
    this.captions.hidden = true;
    byId("intro").hidden = false;
    byId("waits-number").textContent = number;
    show(byId("wait"), number ? "wait_stop" : "wait");
    show(byId("help-enter"), number ? "answer" : "help_dial");
    show(byId("help-escape"), number ? "help_refuse" : "help_end");
  }

  get #called() {
    return ["agent", "waits"].some((kind) => kind in this.root.dataset);
  }

  /** `phase` is idle, call or ended, where it is called standby or rings: what can be done. */
  phase(phase) {
    this.root.dataset.phase = phase;
    const on = phase === "call";
    const rings = phase === "rings";
    byId("dial").hidden = on || phase === "standby";
    byId("hang-up").hidden = !(on || rings);
    show(byId("hang-up-word"), rings ? "refuse" : "hang_up");
    if (rings) show(byId("dial-word"), "answer");
    if (phase === "idle") show(byId("dial-word"), "dial");
    this.#wait(phase);
    byId("dialler").inert = on;
    byId("type").hidden = !on;
    if (!on) byId("mute").hidden = true;
    if (phase === "ended") show(byId("dial-word"), "again");
    if (phase !== "call") this.stopTimer();
    this.conversation(this.last);
  }

  // The button to wait, or to stop it; where it goes, the keyboard's focus is not lost.
  #wait(phase) {
    const button = byId("wait");
    if (!button) return;
    const held = [document.body, button, byId("dial"), byId("hang-up")].includes(document.activeElement);
    button.hidden = ["call", "rings"].includes(phase);
    if (held && phase === "rings") byId("dial").focus({ preventScroll: true });
    if (held && phase === "standby") button.focus({ preventScroll: true });
  }

  /** Say the label `key`; "" says nothing. */
  notice(key) {
    super.notice(key);
    byId("without").hidden = key !== "ask_microphone";
  }

  /** Make everything ready for a new call. */
  fresh() {
    this.captions.replaceChildren();
    this.captions.hidden = false;
    byId("intro").hidden = !this.#called; // who is called has no captions in its place
    this.last = {};
    this.noted.clear();
    this.notice("");
    this.pressed("");
  }

  /** One turn: `who` is bot or caller, `kind` how the caller answered. Silence and hanging up are no words. */
  turn({ who, kind, text }) {
    const newest = this.captions.querySelector(".bot:last-child .said");
    if (who === "bot" && newest?.textContent === text) return; // said by the exchange and in the transcript too
    if (!text) return;
    const item = make("div", `turn ${who === "bot" ? "bot" : "caller"}`, "");
    item.append(labelled("span", "who", who === "bot" ? "bot" : "you"), make("p", "said", text));
    if (["keyed", "recorded"].includes(kind)) item.lastChild.prepend(labelled("span", "how", kind), " ");
    this.#append(item);
  }

  sms(text) {
    const item = make("div", "turn sms", "");
    item.append(labelled("span", "who", "sms"), make("p", "said", text));
    this.#append(item);
  }

  #append(item) {
    this.captions.append(item);
    this.#scroll();
  }

  #scroll() {
    this.captions.scrollTop = this.captions.scrollHeight;
  }

  /** What is filled and which question is open. */
  conversation(snapshot) {
    this.last = snapshot;
    const open = this.root.dataset.phase === "call" && !snapshot.ended;
    this.noted.show(snapshot.filled ?? [], open ? (snapshot.node ?? "") : "");
  }
}
