"""Notices: messages written in the transaction of their cause, sent later by a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

STATES = ("pending", "sent", "delivered", "undelivered", "failed", "expired", "dropped")


class Notice(Base):
    """A message to a citizen about a booking, a complaint, an appeal or a place on the waiting list.

    `subject` names that record (`booking:12`, `service:pan_card/9826…`), so that one event and version of it is told
    once a channel; `version` tells apart repeated events of one kind (a second "moved"). `state` is pending, sent,
    delivered, undelivered, failed (given up), expired (too late to be of use, from `expires_at`) or dropped (its cause
    is gone); a pending one is tried from `due_at` on, in the quiet hours, too, when it answers what the citizen has
    just done (`at_once`). One that went out before its cause was gone has `withdrawn_at`: it is not sent again.
    `carrier_id` is the carrier's message id. `template_id` is the registered template, `variables` its typed values as
    sent.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("subject", "event", "version", "channel"), Index(None, "state", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeals.id"), index=True)
    waiting_id: Mapped[int | None] = mapped_column(ForeignKey("waiting.id"), index=True)
    event: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    channel: Mapped[str] = mapped_column(default="sms")
    language: Mapped[str]
    recipient: Mapped[str]
    text: Mapped[str]
    template_id: Mapped[str] = mapped_column(default="", server_default="")
    variables: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    at_once: Mapped[bool] = mapped_column(default=False, server_default=false())
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    receipt_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    carrier_id: Mapped[str | None] = mapped_column(index=True)
    error: Mapped[str | None]
