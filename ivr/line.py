"""The seams of a live call: what the call needs from a carrier, a conversation, a voice and a recogniser."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from dialogs.gist import Gist
from dialogs.understand.meaning import Hearing
from ivr.actions import Action, Listen
from prompts.sentence import Sentence

FRAME_MS = 20
FRAME_BYTES = 160  # 20 ms of 8 kHz mu-law


class Line(Protocol):
    """The carrier's side of a call with audio; all audio is 8 kHz mu-law without header."""

    async def play(self, audio: bytes, mark: str) -> None:
        """Queue `audio` for the caller, followed by the mark `mark`, which comes back when it has been played."""

    async def clear(self) -> None:
        """Throw away what is queued and not yet played; its marks come back at once."""

    async def close(self) -> None:
        """Close the audio connection; the carrier then asks the webhook what follows."""


class Talk(Protocol):
    """A conversation as a channel sees it. Every method blocks (store): call it off the event loop, one at a time."""

    @property
    def id(self) -> str:
        """The conversation id, for logs."""

    @property
    def turn(self) -> int:
        """How many answers and silences there have been; a question asked by webhooks carries it with it."""

    def begin(self) -> list[Action]:
        """Begin, or take up again where it stopped."""

    def heard(self, hearings: Sequence[Hearing]) -> list[Action]:
        """The caller said something."""

    def keyed(self, keys: str) -> list[Action]:
        """The caller pressed keys: one at a menu, the whole string (without #) where digits are asked."""

    def silent(self) -> list[Action]:
        """The caller said and keyed nothing in time."""

    def recorded(self, audio: bytes, seconds: float) -> list[Action]:
        """A voice note ended: its mu-law audio and the length of speech in it (0: only silence)."""

    def hung_up(self) -> None:
        """The caller is gone."""

    def played(self, sentences: Collection[int]) -> None:
        """Which sentences of the last reply (numbered through from 0) the caller has heard. Does not block."""

    def gist(self, hearings: Sequence[Hearing]) -> Gist:
        """What can be made of partial hypotheses at the question asked. Pure: does not block and changes nothing; may
        be called while another method runs."""

    def filler(self) -> tuple[Sentence, ...]:
        """A few words that cover slow work. Does not block; may be called while another method runs."""


class Voice(Protocol):
    """Speech synthesis."""

    async def audio(self, sentence: Sentence) -> bytes:
        """The 8 kHz mu-law audio of a sentence. Raises SpeechUnavailable (ivr.speech.errors)."""


class Ear(Protocol):
    """The recognition of one turn in one or more languages."""

    def feed(self, audio: bytes) -> None:
        """Queue 8 kHz mu-law audio (any length) for decoding; never blocks."""

    def partial(self) -> tuple[Hearing, ...]:
        """The latest partial hypothesis of each language."""

    async def finish(self) -> tuple[Hearing, ...]:
        """Final hypotheses of all that was fed, best first (one a language; empty texts left out); frees the
        recognisers. An ear that never was fed decodes nothing and answers ()."""

    def discard(self) -> None:
        """Give the recognisers back without a result."""


class Ears(Protocol):
    """The shared recognisers."""

    @property
    def ready(self) -> bool:
        """Whether speech can be recognised in every configured language."""

    def ear(self, listen: Listen) -> Ear:
        """An ear for the question: grammar or free decoding per language as `listen` says."""
