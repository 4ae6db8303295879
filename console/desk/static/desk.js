// Small things of the agent's page: panels and menus that close, the focus after a part was drawn, the end of the talk
// in sight.

const NEAR_PX = 60; // who has scrolled up further than that reads something earlier

function closePanel() {
  const panel = document.getElementById("panel");
  if (!panel?.firstElementChild) return false;
  panel.replaceChildren();
  document.getElementById("call-title")?.focus();
  return true;
}

function closeMenus(but = null) {
  let closed = false;
  for (const menu of document.querySelectorAll("details.menu-of[open]")) {
    if (but && menu.contains(but)) continue;
    closed = menu.contains(document.activeElement) || closed;
    menu.open = false;
    if (!but) menu.querySelector("summary").focus();
  }
  return closed;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest('[data-close="panel"]')) closePanel();
  closeMenus(target);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && (closeMenus() || closePanel())) event.preventDefault();
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.path.endsWith("/ready")) detail.parameters.microphone = document.body.dataset.microphone ?? "";
});

let atEnd = true;
document.addEventListener("htmx:beforeSwap", () => {
  const said = document.getElementById("said");
  atEnd = !said || said.scrollHeight - said.scrollTop - said.clientHeight < NEAR_PX;
});

// Whoever looks at another tab sees in this one's name that a call has come.
const named = document.title;
function name() {
  const offer = document.getElementById("offer-title");
  document.title = offer ? `● ${offer.textContent}` : named;
}

// Only what the agent asked for takes the focus: never a part that came by itself while something is being typed.
const typing = () => document.activeElement?.matches("input, select, textarea") ?? false;

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const said = document.getElementById("said");
  if (said && atEnd) said.scrollTop = said.scrollHeight;
  name();
  const drawn = detail.elt;
  const panel = drawn.closest("#panel");
  if (panel) {
    panel.querySelector("input:not([type=hidden]), select, button")?.focus();
    panel.scrollIntoView({ block: "nearest" });
  } else if (drawn.id === "call" && !typing()) drawn.querySelector("[data-focus]")?.focus({ preventScroll: true });
});
