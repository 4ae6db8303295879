// Loudspeaker and microphone of the page.

/** Why there is no microphone: `word` names the label that says it. */
export class NoMicrophone extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

const WANTED = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

export class Sound {
  /** A running loudspeaker, or null where the browser has none. `onPlaying(bool)` tells when sound begins and ends. */
  static async open(onPlaying) {
    if (!window.AudioContext || !window.AudioWorkletNode) return null;
    const context = new AudioContext({ latencyHint: "interactive" });
    context.resume(); // now, while the press of the button still counts; not awaited: without one it never settles
    try {
      for (const name of ["loudspeaker", "microphone"]) {
        await context.audioWorklet.addModule(new URL(`./${name}.worklet.js`, import.meta.url));
      }
    } catch {
      await context.close();
      return null;
    }
    return new Sound(context, onPlaying);
  }

  constructor(context, onPlaying) {
    this.context = context;
    this.stream = null;
    this.closed = false;
    this.silent = false;
    this.lost = () => {}; // the microphone was pulled out
    this.speaker = new AudioWorkletNode(context, "loudspeaker", { numberOfInputs: 0, outputChannelCount: [1] });
    this.speaker.port.onmessage = ({ data }) => onPlaying(data);
    this.speaker.connect(context.destination);
  }

  /** Ask for the microphone `device` ("": the browser's choice). `onFrame(bytes, peak)` gets 20 ms of 8 kHz mu-law and
   * its peak, 0..1. Throws NoMicrophone. */
  async microphone(onFrame, device = "") {
    const stream = await this.#ask(device);
    if (!stream) return;
    this.ear = new AudioWorkletNode(this.context, "microphone");
    this.ear.connect(this.context.destination); // it puts out silence; unconnected, some browsers do not run it
    this.ear.port.onmessage = ({ data }) => onFrame(data.frame, data.peak);
    this.#listen(stream);
  }

  /** Go over to another microphone. Throws NoMicrophone; the one before then goes on. */
  async use(device) {
    const stream = this.ear && (await this.#ask(device));
    if (!stream) return;
    this.source.disconnect();
    this.#release();
    this.#listen(stream);
  }

  async #ask(device) {
    const stream = await askMicrophone(device);
    if (!this.closed) return stream;
    for (const track of stream.getTracks()) track.stop();
    return null;
  }

  #listen(stream) {
    this.stream = stream;
    this.source = this.context.createMediaStreamSource(stream); // held: some browsers collect it otherwise
    this.source.connect(this.ear);
    this.mute(this.silent);
    for (const track of stream.getAudioTracks()) track.onended = () => this.lost();
  }

  #release() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  /** A muted microphone goes on sending, silence. */
  mute(muted) {
    this.silent = muted;
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  play(bytes) {
    this.speaker.port.postMessage(bytes, [bytes]);
  }

  clear() {
    this.speaker.port.postMessage("clear");
  }

  /** Let the microphone go at once and the loudspeaker after `tail` ms. */
  close(tail = 0) {
    this.closed = true;
    this.#release();
    setTimeout(() => this.context.close(), tail);
  }
}

async function askMicrophone(device) {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoMicrophone("not_secure");
  const audio = device ? { ...WANTED, deviceId: { exact: device } } : WANTED;
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    if (device && error.name === "OverconstrainedError") return askMicrophone(""); // no longer plugged in
    throw new NoMicrophone(error.name === "NotAllowedError" ? "no_permission" : "no_device");
  }
}
