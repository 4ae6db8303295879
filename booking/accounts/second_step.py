"""The second step: a six-digit code of an app (TOTP, RFC 6238). Every code is taken once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from booking import audit
from booking.accounts.errors import WrongCode
from booking.accounts.people import one, subject
from booking.audit import Deed, Who

STEP_S = 30
AROUND = (0, -1, 1)  # time steps: clocks of telephones are some seconds off, and typing takes time


def new_secret() -> str:
    """A fresh secret of 160 bits, base32."""
    return pyotp.random_base32()


def address(secret: str, login: str, issuer: str) -> str:
    """The otpauth:// address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def begin(session: Session, now: datetime, who: Who, secret: str, code: str) -> None:
    """Ask for codes from now on, once a first one proves that the app has the secret. Raises WrongCode."""
    account = one(session, who.account_id or "")
    account.totp_used = _step(secret, now, code, None)
    account.totp_secret = secret
    audit.note(session, now, who, Deed("account.second_step_on", subject(account)))


def stop(session: Session, now: datetime, who: Who, id: str) -> None:
    """Ask for no codes any more. Raises NotFound."""
    account = one(session, id)
    if account.totp_secret is not None:
        account.totp_secret = account.totp_used = None
        audit.note(session, now, who, Deed("account.second_step_off", subject(account)))


def take(session: Session, now: datetime, id: str, code: str) -> None:
    """Take a code of the account. Raises WrongCode, also for a code that was taken before."""
    account = one(session, id)
    if account.totp_secret is None:
        raise WrongCode
    account.totp_used = _step(account.totp_secret, now, code, account.totp_used)


def _step(secret: str, now: datetime, code: str, used: int | None) -> int:
    """The time step whose code it is."""
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    typed = "".join(code[:20].split())
    for step in (current + offset for offset in AROUND):
        if (used is None or step > used) and hmac.compare_digest(
            totp.at(step * STEP_S), typed.encode("ascii", "replace").decode()
        ):
            return step
    raise WrongCode
