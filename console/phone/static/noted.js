// What the conversation has noted so far: the items of a booking, those still open, and the one being asked.

import { show, word } from "./words.js";

const BOOKING = ["service", "city", "date", "time", "note", "pin", "mobile"];
const SAME = { slot: "time", address: "note" }; // other names of the same item
const ASKED = [
  [/^(which_service|service|info_)/, "service"],
  [/^(which_city|city|elsewhere)/, "city"],
  [/^(day|other_day|no_slot)/, "date"],
  [/^(slot|offer|find|hold)/, "time"],
  [/^note/, "note"],
  [/^pin/, "pin"],
  [/^mobile/, "mobile"],
];

export class Noted {
  constructor(list) {
    this.list = list;
    this.shown = "";
    this.values = new Map();
    this.clear();
  }

  clear() {
    this.values = new Map();
    this.show([], "");
  }

  /** `items` are `{item, label, value}`; `node` is the question that waits. What is new or changed is marked. */
  show(items, node) {
    const told = new Map(items.map(({ item, label, value }) => [SAME[item] ?? item, { label, value: String(value) }]));
    const asked = ASKED.find(([pattern]) => pattern.test(node))?.[1] ?? "";
    const now = JSON.stringify([[...told], asked]);
    if (now === this.shown) return; // untouched rows are not announced again
    this.shown = now;
    const rest = [...told.keys()].filter((item) => !BOOKING.includes(item));
    this.list.replaceChildren(...[...BOOKING, ...rest].map((item) => this.#row(item, told.get(item), item === asked)));
    this.values = new Map([...told].map(([item, { value }]) => [item, value]));
  }

  #row(item, told, asked) {
    const row = document.createElement("div");
    row.className = "item";
    row.dataset.item = item;
    row.classList.toggle("open", !told);
    row.classList.toggle("asked", asked && !told);
    row.classList.toggle("fresh", Boolean(told) && this.values.get(item) !== told.value);
    const [term, value] = [document.createElement("dt"), document.createElement("dd")];
    if (word(`item_${item}`)) show(term, `item_${item}`);
    else term.textContent = told.label;
    if (told) value.textContent = told.value;
    else if (asked) show(value, "asked");
    else value.textContent = "–";
    row.append(term, value);
    return row;
  }
}
