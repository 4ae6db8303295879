"""The exchange as an ASGI application: `/exchange/line`, `/exchange/messages` and Twilio's `/2010-04-01/…`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from ivr.carriers.exchange.answers import Answer
from ivr.carriers.exchange.exchange import Exchange
from ivr.carriers.exchange.line import Line, Message, Receive, Send
from ivr.carriers.exchange.rest import answer

PATHS = ("/exchange/", "/2010-04-01/")  # what is to be routed here
LINE = "/exchange/line"
MAX_BODY = 64_000  # bytes of a REST form


class ExchangeApp:
    """Mount it only where no real carrier is. `hosts` answers further hosts (name:port) of our pages."""

    def __init__(self, exchange: Exchange, hosts: Callable[[], Sequence[str]] = tuple) -> None:
        self.exchange = exchange
        self._hosts = hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One line or one REST call."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
            return
        await receive()  # websocket.connect
        if scope["path"] != LINE or not self._own_page(scope):
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept"})
        await Line(self.exchange, receive, send).serve()

    def _own_page(self, scope: Message) -> bool:
        """Whether a browser's request comes from a page of this server: other sites must not place calls through a
        visitor's browser. Programs send no Origin. The Host header alone proves nothing when it is a name: a foreign
        name may be made to point at this machine (DNS rebinding)."""
        headers = _headers(scope)
        if "origin" not in headers:
            return True
        origin, trunk = urlsplit(headers["origin"]), self.exchange.shared.trunk
        known = {urlsplit(url).netloc for url in (trunk.public_url(), trunk.local_url())} | set(self._hosts())
        return origin.netloc in known or (origin.netloc == headers.get("host") and _is_address(origin.hostname or ""))

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        request = (scope["method"], scope["path"], scope.get("query_string", b"").decode("latin-1"))
        if body is None:
            result = Answer(413, b"")
        else:
            result = answer(self.exchange, request, _headers(scope).get("authorization", ""), body)
        headers = [(b"content-type", result.kind.encode()), (b"content-length", str(len(result.body)).encode())]
        await send({"type": "http.response.start", "status": result.status, "headers": headers})
        await send({"type": "http.response.body", "body": result.body})


def _headers(scope: Message) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _is_address(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _body(receive: Receive) -> bytes | None:
    body = b""
    while len(body) <= MAX_BODY:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body
    return None
