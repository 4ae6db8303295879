// A telephone that is called, whoever brings the call: it waits, rings, and shows it. What is done with a call is said by
// those who extend it: `answer()`, `refuse()`, and `end()` of the call under way.

import { Ring } from "./ring.js";

export class Receiver {
  constructor(view) {
    this.view = view;
    this.call = null;
    this.coming = null; // the call that rings
    this.device = ""; // the microphone's
    this.ring = new Ring();
  }

  get rings() {
    return this.coming !== null;
  }

  /** Ready for the next call; the notice `why` is shown, null leaves what is there. */
  wait(why) {
    this.quiet();
    this.call = null;
    this.view.phase("standby");
    this.view.state("standby");
    if (why !== null) this.view.notice(why);
  }

  /** Cannot be called now, for the reason `why`. */
  offline(why) {
    this.wait(why);
    this.view.state("ended");
  }

  /** Ring for the call `coming`. */
  incoming(coming) {
    this.coming = coming;
    this.view.fresh();
    this.view.phase("rings");
    this.view.state("incoming");
    this.ring.start();
  }

  /** Ring no longer. */
  quiet() {
    this.coming = null;
    this.ring.stop();
  }

  hangUp() {
    if (this.rings) this.refuse();
    else if (this.call && !this.call.over) this.end();
  }
}
