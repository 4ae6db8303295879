// What the telephone in a page shows, and what it tells the rest of the page: body[data-phone] and the event
// mitan:telephone.

import { Handset } from "/phone/static/handset.js";

const TOLD = { standby: "ready", rings: "ringing", call: "talking" };

export class TelephoneView extends Handset {
  constructor() {
    super(document.getElementById("telephone-panel"), "telephone-");
    this.#tell("offline");
  }

  /** `phase` is standby, rings, call or ended: what can be done. */
  phase(phase) {
    this.root.dataset.phase = phase;
    const on = phase === "call";
    for (const name of ["answer", "refuse"]) this.part(name).hidden = phase !== "rings";
    this.part("hang-up").hidden = !on;
    if (!on) this.part("mute").hidden = true;
    for (const key of this.root.querySelectorAll("[data-key]")) key.disabled = !on;
    if (!on) this.stopTimer();
    this.part("timer").hidden = !on || !this.timing;
    if (phase in TOLD) this.#tell(TOLD[phase]);
  }

  state(state) {
    super.state(state);
    if (state === "ended" && this.root.dataset.phase === "standby") this.#tell("offline");
  }

  muted(muted) {
    super.muted(muted);
    for (const button of document.querySelectorAll('[data-phone="mute"]')) {
      button.setAttribute("aria-pressed", String(Boolean(muted)));
    }
  }

  fresh() {
    this.notice("");
    this.pressed("");
  }

  // The page shows elsewhere who calls and what is said.
  party() {}

  turn() {}

  sms() {}

  #tell(phone) {
    if (document.body.dataset.phone === phone) return;
    document.body.dataset.phone = phone;
    document.body.dispatchEvent(new CustomEvent("mitan:telephone", { bubbles: true, detail: { phone } }));
  }
}
