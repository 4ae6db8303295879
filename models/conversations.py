"""Conversations on any channel and their turns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime


class Conversation(Base):
    """One dialog. `state` is the dialog's own JSON; `version` counts its changes (compare-and-set).

    `outcome` is set when it ends: booked, handoff, goodbye, cut_off …; `handoff_reason` when an agent took over.
    `edition` is that of the prompts and phrases with which it began and ends; with `trial` it tries a draft
    instead, and is no caller's.
    """

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "caller", "started_at"), Index(None, "started_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    caller: Mapped[str | None]
    language: Mapped[str | None]
    state: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    handoff_reason: Mapped[str | None]
    edition: Mapped[int] = mapped_column(default=0, server_default="0")
    trial: Mapped[int | None]


class Turn(Base):
    """One thing said or keyed: `who` is bot or caller, `kind` say/heard/keyed/silent/…, `understood` its meaning."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    who: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    node: Mapped[str | None]
    understood: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
