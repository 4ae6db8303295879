"""REST calls about outgoing calls and conferences. A conference is named by us; its SID is looked up and remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ivr.bridge import BridgeFailed
from ivr.carriers.twilio.legs import LEG_EVENTS
from ivr.carriers.twilio.rest import Account, checked, rest_of

REMEMBERED = 1000  # conferences
LIVE = ("init", "in-progress")


@dataclass(frozen=True)
class Outgoing:
    """A call to be made: to whom, how long it rings (seconds), the address of its document and of its callbacks."""

    to: str
    seconds: int
    document: str
    callback: str


class Conferences:
    """Blocking; every failure is `BridgeFailed`. Thread-safe."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._rest = rest_of(account)
        self._sids: OrderedDict[str, str] = OrderedDict()

    def call(self, outgoing: Outgoing) -> str:
        """Make a call; its SID."""
        made = _checked(
            self._rest.calls.create,
            to=outgoing.to,
            from_=self._account.number,
            url=outgoing.document,
            timeout=outgoing.seconds,
            status_callback=outgoing.callback,
            status_callback_event=list(LEG_EVENTS),
        )
        return str(made.sid)

    def redirect(self, call: str, *, url: str = "", twiml: str = "") -> None:
        """Let a running call go on with the document at `url`, or with `twiml`."""
        document = {"url": url, "method": "POST"} if url else {"twiml": twiml}
        _checked(self._rest.calls(call).update, **document)

    def hang_up(self, call: str) -> None:
        """End a call; one that is not there any more stays so."""
        try:
            _checked(self._rest.calls(call).update, status="completed")
        except BridgeFailed as failed:
            if not failed.permanent:
                raise

    def update(self, room: str, call: str, **what: Any) -> None:
        """Change a participant."""
        self._in(room, lambda sid: self._rest.conferences(sid).participants(call).update(**what))

    def remove(self, room: str, call: str) -> None:
        """Take a participant out."""
        self._in(room, lambda sid: self._rest.conferences(sid).participants(call).delete())

    def participants(self, room: str) -> list[Any]:
        """Who takes part; [] where there is no such conference."""
        sid = self._look_up(room)
        if not sid:
            return []
        try:
            return list(_checked(self._rest.conferences(sid).participants.list))
        except BridgeFailed:
            if self._look_up(room) == sid:
                raise
            return self.participants(room)  # that conference ended while we asked

    def end(self, room: str) -> None:
        """End a conference; without one nothing happens."""
        sid = self._look_up(room)
        if not sid:
            return
        try:
            _checked(self._rest.conferences(sid).update, status="completed")
        except BridgeFailed:
            if self._look_up(room) == sid:
                raise

    def _in(self, room: str, deed: Callable[[str], Any]) -> None:
        """Do it in the conference of that name. A new one may have taken the place of the one that was remembered."""
        known = self._sids.get(room)
        if known:
            try:
                _checked(deed, known)
                return
            except BridgeFailed as failed:
                if not failed.permanent:
                    raise
        sid = self._look_up(room)
        if not sid or sid == known:
            raise BridgeFailed(f"nobody of that kind is in the room {room}", permanent=True)
        _checked(deed, sid)

    def _look_up(self, room: str) -> str:
        found = _checked(self._rest.conferences.list, friendly_name=room, limit=20)
        sid = next((str(c.sid) for c in found if c.status in LIVE), "")
        self._sids.pop(room, None)
        if sid:
            self._sids[room] = sid
        while len(self._sids) > REMEMBERED:
            self._sids.popitem(last=False)
        return sid


def _checked(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    return checked(BridgeFailed, call, *args, **options)
