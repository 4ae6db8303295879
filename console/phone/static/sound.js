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
    this.speaker = new AudioWorkletNode(context, "loudspeaker", { numberOfInputs: 0, outputChannelCount: [1] });
    this.speaker.port.onmessage = ({ data }) => onPlaying(data);
    this.speaker.connect(context.destination);
  }

  /** Ask for the microphone. `onFrame(bytes, peak)` gets 20 ms of 8 kHz mu-law and its peak, 0..1. Throws NoMicrophone. */
  async microphone(onFrame) {
    const stream = await askMicrophone();
    if (this.closed) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.stream = stream;
    const node = new AudioWorkletNode(this.context, "microphone");
    node.connect(this.context.destination); // it puts out silence; unconnected, some browsers do not run it
    node.port.onmessage = ({ data }) => onFrame(data.frame, data.peak);
    this.source = this.context.createMediaStreamSource(stream); // held: some browsers collect it otherwise
    this.source.connect(node);
  }

  /** A muted microphone goes on sending, silence. */
  mute(muted) {
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
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    setTimeout(() => this.context.close(), tail);
  }
}

async function askMicrophone() {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoMicrophone("not_secure");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: WANTED });
  } catch (error) {
    throw new NoMicrophone(error.name === "NotAllowedError" ? "no_permission" : "no_device");
  }
}
