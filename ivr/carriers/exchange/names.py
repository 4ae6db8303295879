"""Names at the exchange ("client:asha"), proved by the same access tokens that Twilio's Voice SDK takes."""

from __future__ import annotations

from twilio.base.exceptions import TwilioException
from twilio.jwt import JwtDecodeError
from twilio.jwt.access_token import AccessToken

from ivr.carriers.exchange.trunk import Trunk


def identity_of(token: str, trunk: Trunk) -> str:
    """Who may be called with this token; "" when it is not one of this exchange, is too old, or is for no calls."""
    try:
        found = AccessToken.from_jwt(token, trunk.token)
    except (JwtDecodeError, TwilioException, ValueError, TypeError):
        return ""
    grants = found.payload.get("grants", {})
    may = grants.get("voice", {}).get("incoming", {}).get("allow") is True
    return str(grants.get("identity", "")) if may and found.payload.get("sub") == trunk.account_sid else ""
