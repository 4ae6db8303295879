// The microphone in the audio thread: the browser's sample rate in, 20 ms frames of 8 kHz mu-law out.

import { encodeFloat } from "./mulaw.js";
import { Resampler } from "./resample.js";

const FRAME = 160; // bytes: 20 ms of 8 kHz mu-law

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, 8000);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.peak = 0;
  }

  process([channels]) {
    if (channels.length) for (const sample of this.resampler.push(channels[0])) this.#take(sample);
    return true;
  }

  #take(sample) {
    this.peak = Math.max(this.peak, Math.abs(sample));
    this.frame[this.filled] = encodeFloat(sample);
    this.filled += 1;
    if (this.filled < FRAME) return;
    this.port.postMessage({ frame: this.frame.buffer, peak: this.peak }, [this.frame.buffer]);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.peak = 0;
  }
}

registerProcessor("microphone", Microphone);
