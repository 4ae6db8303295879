"""What was dealt with comes back onto the list."""

from __future__ import annotations

from flask import abort, request
from werkzeug.wrappers import Response as Answer

from booking import audit
from booking.audit import Deed
from booking.misses.handled import take_back
from console.accounts.parts import onward
from console.deps import deps
from console.misses.parts import nodes
from console.person import who
from console.prompts.parts import for_editors


@for_editors
def back(place: str) -> Answer:
    """Sentences that were assigned or passed over are open again; phrases stay in their draft."""
    if place not in nodes():
        abort(404)
    places = [(place, hash) for hash in request.form.getlist("sentence")[:5000]]
    with deps().store.begin() as session:
        if found := take_back(session, places):
            deed = Deed("miss.opened", f"question:{place}", after={"sentences": len(found)})
            audit.note(session, deps().now(), who(), deed)
    return onward("misses.page", "said_back")
