// G.711 mu-law, bit for bit as Python's audioop does it (tests/console/test_codec.py compares every value).

const BIAS = 33; // 0x84 / 4: companding works on the upper 14 of 16 bits
const CLIP = 8159;

function encode14(sample) {
  const sign = sample < 0 ? 0x7f : 0xff;
  const biased = Math.min(Math.abs(sample), CLIP) + BIAS;
  const segment = Math.max(0, 26 - Math.clz32(biased)); // 26: biased values below 64 are segment 0
  if (segment > 7) return 0x7f ^ sign;
  return ((segment << 4) | ((biased >> (segment + 1)) & 0x0f)) ^ sign;
}

function decode16(byte) {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84;
  return code & 0x80 ? -magnitude : magnitude;
}

const ENCODED = Uint8Array.from({ length: 16384 }, (_, i) => encode14(i - 8192));
const DECODED = Int16Array.from({ length: 256 }, (_, i) => decode16(i));

/** The mu-law byte of a 16-bit sample, -32768..32767. */
export function encode(sample) {
  return ENCODED[(sample >> 2) + 8192];
}

/** The 16-bit sample of a mu-law byte, -32124..32124. */
export function decode(byte) {
  return DECODED[byte];
}

/** The mu-law byte of a sample in -1..1; louder ones are clipped. */
export function encodeFloat(sample) {
  return encode(Math.max(-32768, Math.min(32767, Math.round(sample * 32768))));
}

export const SILENCE = 0xff;
