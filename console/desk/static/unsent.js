// What is typed into a form with data-unsent="ADDRESS" is kept by the server as it is typed, so that a page that is
// loaded again has it. data-known counts the changes: what another page of the same person has typed is not
// overwritten before the person has said so.

const REST_MS = 500; // after the last key
const states = new WeakMap();

function state(form) {
  if (!states.has(form)) states.set(form, { timer: 0, sending: false, again: false, stopped: false });
  return states.get(form);
}

const headers = () => ({ "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content });

function elsewhere(form, shown) {
  state(form).stopped = shown;
  form.querySelector("[data-unsent-elsewhere]").hidden = !shown;
}

function post(form, keepalive) {
  const body = new FormData(form);
  body.delete("csrf_token");
  body.set("known", form.dataset.known);
  return fetch(form.dataset.unsent, { method: "POST", headers: headers(), body, keepalive }).catch(() => null);
}

async function send(form, keepalive = false) {
  const now = state(form);
  clearTimeout(now.timer);
  now.timer = 0;
  if (!form.isConnected || now.stopped) return;
  if (now.sending) {
    now.again = true;
    return;
  }
  now.sending = true;
  const answer = await post(form, keepalive);
  now.sending = false;
  if (answer?.ok || answer?.status === 409) form.dataset.known = (await answer.json()).version;
  if (answer?.status === 409) elsewhere(form, true);
  else if (!answer || now.again) later(form); // no answer: it is tried again
  now.again = false;
}

function later(form) {
  const now = state(form);
  clearTimeout(now.timer);
  now.timer = setTimeout(send, REST_MS, form);
}

const kept = (target) => target.closest?.("form[data-unsent]");

for (const event of ["input", "change"]) {
  document.addEventListener(event, ({ target }) => {
    const form = kept(target);
    if (form) later(form);
  });
}
// What is being sent for good must not be kept a moment later.
document.addEventListener("submit", ({ target }) => {
  if (target.matches("form[data-unsent]")) clearTimeout(state(target).timer);
});
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-unsent-anyway]")) return;
  const form = kept(target);
  elsewhere(form, false);
  send(form);
});
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-unsent]")) if (state(form).timer) send(form, true);
});
