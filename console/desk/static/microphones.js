// The choice of the microphone, remembered in this browser, and the browser's permission, asked for before a call comes.

import { word } from "/phone/static/words.js";

const KEPT = "mitan-microphone";
const byId = (id) => document.getElementById(`telephone-${id}`);

export class Microphones {
  /** `use(device)` is told which is chosen ("": the browser's choice). */
  constructor(use) {
    this.use = use;
    this.select = byId("microphone");
    this.chosen = localStorage.getItem(KEPT) ?? "";
    this.select.addEventListener("change", () => this.#choose(this.select.value));
    byId("allow").addEventListener("click", () => this.#allow());
    navigator.mediaDevices?.addEventListener("devicechange", () => this.refresh());
    use(this.chosen);
    this.refresh();
    this.#permission();
  }

  /** Look anew which there are; their names are known once the microphone is allowed. */
  async refresh() {
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const found = devices.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId && deviceId !== "default");
    const options = found.map(({ deviceId, label }, n) => {
      return new Option(label || word("microphone_number").replace("{n}", n + 1), deviceId);
    });
    this.select.replaceChildren(new Option(word("microphone_default"), ""), ...options);
    this.select.value = found.some(({ deviceId }) => deviceId === this.chosen) ? this.chosen : "";
  }

  #choose(device) {
    this.chosen = device;
    localStorage.setItem(KEPT, device);
    this.use(device);
  }

  async #permission() {
    const status = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
    if (!status) return;
    const tell = () => this.#told(status.state);
    status.addEventListener("change", tell);
    tell();
  }

  // The whole page knows it: who cannot be heard is not to be ready.
  #told(state) {
    document.body.dataset.microphone = state;
    byId("allow").hidden = state !== "prompt";
    byId("permission").textContent = state === "denied" ? word("microphone_denied") : "";
  }

  async #allow() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      for (const track of stream.getTracks()) track.stop();
      this.#told("granted");
      byId("permission").textContent = word("microphone_ready");
    } catch {
      this.#told("denied");
    }
    this.refresh();
  }
}
