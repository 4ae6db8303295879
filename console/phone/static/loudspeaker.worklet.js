// The loudspeaker in the audio thread: mu-law from the line is queued, upsampled as it is needed and played.
//
// Messages in: an ArrayBuffer of 8 kHz mu-law, or "clear". Messages out: true when sound begins, false when it has ended.

import { decode } from "./mulaw.js";
import { Resampler } from "./resample.js";

// Pieces come as they are spoken. Playing waits a little, so that a piece may come so much late; after every gap that was
// no end (more came soon) it waits longer the next time.
const PATIENCE_S = 0.08;
const LONGEST_S = 0.32;
const SOON_S = 0.3;
const AHEAD = 3200; // bytes (400 ms) that are enough in any case
const PULL = 32; // bytes upsampled at a time, 4 ms

class Loudspeaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(8000, sampleRate);
    this.port.onmessage = ({ data }) => this.#message(data);
    this.ready = new Float32Array(0);
    this.#empty();
    this.playing = false;
    this.patience = PATIENCE_S;
    this.ranDry = -Infinity;
  }

  #empty() {
    this.pieces = [];
    this.offset = 0;
    this.queued = 0;
    this.since = null;
    this.ranDry = -Infinity;
  }

  #message(data) {
    if (data === "clear") {
      this.#empty();
      return;
    }
    if (!data.byteLength) return;
    if (this.since === null) {
      this.since = currentTime;
      if (currentTime - this.ranDry < SOON_S) this.patience = Math.min(LONGEST_S, this.patience * 1.5);
    }
    this.pieces.push(new Uint8Array(data));
    this.queued += data.byteLength;
  }

  #turn() {
    const due = this.queued >= AHEAD || (this.since !== null && currentTime - this.since >= this.patience);
    const playing = this.queued > 0 && (this.playing || due);
    if (this.playing && !playing) this.ranDry = currentTime;
    if (playing !== this.playing) this.port.postMessage(playing);
    this.playing = playing;
    if (!this.queued) this.since = null;
  }

  // Without anything queued the filter is fed silence, so that sound dies away without a click.
  #pull() {
    const samples = new Float32Array(PULL);
    for (let i = 0; i < PULL && this.playing && this.queued; i += 1) samples[i] = this.#next() / 32768;
    const fresh = this.resampler.push(samples);
    const ready = new Float32Array(this.ready.length + fresh.length);
    ready.set(this.ready);
    ready.set(fresh, this.ready.length);
    this.ready = ready;
  }

  #next() {
    const sample = decode(this.pieces[0][this.offset]);
    this.offset += 1;
    this.queued -= 1;
    if (this.offset === this.pieces[0].length) {
      this.pieces.shift();
      this.offset = 0;
    }
    return sample;
  }

  process(_inputs, [channels]) {
    this.#turn();
    const size = channels[0].length;
    while (this.ready.length < size) this.#pull();
    for (const channel of channels) channel.set(this.ready.subarray(0, size));
    this.ready = this.ready.subarray(size);
    return true;
  }
}

registerProcessor("loudspeaker", Loudspeaker);
