"""The audit trail: who saw or changed what, when and from where. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AuditEntry(Base):
    """One deed. `who` is the login at that time ("": nobody was signed in; "command line"), and stays when the account
    goes; `what` is `<thing>.<deed>`, such as `account.locked` or `booking.seen`; `subject` is `<thing>:<id>`.

    `before` and `after` hold what changed, never a secret (`booking.audit` refuses them). The store itself refuses to
    change or remove a row: triggers of migration 0008.
    """

    __tablename__ = "audit"
    __table_args__ = (Index(None, "who", "id"), Index(None, "what", "id"), Index(None, "subject", "id"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[str | None] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
