// What our pages use of Twilio's Voice SDK, with nobody behind it: the test plays the carrier through `carrier`.

class Emitter {
  constructor() {
    this.heard = {};
  }

  on(event, listener) {
    (this.heard[event] ??= []).push(listener);
  }

  emit(event, ...told) {
    for (const listener of this.heard[event] ?? []) listener(...told);
  }
}

class FakeCall extends Emitter {
  constructor() {
    super();
    Object.assign(this, { state: "pending", keys: "", silent: false });
  }

  status() {
    return this.state;
  }

  accept() {
    this.state = "open";
    this.emit("accept", this);
  }

  reject() {
    this.#close("reject");
  }

  disconnect() {
    this.#close("disconnect");
  }

  #close(event) {
    this.state = "closed";
    this.emit(event, this);
  }

  mute(silent) {
    this.silent = silent;
  }

  isMuted() {
    return this.silent;
  }

  sendDigits(keys) {
    this.keys += keys;
  }
}

class FakeDevice extends Emitter {
  constructor(token, options) {
    super();
    Object.assign(this, { tokens: [token], options, state: "unregistered", microphones: [] });
    this.audio = {
      setInputDevice: async (id) => void this.microphones.push(id),
      unsetInputDevice: async () => void this.microphones.push(""),
    };
    carrier.devices.push(this);
  }

  async register() {
    this.state = "registered";
    this.emit("registered");
  }

  updateToken(token) {
    this.tokens.push(token);
  }
}

const carrier = {
  devices: [],
  get device() {
    return this.devices.at(-1);
  },
  lose() {
    this.device.state = "unregistered";
    this.device.emit("unregistered");
  },
  ring() {
    this.call = new FakeCall();
    this.device.emit("incoming", this.call);
  },
  cancel() {
    this.call.state = "closed";
    this.call.emit("cancel");
  },
};

globalThis.carrier = carrier;
globalThis.Twilio = { Device: FakeDevice };
