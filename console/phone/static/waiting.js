// A citizen's telephone waits to be called under its number, from one press of the button to the next.

import { Standby } from "./standby.js";
import { askToken } from "./token.js";

export class Waiting {
  /** `offer` says where the token is had (`renew`) and what lets a form of this page be sent (`csrf`); `microphone()` is
   * asked when a call is taken. */
  constructor(view, offer, microphone) {
    this.view = view;
    this.offer = offer;
    this.microphone = microphone;
    this.standby = null;
  }

  begin(number) {
    this.view.waits(number);
    this.view.phase("standby");
    this.standby = new Standby(this.view, {
      address: number,
      ask: () => this.#ask(number),
      microphone: this.microphone,
      refused: () => this.end("wait_refused"),
    });
  }

  /** Back to a telephone that calls; the notice `why` is shown. */
  end(why = "") {
    this.standby?.stop();
    this.standby = null;
    this.view.waits("");
    this.view.phase("idle");
    this.view.state("idle");
    this.view.notice(why);
  }

  #ask(number) {
    const headers = { "X-CSRFToken": this.offer.csrf };
    return askToken(this.offer.renew, { method: "POST", headers, body: new URLSearchParams({ number }) });
  }
}
