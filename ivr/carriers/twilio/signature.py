"""Whether a request comes from our carrier: Twilio's signature over the public URL and the form."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"
log = logging.getLogger(__name__)


class Signatures:
    """Checks and makes signatures with the account's token.

    `public_url` answers the configured address under which the carrier reaches us, without closing slash: behind a
    proxy the address that a request arrives with is not the one that was signed. It is a function because a server on
    port 0 learns its port late.
    """

    def __init__(self, token: str, public_url: Callable[[], str]) -> None:
        if not token:
            raise ValueError("an empty signing token: set TWILIO_AUTH_TOKEN")
        self._validator = RequestValidator(token)
        self._public_url = public_url

    def url(self, path: str, query: str = "") -> str:
        """The public URL of `path`."""
        return f"{self._public_url()}{path}" + (f"?{query}" if query else "")

    def socket_url(self, path: str, query: str = "") -> str:
        """The public URL of a socket: ws or wss."""
        return "ws" + self.url(path, query).removeprefix("http")

    def valid(self, url: str, form: Mapping[str, Any], signature: str) -> bool:
        """Whether `signature` was made over `url` and `form` with our token."""
        return bool(signature) and signature.isascii() and bool(self._validator.validate(url, form, signature))

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """The signature of a request, as the carrier makes it."""
        return str(self._validator.compute_signature(url, form))


def refuse(remote: str, path: str) -> None:
    """Log a request that is not the carrier's: where from and what for, nothing of its content."""
    log.warning("refused unsigned request from %s to %s", remote, path[:100])
