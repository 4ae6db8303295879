"""Presence: who is at the desk, and what each agent does now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Presence(Base):
    """An agent (`agent`: id of the account) at the desk, one row each.

    `state` is off, ready, offered (a call), talking, wrap_up or break (why: `reason`), `since` when; `next_state` is
    the reason of a break that begins after the call ("": none). `ready_since` orders those who are ready. `phone` is
    where the call is brought to (E.164; "": the browser). `languages` and `queues` are what the agent takes (no queues:
    all). `handoff_id` is the call offered or in hand. `seen_at` is the last sign of life of the page. `leg` is the
    carrier's call to the agent's telephone in this call ("": none yet), `rung_at` when a process set about ringing it.
    `version` counts the changes (compare-and-set).
    """

    __tablename__ = "presences"

    agent: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(default="off", index=True)
    reason: Mapped[str] = mapped_column(default="")
    next_state: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    ready_since: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    phone: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]]
    queues: Mapped[list[str]]
    handoff_id: Mapped[int | None]
    leg: Mapped[str] = mapped_column(default="")
    rung_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
