// The drawing: its size, the chosen node, the numbers by now, and the call that is followed in it.

const EVERY_MS = 20_000;
const LEAST = 0.3;
const MOST = 2;

const flow = document.getElementById("flow");
const graph = document.getElementById("graph");
const status = document.getElementById("call-at");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let size = 1;

const box = (id) => (id ? graph.querySelector(`[data-node="${CSS.escape(id)}"]`) : null);

/** Make the drawing `factor` times as large; 0 gives it its own size. What is in the middle stays there. */
function zoom(factor) {
  const before = size;
  const middle = [graph.scrollLeft + graph.clientWidth / 2, graph.scrollTop + graph.clientHeight / 2];
  size = factor ? Math.min(MOST, Math.max(LEAST, size * factor)) : 1;
  for (const drawing of graph.querySelectorAll(".drawing")) {
    drawing.setAttribute("width", drawing.dataset.width * size);
    drawing.setAttribute("height", drawing.dataset.height * size);
  }
  const [x, y] = middle.map((at) => (at * size) / before);
  graph.scrollTo(x - graph.clientWidth / 2, y - graph.clientHeight / 2);
}

/** Bring a node into the middle of the drawing's window. The page itself does not move: the caller types in it. */
function reveal(node) {
  node.closest("details").open = true;
  const [at, window] = [node.getBoundingClientRect(), graph.getBoundingClientRect()];
  graph.scrollBy({
    left: at.left + at.width / 2 - window.left - window.width / 2,
    top: at.top + at.height / 2 - window.top - window.height / 2,
    behavior: still.matches ? "auto" : "smooth",
  });
}

function chosen(id, seen) {
  for (const node of graph.querySelectorAll("[aria-current]")) node.removeAttribute("aria-current");
  const node = box(id);
  node?.setAttribute("aria-current", "true");
  if (node && !seen) reveal(node);
}

/** The call is at the node `id`. */
function at(id, ended) {
  const node = box(id);
  if (!node) return;
  if (!node.classList.contains("now")) {
    for (const before of graph.querySelectorAll(".was")) before.classList.remove("was");
    for (const before of graph.querySelectorAll(".now")) before.classList.replace("now", "was");
    node.classList.add("now");
    reveal(node);
  }
  status.hidden = false;
  const words = ended ? flow.dataset.over : flow.dataset.at.replace("{node}", node.dataset.name);
  if (status.textContent !== words) status.textContent = words;
}

function write(nodes) {
  for (const [id, { visits, line }] of Object.entries(nodes)) {
    const visited = box(id)?.querySelector("[data-visits]");
    if (visited) visited.textContent = visits;
    const became = box(id)?.querySelector("[data-line]");
    if (became) became.textContent = line;
  }
}

// What cannot be fetched is fetched the next time; until then the page shows what it had.
async function look() {
  if (document.hidden) return;
  const response = await fetch(flow.dataset.numbers, { cache: "no-store" }).catch(() => null);
  if (response?.ok) write((await response.json()).nodes);
}

document.querySelector(".zoom").addEventListener("click", ({ target }) => {
  if (target.dataset.zoom) zoom(Number(target.dataset.zoom));
});
document.addEventListener("htmx:afterSwap", () => {
  const { chosen: id } = document.getElementById("node").dataset;
  chosen(id, graph.contains(document.activeElement));
});
new BroadcastChannel("mitan-call").addEventListener("message", ({ data }) => at(String(data.node ?? ""), data.ended));
const first = graph.querySelector("[aria-current]");
if (first) reveal(first);
if (flow.dataset.numbers) setInterval(look, EVERY_MS);
flow.dataset.ready = "true";
