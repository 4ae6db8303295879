// A streaming resampler between any two rates: a Kaiser-windowed sinc, read off a fine table.
//
// Telephone audio holds nothing above 4 kHz, so both directions need the same low-pass: before going down to 8 kHz against
// aliases, after coming up against images. It passes up to 3.4 kHz and is down some 60 dB from 4 kHz.

const HALF = 32; // zero crossings each side of the kernel, in samples of the lower rate (4 ms at 8 kHz)
const CUTOFF = 0.925; // of the lower rate's Nyquist frequency: 3.7 kHz at 8 kHz
const BETA = 6; // Kaiser window: about 63 dB
const STEPS = 512; // table entries a sample of the lower rate

function bessel(x) {
  let sum = 1;
  for (let term = 1, k = 1; term > 1e-12 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function makeKernel() {
  const table = new Float32Array(HALF * STEPS + 2); // the last two stay 0
  for (let i = 0; i < HALF * STEPS; i += 1) {
    const t = i / STEPS;
    const sinc = t === 0 ? CUTOFF : Math.sin(Math.PI * CUTOFF * t) / (Math.PI * t);
    table[i] = (sinc * bessel(BETA * Math.sqrt(1 - (t / HALF) ** 2))) / bessel(BETA);
  }
  return table;
}

const KERNEL = makeKernel();

export class Resampler {
  /** From `from` to `to` samples a second (any positive numbers). */
  constructor(from, to) {
    this.step = from / to; // input samples an output sample
    this.scale = Math.min(from, to) / from; // kernel time an input sample
    this.reach = Math.ceil(HALF / this.scale); // input samples each side of an output
    this.input = new Float32Array(4 * this.reach + 4096);
    this.held = this.reach; // silence before the first sample
    this.position = this.reach; // of the next output, in samples of `input`
  }

  /** Take `samples`; gives every output sample that they complete, as a new array. */
  push(samples) {
    const room = 4096;
    const parts = [];
    for (let at = 0; at < samples.length; at += room) parts.push(this.#pushSome(samples.subarray(at, at + room)));
    return parts.length === 1 ? parts[0] : joined(parts);
  }

  #pushSome(samples) {
    this.#forget(samples.length);
    this.input.set(samples, this.held);
    this.held += samples.length;
    const count = Math.max(0, Math.ceil((this.held - this.reach - this.position) / this.step));
    const out = new Float32Array(count);
    for (let i = 0; i < count; i += 1, this.position += this.step) out[i] = this.#at(this.position);
    return out;
  }

  #forget(coming) {
    if (this.held + coming <= this.input.length) return;
    const drop = Math.floor(this.position) - this.reach;
    this.input.copyWithin(0, drop, this.held);
    this.held -= drop;
    this.position -= drop;
  }

  #at(position) {
    const first = Math.max(0, Math.ceil(position - this.reach));
    const last = Math.min(this.held - 1, Math.floor(position + this.reach));
    let sum = 0;
    for (let i = first; i <= last; i += 1) {
      const t = Math.abs(position - i) * this.scale * STEPS;
      const k = t | 0;
      if (k >= HALF * STEPS) continue;
      sum += this.input[i] * (KERNEL[k] + (t - k) * (KERNEL[k + 1] - KERNEL[k]));
    }
    return sum * this.scale;
  }
}

function joined(parts) {
  const out = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
