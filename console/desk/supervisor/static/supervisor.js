// The supervisor's page: which call is chosen, and what stays as it was when a part is fetched anew.

const chosen = () => document.querySelector("#chosen [data-talk]")?.dataset.talk ?? "";

function mark() {
  for (const link of document.querySelectorAll("[data-call]")) {
    if (link.dataset.call === chosen()) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

let open = false; // the table by hour

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "hours") open = document.getElementById("hours-details")?.open ?? open;
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  mark();
  const table = document.getElementById("hours-details");
  if (detail.elt.id === "hours" && table) table.open = open;
  if (detail.elt.id !== "chosen") return;
  const title = document.getElementById("chosen-title");
  title.focus({ preventScroll: true });
  document.getElementById("chosen").scrollIntoView({ block: "nearest" });
});

mark();
