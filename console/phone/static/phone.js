// The phone: what the caller does with form, keys and keyboard.

import { Call } from "./call.js";
import { View } from "./view.js";
import { switchInPlace } from "./words.js";

const byId = (id) => document.getElementById(id);
const CALLER = /^\+\d{8,15}$/;

const view = new View();
let call = null;
let pristine = true; // the first key pressed replaces the helpline's number

const running = () => call !== null && !call.over;

function dial() {
  if (running()) return;
  const from = byId("caller").value.replaceAll(/[\s-]/g, "");
  const bad = !CALLER.test(from);
  byId("caller").setAttribute("aria-invalid", String(bad));
  if (bad) {
    view.notice("caller_bad");
    byId("caller").focus();
    return;
  }
  call?.leave();
  const microphone = byId("use-microphone").checked;
  call = new Call(view, { to: byId("number").value.replaceAll(/\s/g, ""), from, microphone });
  call.begin();
  byId("captions").focus({ preventScroll: true }); // not the red button: a second Enter would hang up
}

function hangUp() {
  if (!running()) return;
  call.hangUp();
  byId("dial").focus({ preventScroll: true });
}

function press(key) {
  const button = byId("keypad").querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 140);
  if (running()) call.key(key);
  else enter(key);
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
  if (text && running()) call.say(text);
  byId("words-typed").value = "";
}

byId("dialler").addEventListener("submit", (event) => {
  event.preventDefault();
  dial();
});
byId("number").addEventListener("input", () => (pristine = false));
byId("hang-up").addEventListener("click", hangUp);
byId("mute").addEventListener("click", () => call?.mute());
byId("without").addEventListener("click", () => call?.withoutMicrophone());
byId("type").addEventListener("submit", sendTyped);
byId("keypad").addEventListener("click", (event) => {
  const button = event.target.closest("[data-key]");
  if (button) press(button.dataset.key);
});
document.addEventListener("keydown", keyboard);
addEventListener("pagehide", () => call?.hangUp());
switchInPlace();
document.documentElement.dataset.ready = "true";
