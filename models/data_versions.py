"""Counters that say whether something kept in memory has changed in the store."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class DataVersion(Base):
    """How often what `name` stands for ("catalogue", "calendar") has been changed; no row: never."""

    __tablename__ = "data_versions"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
