"""People who sign in to the console: accounts, where they are signed in, one-time links and failed tries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Account(Base):
    """A person who signs in. `login` is lower case and never changes; `roles` are those of `booking.accounts.roles`.

    `password_hash` is argon2id ("": no password yet, a one-time link sets it). `must_change`: a password that somebody
    else knows. `totp_secret` is set while a second step is asked, `totp_used` the last time step whose code was taken.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    roles: Mapped[list[str]]
    language: Mapped[str] = mapped_column(String(8), default="hi")
    password_hash: Mapped[str] = mapped_column(default="")
    password_at: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_used: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]


class SignIn(Base):
    """A browser in which somebody is signed in. `hash` is the SHA-256 of the token in its cookie, so that reading the
    table lets nobody in. `seen_at` is the last request, exact to a minute."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))


class PasswordLink(Base):
    """A one-time link to set a password; only the SHA-256 of its token is kept."""

    __tablename__ = "password_links"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FailedTries(Base):
    """Failed sign-ins of one `subject`: the SHA-256 of a login, which need not exist, or of a network address. Counted
    alike for both, so that waiting tells nobody which logins exist."""

    __tablename__ = "failed_tries"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime | None]
