"""What carrying out TwiML needs of a call and of the exchange that it is up at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ivr.carriers.exchange.handset import Handset
from ivr.carriers.exchange.recordings import Recordings
from ivr.carriers.exchange.trunk import Trunk
from ivr.clock import Clock

if TYPE_CHECKING:
    from ivr.carriers.exchange.conference import Room


@dataclass(frozen=True)
class Exchanges:
    """What the calls of one exchange share; `rooms` are the conferences that are up, by their names."""

    trunk: Trunk
    clock: Clock
    recordings: Recordings
    rooms: dict[str, Room] = field(default_factory=dict)


class OnCall(Protocol):
    """The call that a verb is carried out on."""

    sid: str
    agent: str
    handset: Handset
    shared: Exchanges
    conversation: str

    async def ask(self, url: str, **form: str) -> str:
        """Ask a webhook of this call; its document."""

    def state(self, state: str, reason: str = "", detail: str = "") -> None:
        """Tell the caller how the call stands."""

    def new_sid(self, kind: str) -> str:
        """A fresh SID of a kind ("MZ")."""
