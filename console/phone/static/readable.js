// Values as people read them, in the page's language. What is not recognised is shown as it came.

import { language, word } from "./words.js";

const formatted = (date, options) => new Intl.DateTimeFormat(`${language}-IN-u-nu-latn`, options).format(date);
const day = (date) => formatted(date, { weekday: "long", day: "numeric", month: "long" });
const CLOCK = { hour: "numeric", minute: "2-digit" };
const CLOCKS = { hi: { ...CLOCK, dayPeriod: "short" }, en: CLOCK };
const hour = (date) => word("hour").replace("{hour}", formatted(date, CLOCKS[language]));
const grouped = (text, ...sizes) => {
  let at = 0;
  return sizes.map((size) => text.slice(at, (at += size))).join(" ");
};

// The clock on the wall in India, whatever zone the browser is in: the parts are taken as they stand.
function wall(value) {
  const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/.exec(value);
  if (iso) return new Date(iso[1], iso[2] - 1, iso[3], iso[4] ?? 0, iso[5] ?? 0);
  const indian = /^(\d\d)\.(\d\d)\.(\d{4})(?: (\d\d):(\d\d))?$/.exec(value);
  return indian && new Date(indian[3], indian[2] - 1, indian[1], indian[4] ?? 0, indian[5] ?? 0);
}

/** The items told, by name, as texts. A slot gives date and time, a part of the day stands for the time until then. */
export function readable(items) {
  const raw = new Map(items.map(({ item, label, value }) => [item, { label, value: String(value) }]));
  const out = new Map();
  const slotFirst = [...raw].sort(([one], [other]) => (other === "slot") - (one === "slot"));
  for (const [item, { label, value }] of slotFirst) {
    if (item === "slot") {
      const start = wall(value);
      if (start) out.set("date", { label, value: day(start) });
      out.set("time", { label, value: start ? hour(start) : value });
    } else if (item === "daypart") {
      if (!raw.has("time") && !raw.has("slot")) out.set("time", { label, value: word(`part_${value}`) || value });
    } else if (!out.has(item)) out.set(item, { label, value: one(item, value) });
  }
  return out;
}

function one(item, value) {
  if (item === "date" && wall(value)) return day(wall(value));
  if (item === "time" && /^\d\d:\d\d$/.test(value)) return hour(wall(`2000-01-01 ${value}`));
  if (item === "mobile" && /^\d{10}$/.test(value)) return grouped(value, 5, 5);
  if (item === "number" && /^\d{8}$/.test(value)) return grouped(value, 4, 4);
  if (item === "note") return word("noted");
  return value;
}
