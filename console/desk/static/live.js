// Live updates: listens at /live and says what changed as events on the body, mitan:queue, mitan:agents, mitan:tasks,
// mitan:talk. Numbers stand for states of the store, the same from every server: after a lost line only what really
// changed meanwhile is said, whichever server answers.

const REST_MS = 400; // between two events of one topic: a busy minute must not make every page ask ten times a second
const SILENT_MS = 25_000; // a beat comes every ten seconds
const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const AGAIN_MS = 3000;
const HIDDEN_MS = 15_000; // browsers allow six connections to a host: pages nobody looks at give theirs back

const place = document.getElementById("live");
const known = JSON.parse(place.dataset.known);
const due = new Map();
const last = new Map();
let source = null;
let heard = 0;
let failures = 0;
let lost = false;
let over = false;
let followed = "";
let hiding = 0;
let retry = 0;

const agents = () => document.querySelector("[data-at-desk]") !== null; // calls come to this page: it always listens

function talks() {
  const found = [...document.querySelectorAll("[data-talk]")].map((element) => element.dataset.talk);
  return [...new Set(found)].sort();
}

function dispatch(topic) {
  due.delete(topic);
  last.set(topic, performance.now());
  document.body.dispatchEvent(new CustomEvent(`mitan:${topic}`, { bubbles: true }));
}

function changed(topic) {
  if (due.has(topic)) return;
  const wait = (last.get(topic) ?? -REST_MS) + REST_MS - performance.now();
  if (wait <= 0) dispatch(topic);
  else due.set(topic, setTimeout(dispatch, wait, topic));
}

function news({ data }) {
  beat();
  for (const [topic, number] of Object.entries(JSON.parse(data))) {
    if (known[topic] === number) continue;
    known[topic] = number;
    changed(topic);
  }
}

function beat() {
  heard = performance.now();
  failures = 0;
  if (lost) show("back");
  lost = false;
}

// With it comes whether this page's telephone works: then an agent who waits for a call is there, also without a button.
async function alive() {
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  const { phone = "", microphone = "" } = document.body.dataset;
  const body = new URLSearchParams({ telephone: phone, microphone });
  const answer = await fetch(place.dataset.alive, { method: "POST", headers, body }).catch(() => null);
  if (answer?.status === 401) end();
}

function show(what) {
  for (const line of place.querySelectorAll("[data-live]")) line.hidden = line.dataset.live !== what;
  place.hidden = false;
  place.dataset.state = what;
  if (what === "back") setTimeout(() => (place.hidden = place.hidden || place.dataset.state === "back"), 4000);
}

// What could not be fetched is fetched again: nothing would say otherwise that a part of the page is old.
function missed({ detail }) {
  if (detail.xhr?.status === 401) return end();
  const refused = detail.xhr?.status >= 400 && detail.xhr.status < 500;
  if (retry || refused || detail.requestConfig?.verb !== "get") return;
  retry = setTimeout(() => {
    retry = 0;
    Object.keys(known).forEach(changed);
  }, AGAIN_MS);
}

// Nobody is signed in any more: what is on the screen about citizens goes, the telephone stays (a call may go on in it).
function clear(element) {
  for (const child of [...element.children]) {
    if (child.matches("#live, #request-problem, #telephone")) continue;
    if (child.querySelector("#live, #telephone")) clear(child);
    else child.remove();
  }
}

function end() {
  if (over) return;
  over = true;
  source?.close();
  clear(document.getElementById("main"));
  show("out");
  place.querySelector('[data-live="out"] a').focus();
}

function connect() {
  if (over) return;
  source?.close();
  if (talks().join(" ") !== followed) delete known.talk;
  followed = talks().join(" ");
  const query = talks().map((one) => `&talk=${encodeURIComponent(one)}`);
  source = new EventSource(place.dataset.address + query.join(""));
  heard = performance.now();
  source.onmessage = news;
  source.addEventListener("beat", () => {
    beat();
    if (agents()) alive();
  });
  source.onerror = broken;
}

function broken() {
  source?.close();
  source = null;
  failures += 1;
  if (failures > 1 && !lost) {
    lost = true;
    show("lost");
  }
  alive(); // says whether somebody is still signed in
  setTimeout(again, RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]);
}

function again() {
  if (!source && (!document.hidden || agents())) connect();
}

function look() {
  if (source && performance.now() - heard > SILENT_MS) broken();
  else if (source && talks().join(" ") !== followed) connect();
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (!document.hidden && !source) connect();
  if (document.hidden && !agents()) {
    hiding = setTimeout(() => {
      source?.close();
      source = null;
    }, HIDDEN_MS);
  }
});
for (const failure of ["sendError", "timeout", "responseError"]) document.addEventListener(`htmx:${failure}`, missed);
document.addEventListener("htmx:afterSettle", look);
setInterval(look, 1000);
// Not before htmx has seen the whole page: what is told earlier would be heard by no part of it.
if (document.readyState === "complete") connect();
else addEventListener("load", connect);
