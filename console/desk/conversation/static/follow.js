// A page that follows what goes on: lengths count on, transcripts stay at their end, and what has not changed is left
// alone, so that nobody loses their place and screen readers are not told the same again.

const shown = new Map(); // what the server sent last for an element, by its id
const COUNTS_ON = /(<time [^>]*data-since[^>]*>)[^<]*/g;
const TOKEN = /(name="csrf_token" value=")[^"]*/g;

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse, xhr } = event.detail;
  if (xhr.status !== 200) return;
  const version = target.dataset?.version;
  if (version !== undefined && serverResponse.includes(`data-version="${version}"`)) event.detail.shouldSwap = false;
  if (!target.matches("[data-same]")) return;
  const sent = serverResponse.replace(COUNTS_ON, "$1").replace(TOKEN, "$1");
  if (shown.get(target.id) === sent) event.detail.shouldSwap = false;
  shown.set(target.id, sent);
});

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  const fresh = fragment.firstElementChild;
  if (fresh?.textContent === target.textContent && fresh.className === target.className) event.detail.shouldSwap = false;
});

const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
const reading = new WeakSet(); // transcripts in which somebody has gone back

function toEnd(log) {
  if (!reading.has(log)) log.scrollTop = log.scrollHeight;
}

function look(root) {
  for (const log of root.querySelectorAll("[data-follows]:not([data-followed])")) {
    log.dataset.followed = "";
    toEnd(log);
    log.addEventListener("scroll", () => (atEnd(log) ? reading.delete(log) : reading.add(log)), { passive: true });
  }
}

document.addEventListener("htmx:afterSettle", () => {
  look(document);
  for (const log of document.querySelectorAll("[data-follows]")) toEnd(log);
});

// The server's clock counts: this machine's may be wrong.
const began = performance.now();
const server = Date.parse(document.querySelector("[data-now]")?.dataset.now ?? "") || Date.now();

function length(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function tick() {
  const now = server + performance.now() - began;
  for (const place of document.querySelectorAll("time[data-since]")) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(place.dataset.since)) / 1000));
    place.textContent = length(seconds);
    const limit = Number(place.dataset.limit);
    if (limit) place.classList.toggle("over", seconds > limit);
  }
}

look(document);
tick();
setInterval(tick, 1000);
