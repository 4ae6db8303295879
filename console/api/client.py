"""Who asks: the program behind the bearer token, and the citizen for whom it asks."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from typing import cast

from flask import g, request

from booking import access
from booking.actors import Actor, Role
from booking.errors import BadMobile
from booking.phone import mask
from booking.phone import mobile as mobile_digits
from console.api.deps import changing, now, reading
from console.api.problems import Refused
from models.errors import StoreError

log = logging.getLogger(__name__)

MOBILE, LAST4, PERSON = "Mitan-Mobile", "Mitan-Last4", "Mitan-Person"
PERSON_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,39}")
BEARER = re.compile(r"[Bb]earer +(mitan_[A-Za-z0-9_-]{43})\Z")
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="mitan"'}


@dataclass(frozen=True)
class Client:
    """A program with a valid token. `mobile` and `last4` are what it states of the citizen, `person` is who of the
    agents, executives or officers uses it (None: not said)."""

    id: str
    scopes: frozenset[str]
    office: str = ""
    mobile: str | None = None
    last4: str | None = field(default=None, repr=False)
    person: str | None = None

    @property
    def role(self) -> Role:
        """As whom it acts: by its `as:` scope, else as the citizen."""
        acting = next((s.removeprefix("as:") for s in self.scopes if s.startswith("as:")), "caller")
        return cast(Role, acting)

    @property
    def citizen(self) -> bool:
        """Whether it may touch only what belongs to the mobile it states."""
        return self.role == "caller"

    @property
    def actor(self) -> Actor:
        """As it stands in the events: `caller:api-1a2b3c4d`, `agent:7`, `executive:M-1`."""
        person = None if self.citizen else self.person
        return Actor(self.role, person or f"api-{self.id[:8]}")

    @property
    def sees_as(self) -> str:
        """As which office it sees complaints; "" for agents and administrators, who see everything. Raises Refused for
        who has no business with them."""
        if self.role in ("agent", "admin"):
            return ""
        if self.role != "office" or not self.office:
            raise Refused("forbidden", "Complaints are for citizens, agents, administrators and offices.")
        return self.office

    def shown(self, mobile: str) -> str:
        """`mobile` in full where the token may see it, else masked."""
        return mobile if "mobiles:read" in self.scopes else mask(mobile)

    def stated(self) -> str:
        """The citizen's mobile; raises Refused where none was stated."""
        if self.mobile is None:
            raise Refused("mobile_missing")
        return self.mobile


def client() -> Client:
    """Who asks and for whom; raises Refused (401) without a valid token, BadMobile."""
    if "client" not in g:
        found = known()
        if found is None:
            raise Refused("unauthorized", headers=CHALLENGE)
        g.client = replace(found, mobile=_mobile(), last4=request.headers.get(LAST4), person=_person())
    return cast(Client, g.client)


def known() -> Client | None:
    """The program that asks, whatever it states, looked up once a request; None without a valid token."""
    if "known" not in g:
        g.known = _identify()
    return cast("Client | None", g.known)


def named() -> str:
    """The key under which requests are counted: the token, or the address where there is no valid one."""
    found = known()
    return f"token:{found.id}" if found else f"address:{request.remote_addr}"


def _identify() -> Client | None:
    sent = BEARER.fullmatch(request.headers.get("Authorization", ""))
    if sent is None:
        return None
    with reading() as session:
        row = access.identify(session, now(), sent[1])
    if row is None:
        return None
    if access.use_is_stale(row, now()):
        _note_use(row.id)
    return Client(row.id, frozenset(row.scopes), row.office)


def _note_use(id: str) -> None:
    try:
        with changing() as session:
            access.used(session, now(), id)
    except StoreError as error:  # the request itself may only need to read
        log.warning("use of token %s not noted: %s", id[:8], error)


def _mobile() -> str | None:
    stated = request.headers.get(MOBILE)
    if stated is None:
        return None
    digits = mobile_digits(stated)
    if digits is None:
        raise BadMobile
    return digits


def _person() -> str | None:
    stated = request.headers.get(PERSON)
    if stated is not None and not PERSON_ID.fullmatch(stated):
        raise Refused("invalid", f"{PERSON}: letters, digits, / . _ and -, at most 40")
    return stated


def admitted(scope: str) -> Client:
    """Who asks, when the token has `scope`; raises Refused (401, 403)."""
    found = client()
    if scope not in found.scopes:
        raise Refused("forbidden", f"The token has not the scope {scope}.")
    return found
