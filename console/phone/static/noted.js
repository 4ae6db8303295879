// What the conversation has noted so far: the items of a booking, those still open, and the one being asked.

import { readable } from "./readable.js";
import { show, word } from "./words.js";

const BOOKING = ["service", "city", "date", "time", "note", "pin", "mobile"];
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
    this.clear();
  }

  clear() {
    this.shown = "";
    this.items = [];
    this.values = new Map();
    this.show([], "");
  }

  /** `items` are `{item, label, value}`; `node` is the question that waits. What is new or changed is marked. */
  show(items, node) {
    this.items = this.#withBooked(items);
    const told = readable(this.items);
    const asked = ASKED.find(([pattern]) => pattern.test(node))?.[1] ?? "";
    const now = JSON.stringify([[...told], asked]);
    if (now === this.shown) return; // untouched rows are not announced again
    this.shown = now;
    const rest = [...told.keys()].filter((item) => !BOOKING.includes(item));
    this.list.replaceChildren(...[...rest, ...BOOKING].map((item) => this.#row(item, told.get(item), item === asked)));
    this.values = told;
  }

  // Once booked, the conversation forgets what the next booking needs anew; the caller still wants to see it.
  #withBooked(items) {
    const names = new Set(items.map(({ item }) => item));
    if (!names.has("number") || names.has("service")) return items;
    return [...this.items.filter(({ item }) => !names.has(item)), ...items];
  }

  #row(item, told, asked) {
    const row = document.createElement("div");
    row.className = `item ${item === "number" ? "booked" : ""}`;
    row.dataset.item = item;
    row.classList.toggle("open", !told);
    row.classList.toggle("asked", asked);
    row.classList.toggle("fresh", Boolean(told) && this.values.get(item)?.value !== told.value);
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
