"""`ivr.bridge.Bridge` over Twilio's contract: conferences, legs that are called, calls that are redirected."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from ivr.bridge import Member, Ring, Seat
from ivr.carriers.twilio.browser_leg import Key, access_token
from ivr.carriers.twilio.conferences import Conferences, Outgoing
from ivr.carriers.twilio.handoff_twiml import Hall, Place, conference
from ivr.carriers.twilio.rest import Account
from ivr.carriers.twilio.signature import Signatures
from prompts.sentence import Sentence

ROOT = "/twilio/desk"
WAIT, KEYED, LEFT, BACK = f"{ROOT}/wait", f"{ROOT}/keyed", f"{ROOT}/left", f"{ROOT}/back"
WHISPER, ANSWER, LEG, ROOM = f"{ROOT}/whisper", f"{ROOT}/answer", f"{ROOT}/leg", f"{ROOT}/room"
MUSIC = "/audio/music.wav"


class TwilioBridge:
    """Blocking, thread-safe. `audio_path` names a sentence's WAV; `key` signs browser tokens (None: there are none)."""

    def __init__(
        self, account: Account, signatures: Signatures, audio_path: Callable[[Sentence], str], key: Key | None
    ) -> None:
        self._rest = Conferences(account)
        self._signatures, self._audio_path, self._key = signatures, audio_path, key

    def wait(self, call: str) -> None:
        """Let the caller wait."""
        self._rest.redirect(call, url=self._signatures.url(WAIT))

    def ring(self, ring: Ring) -> str:
        """Call an agent's telephone; its leg."""
        ticket = urlencode({"ticket": ring.ticket})
        document = self._signatures.url(WHISPER if ring.asks else ANSWER, ticket + ("" if ring.asks else "&taken=1"))
        return self._rest.call(Outgoing(ring.to, ring.seconds, document, self._signatures.url(LEG, ticket)))

    def join(self, call: str, room: str) -> None:
        """Bring the caller into a room."""
        left = self._signatures.url(LEFT)
        self._rest.redirect(call, twiml=conference(Place(room, ends=True), hall_of(self._signatures), left))

    def back(self, call: str) -> None:
        """Let the conversation with the bot go on."""
        self._rest.redirect(call, url=self._signatures.url(BACK))

    def hold(self, room: str, call: str, *, on: bool) -> None:
        """Hold somebody with music, or end that."""
        music = {"hold_url": self._signatures.url(MUSIC), "hold_method": "GET"} if on else {}
        self._rest.update(room, call, hold=on, **music)

    def mute(self, room: str, call: str, *, on: bool) -> None:
        """Let somebody not be heard, or be heard again."""
        self._rest.update(room, call, muted=on)

    def seat(self, seat: Seat, leg: str) -> None:
        """Change the part of a leg in the room."""
        coach = {"coaching": True, "call_sid_to_coach": seat.coached} if seat.part == "whisper" else {"coaching": False}
        if seat.part == "listen":  # muted first: not a word of a supervisor may slip out
            self._rest.update(seat.room, leg, muted=True)
            self._rest.update(seat.room, leg, coaching=False)
        else:
            self._rest.update(seat.room, leg, **coach)
            self._rest.update(seat.room, leg, muted=False)

    def remove(self, room: str, call: str) -> None:
        """Take somebody out of a room."""
        self._rest.remove(room, call)

    def announce(self, room: str, call: str, sentence: Sentence) -> None:
        """Let one in a room hear a sentence."""
        url = self._signatures.url(self._audio_path(sentence))
        self._rest.update(room, call, announce_url=url, announce_method="GET")

    def members(self, room: str) -> tuple[Member, ...]:
        """Who is in a room now."""
        found = self._rest.participants(room)
        return tuple(Member(str(p.call_sid), bool(p.muted), bool(p.hold), bool(p.coaching)) for p in found)

    def end(self, room: str) -> None:
        """End a room for all."""
        self._rest.end(room)

    def hang_up(self, call: str) -> None:
        """End a call or leg."""
        self._rest.hang_up(call)

    def token(self, name: str) -> str:
        """The access token of an agent's browser telephone."""
        return access_token(self._key, name) if self._key else ""


def hall_of(signatures: Signatures) -> Hall:
    """The addresses that every room has."""
    return Hall(signatures.url(MUSIC), signatures.url(ROOM))


def place_of(seat: Seat) -> Place:
    """A leg's place in a conference."""
    return Place(
        seat.room, ends=seat.ends, muted=seat.part == "listen", coach=seat.coached if seat.part == "whisper" else ""
    )
