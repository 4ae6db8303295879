// The ringing of a telephone, as far as the browser lets a page sound before it was touched; the title rings anyway.

const CYCLE_MS = 3000;
const STROKES = [0, 0.6]; // seconds into the cycle
const STROKE_S = 0.4;

export class Ring {
  start() {
    this.stop();
    this.title = document.title;
    this.context = window.AudioContext ? new AudioContext() : null;
    this.#cycle();
    this.timer = setInterval(() => this.#cycle(), CYCLE_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.context?.close();
    this.context = null;
    if (this.title !== undefined) document.title = this.title;
    this.title = undefined;
  }

  #cycle() {
    document.title = document.title.startsWith("☎") ? this.title : `☎ ${this.title}`;
    if (this.context) for (const stroke of STROKES) this.#tone(this.context.currentTime + stroke);
  }

  #tone(at) {
    const tone = new OscillatorNode(this.context, { frequency: 480 });
    const loudness = new GainNode(this.context, { gain: 0 });
    loudness.gain.setTargetAtTime(0.12, at, 0.01);
    loudness.gain.setTargetAtTime(0, at + STROKE_S, 0.02);
    tone.connect(loudness).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + STROKE_S + 0.2);
  }
}
