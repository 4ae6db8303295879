"""The wording of notices where people have changed it: every version of it, the file's own being version 0."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class NoticeWording(Base):
    """What is written about an event from `made_at` on, until its next `version`. `texts` by language; `template_ids`
    are the operators' ids of these texts by `channel.language`. `author` is a login. Never changed."""

    __tablename__ = "notice_wordings"
    __table_args__ = (UniqueConstraint("event", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    version: Mapped[int]
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    template_ids: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    author: Mapped[str]
