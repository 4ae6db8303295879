"""Voice notes as a browser plays them."""

from __future__ import annotations

from flask import Response, abort

from booking import notes
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.errors import NotFound
from console.deps import deps
from ivr.gate import open_to
from ivr.speech import codec, wav


@open_to(AGENT, SUPERVISOR, seen="voice_note")
def note(id: str) -> Response:
    """The recording. Always whole (some 0.5 MB at most), so that every listening stands in the audit trail once."""
    try:
        with deps().store.read() as session:
            found = notes.get(session, id)
    except NotFound:
        abort(404)
    if not found.audio:
        abort(404)  # typed instead of spoken
    return Response(wav.to_wav(codec.to_pcm(found.audio)), mimetype="audio/wav")
