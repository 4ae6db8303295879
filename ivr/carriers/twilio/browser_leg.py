"""Access tokens for an agent's telephone in the browser: Twilio's Voice SDK takes them, and our exchange does, too."""

from __future__ import annotations

from dataclasses import dataclass

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from ivr.bridge import BrowserPhone, address

TOKEN_S = 3600  # a token is good for so long; the page asks for another before
HOSTS = ("https://eventgw.twilio.com", "wss://voice-js.roaming.twilio.com")  # what the Voice SDK connects to


@dataclass(frozen=True)
class Key:
    """What signs tokens: the account, and the SID and secret of an API key (not the account's own token)."""

    account: str
    sid: str
    secret: str


def browser_phone(key: Key | None) -> BrowserPhone:
    """How pages reach the carrier; without a key no token can be signed."""
    return BrowserPhone(sdk=True, hosts=HOSTS, works=key is not None)


def access_token(key: Key, name: str) -> str:
    """The token with which a browser may take the calls for `name`, and make none. Raises ValueError."""
    address(name)
    grant = VoiceGrant(incoming_allow=True)
    token = AccessToken(key.account, key.sid, key.secret, [grant], identity=name, ttl=TOKEN_S)
    return str(token.to_jwt())
