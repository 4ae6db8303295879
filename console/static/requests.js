// What all htmx requests share: they bring the page's token, and what went wrong is said at the top of the page.

const PASSING = ["no-answer", "away"];

const problem = () => document.getElementById("request-problem");

function say(name, by) {
  for (const line of problem().querySelectorAll("[data-problem]")) line.hidden = line.dataset.problem !== name;
  problem().hidden = !name;
  problem().dataset.by = name && by ? by : "";
}

function named(status) {
  if (status === 401) return "signed-out";
  if (status === 403) return "forbidden";
  return status >= 500 ? "away" : "too-old";
}

const from = ({ detail }) => detail.requestConfig?.path ?? "";

document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  const fragment = detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html");
  if (detail.xhr.status < 400 || fragment) return;
  detail.shouldSwap = false;
  say(named(detail.xhr.status), from(event));
});
document.addEventListener("htmx:sendError", (event) => say("no-answer", from(event)));
document.addEventListener("htmx:timeout", (event) => say("no-answer", from(event)));
// A trouble that passes by itself is not shown any longer than it lasts.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || problem().hidden) return;
  const shown = problem().querySelector("[data-problem]:not([hidden])").dataset.problem;
  if (PASSING.includes(shown) || problem().dataset.by === from(event)) say("", "");
});
