// The telephone in a page of an agent or supervisor: what is done with its buttons, wherever on the page they are.

import { Standby } from "/phone/static/standby.js";
import { askToken } from "/phone/static/token.js";
import { Microphones } from "./microphones.js";
import { SdkStandby } from "./carriers/twilio.js";
import { TelephoneView } from "./telephone-view.js";

const EXPECTED_MS = 20_000; // a ring that was asked for on this page is answered by itself
const PATIENCE_MS = 4000; // for the server to hear of it before the receiver is put down

const line = JSON.parse(document.getElementById("telephone-line").textContent);
const view = new TelephoneView();
let expected = -Infinity;

document.body.addEventListener("mitan:telephone", ({ detail }) => {
  if (detail.phone === "ringing" && performance.now() < expected) setTimeout(() => standby.answer());
});

const standby = line.sdk ? new SdkStandby(view, line) : new Standby(view, { ...line, ask: () => askToken(line.renew) });
const call = () => (standby.call && !standby.call.over ? standby.call : null);

// The server hears first that this is meant: a line that only ends is taken for a broken one, and the caller waits anew.
async function hangUp() {
  if (standby.rings) return standby.refuse();
  if (!call()) return;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  await fetch(line.down, { method: "POST", headers: { "X-CSRFToken": token }, signal }).catch(() => null);
  standby.hangUp();
}

const DEEDS = {
  answer: () => standby.answer(),
  refuse: () => standby.refuse(),
  "hang-up": hangUp,
  mute: () => call()?.mute(),
  expect: () => (expected = performance.now() + EXPECTED_MS),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-phone]");
  if (button && button !== document.body) DEEDS[button.dataset.phone]?.();
});
view.root.addEventListener("click", ({ target }) => {
  const key = target.closest("[data-key]");
  if (key) call()?.key(key.dataset.key);
});
// What was refused brings no ring: the next one is another caller's, and is not answered by itself.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const asked = detail.requestConfig.elt.querySelector('[data-phone="expect"]');
  if (asked && detail.xhr.status >= 400) expected = -Infinity;
});
addEventListener("beforeunload", (event) => {
  if (call()) event.preventDefault();
});
new Microphones((device) => standby.use(device));
