// The phone: what the caller does with form, keys and keyboard.

import { Call } from "./call.js";
import { Standby } from "./standby.js";
import { askToken } from "./token.js";
import { View } from "./view.js";
import { Waiting } from "./waiting.js";
import { helpline, switchInPlace } from "./words.js";

const byId = (id) => document.getElementById(id);
const CALLER = /^(\+[1-9]\d{7,14})?$/; // empty: withheld

const view = new View();
const agent = JSON.parse(byId("agent")?.textContent ?? "null");
const offer = JSON.parse(byId("waits")?.textContent ?? "null");
const agents = agent ? new Standby(view, { ...agent, ask: () => askToken(agent.renew) }) : null;
const waiting = offer ? new Waiting(view, offer, () => byId("use-microphone").checked) : null;
const draft = JSON.parse(byId("draft")?.textContent ?? "null");
let own = null;
let pristine = true; // the first key pressed replaces the helpline's number

const standby = () => agents ?? waiting?.standby ?? null;
const current = () => (standby() ? standby().call : own);
const running = () => Boolean(current()) && !current().over;

const plain = (id) => byId(id).value.replaceAll(/[\s-]/g, "");

function valid(id, good, word) {
  byId(id).setAttribute("aria-invalid", String(!good));
  if (good) return true;
  view.notice(word);
  byId(id).focus();
  byId(id).select();
  return false;
}

function dial() {
  if (running()) return;
  if (standby()) return standby().answer();
  const from = plain("caller");
  const to = plain("number");
  const good = valid("caller", CALLER.test(from), "caller_bad") && valid("number", to === helpline, "wrong_number");
  if (!good) return;
  own?.leave();
  const microphone = byId("use-microphone").checked;
  const proof = draft ? () => askToken(draft.proof) : null;
  own = new Call(view, { to, from, microphone, proof });
  own.begin();
  byId("captions").focus({ preventScroll: true }); // not the red button: a second Enter would hang up
}

function wait() {
  if (standby()) return waiting.end();
  const number = plain("caller");
  if (running() || !valid("caller", number !== "" && CALLER.test(number), "caller_bad")) return;
  own?.leave();
  own = null;
  waiting.begin(number);
}

function hangUp() {
  if (standby()) return standby().hangUp();
  if (!running()) return;
  own.hangUp();
  byId("dial").focus({ preventScroll: true });
}

function press(key) {
  const button = byId("keypad").querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 140);
  if (running()) current().key(key);
  else if (!standby()) enter(key);
}

function enter(key) {
  byId("number").value = (pristine ? "" : byId("number").value) + key;
  pristine = false;
}

function typing(target) {
  return target instanceof HTMLInputElement && target.type !== "checkbox";
}

function keyboard(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") hangUp();
  else if (typing(event.target)) return;
  else if (/^[0-9*#]$/.test(event.key)) press(event.key);
  else if (event.key === "Enter" && !event.target.closest("button, a")) dial();
  else if (event.key === "Backspace" && !running()) byId("number").value = byId("number").value.slice(0, -1);
  else return;
  event.preventDefault();
}

function sendTyped(event) {
  event.preventDefault();
  const text = byId("words-typed").value.trim();
  if (text && running()) current().say(text);
  byId("words-typed").value = "";
}

byId("dialler").addEventListener("submit", (event) => {
  event.preventDefault();
  dial();
});
byId("number").addEventListener("input", () => (pristine = false));
byId("hang-up").addEventListener("click", hangUp);
byId("wait")?.addEventListener("click", wait);
byId("mute").addEventListener("click", () => current()?.mute());
byId("without").addEventListener("click", () => current()?.withoutMicrophone());
byId("type").addEventListener("submit", sendTyped);
// Sending leaves the focus in the field: the telephone's keyboard stays, and nothing moves under the finger.
byId("type").querySelector("button").addEventListener("mousedown", (event) => event.preventDefault());
byId("keypad").addEventListener("click", (event) => {
  const button = event.target.closest("[data-key]");
  if (button) press(button.dataset.key);
});
document.addEventListener("keydown", keyboard);
addEventListener("pagehide", () => current()?.hangUp());
switchInPlace();
document.documentElement.dataset.ready = "true";
