"""The way from the exchange to the application: signed webhooks, audio files and sockets."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException, RemoteDisconnected
from urllib.parse import urlencode, urljoin

from websockets.asyncio.client import ClientConnection, connect

from ivr.carriers.twilio.signature import HEADER, Signatures

RETRY_S = 0.25  # between two tries to reach an application that is down
TIMEOUT_S = 15.0  # of one webhook, as Twilio
MAX_BODY = 10_000_000  # bytes of a document or a prompt's audio
_threads = ThreadPoolExecutor(16, thread_name_prefix="exchange-http")
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the application is here, not behind a proxy


class TrunkError(Exception):
    """A webhook or an audio file could not be had. The message says which and why."""


class NobodyThereError(TrunkError):
    """The application is not running, or went away before it answered."""


@dataclass(frozen=True)
class Trunk:
    """Signs like Twilio with `token` over the public addresses, and connects to the local ones.

    Both addresses are without closing slash, and functions because a server on port 0 learns its port late.
    `account_sid` is what the requests name as the account, `number` the one number that is connected to it. For
    `patience_s` an application that nobody answers for is tried again, as a carrier tries the next worker: while it
    starts anew its callers wait.
    """

    token: str
    public_url: Callable[[], str]
    local_url: Callable[[], str]
    account_sid: str = "AC" + "0" * 32
    number: str = "14545"
    voice: str = "/twilio/voice"
    status: str = "/twilio/voice/status"
    patience_s: float = 0.0

    @property
    def signatures(self) -> Signatures:
        """The signer."""
        return Signatures(self.token, self.public_url)

    def absolute(self, url: str) -> str:
        """The public URL of what a document refers to."""
        return urljoin(f"{self.public_url()}/", url)

    async def post(self, url: str, form: Mapping[str, str]) -> str:
        """Ask a webhook, signed; its answer. Raises TrunkError on anything but 2xx."""
        url = self.absolute(url)
        headers = {HEADER: self.signatures.sign(url, form), "Content-Type": "application/x-www-form-urlencoded"}
        body = await self._fetch(urllib.request.Request(self._local(url), urlencode(form).encode(), headers))
        return body.decode("utf-8", "replace")

    async def get(self, url: str) -> bytes:
        """Fetch an audio file. Raises TrunkError."""
        return await self._fetch(urllib.request.Request(self._local(self.absolute(url))))

    async def socket(self, url: str) -> ClientConnection:
        """Open a Media Stream socket with a signed opening request. Raises OSError or a websockets exception."""
        local = "ws" + self._local("http" + url.removeprefix("ws")).removeprefix("http")
        headers = {HEADER: self.signatures.sign(url, {})}
        return await connect(
            local, additional_headers=headers, compression=None, ping_interval=None, max_size=2**20, proxy=None
        )

    def _local(self, url: str) -> str:
        return self.local_url() + url.removeprefix(self.public_url()) if url.startswith(self.public_url()) else url

    async def _fetch(self, request: urllib.request.Request) -> bytes:
        if not request.full_url.startswith(f"{self.local_url()}/"):
            raise TrunkError(f"{request.full_url[:100]} is not the application's: the exchange asks nobody else")
        until = time.monotonic() + self.patience_s
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(_threads, _read, request)
            except NobodyThereError:
                if time.monotonic() >= until:
                    raise
                await asyncio.sleep(RETRY_S)


def _read(request: urllib.request.Request) -> bytes:
    try:
        with _opener.open(request, timeout=TIMEOUT_S) as response:
            body = bytes(response.read(MAX_BODY))
            if response.length:  # of a process that died while it answered
                raise NobodyThereError(f"{request.selector.partition('?')[0]}: the answer broke off")
            return body
    except urllib.error.HTTPError as error:
        raise TrunkError(f"{request.selector.partition('?')[0]} answered {error.code}") from None
    except (OSError, ValueError, HTTPException) as error:
        gone = isinstance(getattr(error, "reason", error), ConnectionError | RemoteDisconnected)
        kind = NobodyThereError if gone else TrunkError
        raise kind(f"{request.selector.partition('?')[0]}: {error}") from None
