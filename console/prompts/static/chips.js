// Placeholders in a text are shown as chips: they can be moved, put in and taken out, but not broken. The field itself
// stays what is sent; without this script its text is edited with the braces.

const PLACEHOLDER = /(\{[a-z_][a-z0-9_]*(?::[a-z_]+)?\})/;

const labels = (form) =>
  Object.fromEntries([...form.querySelectorAll("[data-chip]")].map((b) => [b.dataset.chip, b.textContent]));

function chip(text, label) {
  const made = document.createElement("span");
  made.className = "chip";
  made.contentEditable = "false";
  made.dataset.value = text;
  made.textContent = label;
  return made;
}

function shown(text, known) {
  const parts = text.split(PLACEHOLDER).filter(Boolean);
  return parts.map((part) => (known[part] ? chip(part, known[part]) : document.createTextNode(part)));
}

function written(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.dataset?.value) return node.dataset.value;
  const inside = [...node.childNodes].map(written).join("");
  return node.nodeName === "BR" || node.nodeName === "DIV" ? `\n${inside}` : inside;
}

class Editor {
  constructor(field, known) {
    this.field = field;
    this.known = known;
    this.box = document.createElement("div");
    this.box.className = "field typed";
    this.box.contentEditable = "true";
    const said = { role: "textbox", "aria-multiline": "true", "aria-labelledby": `label-${field.name}`, spellcheck: "true" };
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (field.hasAttribute(name)) said[name] = field.getAttribute(name);
    }
    for (const [name, value] of Object.entries(said)) this.box.setAttribute(name, value);
    this.box.append(...shown(field.value, known));
    this.box.addEventListener("input", () => this.write());
    this.box.addEventListener("paste", (event) => this.paste(event));
    this.box.addEventListener("drop", (event) => event.preventDefault());
    this.box.addEventListener("click", ({ target }) => target.dataset.value && this.at(target));
    field.hidden = true;
    field.after(this.box);
  }

  write() {
    this.field.value = written(this.box);
  }

  /** The cursor goes behind a chip that was clicked: within it there is nothing to type. */
  at(chip) {
    this.box.focus();
    getSelection().collapse(this.box, [...this.box.childNodes].indexOf(chip) + 1);
  }

  /** Only plain text comes in; placeholders in it become chips. */
  paste(event) {
    event.preventDefault();
    this.put(shown(event.clipboardData.getData("text/plain"), this.known));
  }

  /** Put nodes where the cursor is, or at the end. */
  put(nodes) {
    const selection = getSelection();
    let range = selection.rangeCount ? selection.getRangeAt(0) : null;
    if (!range || !this.box.contains(range.commonAncestorContainer)) {
      range = document.createRange();
      range.selectNodeContents(this.box);
      range.collapse(false);
    }
    range.deleteContents();
    const last = nodes.at(-1);
    for (const node of nodes.toReversed()) range.insertNode(node);
    if (last) range.setStartAfter(last);
    range.collapse(true);
    this.box.focus();
    selection.removeAllRanges();
    selection.addRange(range);
    this.write();
  }
}

const editors = new WeakMap();

function begin(root) {
  for (const field of root.querySelectorAll("textarea[data-chips]")) {
    if (!editors.has(field)) editors.set(field, new Editor(field, labels(field.closest(".row"))));
  }
}

document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-chip]")) event.preventDefault(); // the cursor stays where the chip is to go
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chip]");
  const editor = button && editors.get(button.closest(".row").querySelector("textarea"));
  if (editor) editor.put([chip(button.dataset.chip, button.textContent), document.createTextNode(" ")]);
});
document.addEventListener("htmx:load", ({ detail }) => {
  begin(detail.elt);
  if (detail.elt.matches(".prompt.open")) detail.elt.querySelector(".typed, textarea:not([hidden])")?.focus();
});
begin(document);
