// A sentence is said into the page: the browser records it and turns it into 8 kHz WAV, the helpline's recogniser hears it.

const RATE = 8000;
const LONGEST_MS = 20_000;

const button = document.getElementById("speak");
const status = document.getElementById("speaking");
const form = button.form;
const label = button.textContent;
let recorder = null;

const say = (name) => {
  status.textContent = name ? status.dataset[name] : "";
  status.classList.toggle("wrong", name === "noMicrophone" || name === "failed");
};

/** The samples (-1..1) as a 16-bit WAV file. */
function wav(samples) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at, letters) => [...letters].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((v, i) => view.setInt16(44 + 2 * i, Math.round(Math.max(-1, Math.min(1, v)) * 32767), true));
  return view.buffer;
}

async function sent(pieces) {
  const coded = await new Blob(pieces).arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(coded); // brought to its rate
  const { at, language } = Object.fromEntries(new FormData(form));
  const answer = await fetch(`${button.dataset.to}?${new URLSearchParams({ at, language })}`, {
    method: "POST",
    body: wav(sound.getChannelData(0)),
    headers: {
      "Content-Type": "audio/wav",
      "HX-Request": "true",
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
  });
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
}

async function finish(stream, pieces) {
  for (const track of stream.getTracks()) track.stop();
  recorder = null;
  button.textContent = label;
  button.disabled = true;
  say("waiting");
  try {
    const made = document.createRange().createContextualFragment(await sent(pieces));
    document.getElementById("tried").replaceWith(made);
    say("");
  } catch {
    say("failed");
  }
  button.disabled = false;
}

async function begin() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
  if (!stream) return say("noMicrophone");
  const pieces = [];
  recorder = new MediaRecorder(stream);
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.onstop = () => finish(stream, pieces);
  recorder.start();
  const mine = recorder;
  setTimeout(() => mine.state === "recording" && mine.stop(), LONGEST_MS);
  button.textContent = button.dataset.stop;
  say("recording");
}

button.hidden = !navigator.mediaDevices?.getUserMedia || !window.MediaRecorder; // only where the page is secure
button.addEventListener("click", () => (recorder ? recorder.stop() : begin()));
