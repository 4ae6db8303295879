"""What the console's pages need from the application, and how long and how often people may try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from booking.accounts.sign_ins import Span
from booking.accounts.tries import Patience
from ivr.assembly import Application
from ivr.gate import KEEPER
from ivr.settings import Accounts
from models.store import Store


@dataclass(frozen=True)
class SignInRules:
    """How long a sign-in and a one-time link last, how often a login and an address may fail, and the length of the
    shortest password."""

    span: Span
    login: Patience
    address: Patience
    link: timedelta
    password_min: int


@dataclass(frozen=True)
class ConsoleDeps:
    """The store, the clock, the rules; the brand by language and the helpline's number; the key of cookies, whether
    these go over https only; `url()`, the address under which people reach us."""

    store: Store
    now: Callable[[], datetime]
    rules: SignInRules
    brand: Mapping[str, str]
    helpline: str
    secret: str
    secure: bool
    url: Callable[[], str]


def deps() -> ConsoleDeps:
    """Those of the application that answers the present request."""
    found: ConsoleDeps = current_app.extensions[KEEPER]
    return found


def deps_of(application: Application, secret: str) -> ConsoleDeps:
    """What the pages need, from the application's parts."""
    settings = application.settings
    return ConsoleDeps(
        store=application.helpline.store,
        now=application.clock.now,
        rules=rules_of(settings.accounts),
        brand={"hi": settings.brand.name_hi, "en": settings.brand.name_en},
        helpline=settings.brand.helpline,
        secret=secret,
        secure=settings.server.public_url.startswith("https://"),
        url=application.address.public,
    )


def rules_of(accounts: Accounts) -> SignInRules:
    """The rules of the settings' section."""
    first, longest = timedelta(seconds=accounts.wait_s), timedelta(minutes=accounts.wait_max_min)
    forget = timedelta(hours=accounts.forget_h)
    return SignInRules(
        span=Span(timedelta(minutes=accounts.idle_min), timedelta(hours=accounts.longest_h)),
        login=Patience(accounts.tries, first, longest, forget),
        address=Patience(accounts.address_tries, first, longest, forget),
        link=timedelta(hours=accounts.link_h),
        password_min=accounts.password_min,
    )
