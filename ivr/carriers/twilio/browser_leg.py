"""Access tokens for an agent's telephone in the browser: Twilio's Voice SDK takes them, and our exchange does, too."""

from __future__ import annotations

import re
from dataclasses import dataclass

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

TOKEN_S = 3600  # a token is good for so long; the page asks for another before
HOSTS = ("https://eventgw.twilio.com", "wss://voice-js.roaming.twilio.com")  # what the Voice SDK connects to
NAME = re.compile(r"[A-Za-z0-9_]{1,120}", re.ASCII)  # what a carrier takes for a client's identity


@dataclass(frozen=True)
class Key:
    """What signs tokens: the account, and the SID and secret of an API key (not the account's own token)."""

    account: str
    sid: str
    secret: str


def address(name: str) -> str:
    """Where the telephone of an agent is called. Raises ValueError: a name has letters, digits and _ only."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a telephone: letters, digits and _ only, at most 120")
    return f"client:{name}"


def access_token(key: Key, name: str) -> str:
    """The token with which a browser may take the calls for `name`, and make none. Raises ValueError."""
    address(name)
    grant = VoiceGrant(incoming_allow=True)
    token = AccessToken(key.account, key.sid, key.secret, [grant], identity=name, ttl=TOKEN_S)
    return str(token.to_jwt())
