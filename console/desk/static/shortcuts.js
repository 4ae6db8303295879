// Alt and a letter: the first visible element with data-shortcut="letter" is pressed if it can be, else it has the focus.
// By the place of the key, not its letter: with a Hindi keyboard the same keys do the same.

const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const pressed = "button, a, summary";

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !event.code.startsWith("Key")) return;
  const letter = event.code.slice(3).toLowerCase();
  const found = [...document.querySelectorAll(`[data-shortcut="${letter}"]`)].find((e) => visible(e) && !e.disabled);
  if (!found) return;
  event.preventDefault();
  found.focus();
  found.scrollIntoView({ block: "nearest" });
  if (found.matches(pressed)) found.click();
});
