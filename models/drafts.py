"""Drafts: what editors have changed of an edition, and nobody hears yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Draft(Base):
    """Changes under a name, shared by all editors. `based_on` is the edition that is changed; `version` grows with
    every change. `published_as` is the edition that was made of it, from then on nothing changes any more; None: open.
    `made_by` is a login. `dialled_at` is when it was chosen last to be heard at the test number.
    """

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    based_on: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    published_as: Mapped[int | None]
    dialled_at: Mapped[datetime | None]


class DraftEntry(Base):
    """One prompt text, its recording, or the phrases of one meaning, in one language of a draft.

    `kind` is "prompt" (`value`: the text alone), "recording" (the digest and the text that was recorded; empty: none)
    or "phrases" (all of them); None: as in the edition again. The row stays then, so that its `version` never comes to
    mean something else. `changed_by` is a login.
    """

    __tablename__ = "draft_entries"
    __table_args__ = (UniqueConstraint("draft_id", "kind", "language", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), index=True)
    kind: Mapped[str]
    language: Mapped[str]
    key: Mapped[str]
    value: Mapped[list[str] | None]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
