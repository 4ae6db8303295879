// The line to the exchange: one WebSocket, one call. Text is JSON, binary is 8 kHz mu-law both ways.

const REFUSED = 1008; // close code of an exchange that does not take the call
const LIMIT = 16000; // bytes unsent before microphone frames are dropped, 2 s: late speech is worse than none

export class Line {
  /** `on` has the handlers `open()`, `message(object)`, `audio(ArrayBuffer)` and `lost(why)`, `why` naming a label. The
   * exchange is this server's, or at `host` (ws://…). */
  constructor(on, host = "") {
    this.on = on;
    this.opened = false;
    this.done = false;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${host || `${scheme}//${location.host}`}/exchange/line`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.#open();
    this.socket.onmessage = ({ data }) => this.#receive(data);
    this.socket.onclose = (event) => this.#closed(event);
  }

  #open() {
    this.opened = true;
    this.on.open();
  }

  #receive(data) {
    if (typeof data !== "string") this.on.audio(data);
    else this.on.message(parsed(data));
  }

  #closed({ code, reason }) {
    if (this.done) return;
    this.done = true;
    if (code === REFUSED) this.on.lost(reason.includes("lines are taken") ? "ended_busy" : "ended_failed");
    else this.on.lost(this.opened ? "line_lost" : "line_refused");
  }

  get #live() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(message) {
    if (this.#live) this.socket.send(JSON.stringify(message));
  }

  audio(bytes) {
    if (this.#live && this.socket.bufferedAmount < LIMIT) this.socket.send(bytes);
  }

  /** End the line from this side; nothing more is reported. */
  close() {
    this.done = true;
    this.socket.close(1000);
  }
}

function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {}; // not ours: ignored
  }
}
