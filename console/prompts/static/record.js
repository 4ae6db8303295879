// The microphone takes a recording, which then stands in the field for files as if it had been chosen there. A file that
// is too large is named before it is sent.

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const PLAIN = { audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false } };
const TICK_MS = 200;

const field = (box) => box.querySelector("input[type=file]");
const possible = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

function weigh(box) {
  const [file] = field(box).files;
  const heavy = Boolean(file) && file.size > Number(box.dataset.bytes);
  const line = box.querySelector(".too-big");
  line.hidden = !heavy;
  field(box).setCustomValidity(heavy ? line.textContent : "");
}

function chosen(box, file) {
  const all = new DataTransfer();
  all.items.add(file);
  field(box).files = all.files;
  const audio = box.querySelector("audio");
  URL.revokeObjectURL(audio.src);
  audio.src = URL.createObjectURL(file);
  audio.hidden = false;
  weigh(box);
}

class Taking {
  constructor(box, stream) {
    this.box = box;
    this.stream = stream;
    this.begun = performance.now();
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 128000 });
    const parts = [];
    this.recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    this.recorder.addEventListener("stop", () => this.done(parts));
    this.recorder.start();
    this.clock = setInterval(() => this.tick(), TICK_MS);
    this.show(true);
    this.tick();
  }

  tick() {
    const seconds = (performance.now() - this.begun) / 1000;
    const whole = Math.floor(seconds);
    this.box.querySelector(".clock").value = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    if (seconds >= Number(this.box.dataset.seconds) - 1 || !this.box.isConnected) this.stop();
  }

  stop() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  done(parts) {
    clearInterval(this.clock);
    for (const track of this.stream.getTracks()) track.stop();
    taking.delete(this.box);
    this.show(false);
    const kind = this.recorder.mimeType.split(";")[0];
    chosen(this.box, new File(parts, `microphone.${kind.split("/")[1]}`, { type: kind }));
  }

  show(on) {
    this.box.querySelector(".begin").hidden = on;
    this.box.querySelector(".end").hidden = !on;
    this.box.querySelector(".clock").hidden = !on;
  }
}

const taking = new Map();

async function begin(box) {
  const denied = box.querySelector(".denied");
  denied.hidden = true;
  try {
    taking.set(box, new Taking(box, await navigator.mediaDevices.getUserMedia(PLAIN)));
  } catch {
    denied.hidden = false;
  }
}

function ready(root) {
  for (const button of root.querySelectorAll("[data-record]")) button.hidden = !possible();
}

document.addEventListener("click", ({ target }) => {
  const box = target.closest("[data-record]")?.closest(".take");
  if (!box) return;
  if (taking.has(box)) taking.get(box).stop();
  else begin(box);
});
document.addEventListener("change", ({ target }) => {
  const box = target.closest(".take");
  if (!box) return;
  box.querySelector("audio").hidden = true; // what was recorded before is not what will be sent
  weigh(box);
});
document.addEventListener("htmx:load", ({ detail }) => ready(detail.elt));
ready(document);
