"""`python app.py exchange`: the built-in exchange in a process of its own, so that calls outlive the server."""

from __future__ import annotations

import asyncio
from typing import Any

import click
import uvicorn

from ivr.assembly import EXCHANGE_ACCOUNT
from ivr.carriers.exchange.asgi import ExchangeApp
from ivr.carriers.exchange.exchange import Exchange
from ivr.carriers.exchange.trunk import Trunk
from ivr.clock import Clock
from ivr.logs import configure
from ivr.settings import SettingsError, load

PATIENCE_S = 60.0  # how long callers wait for a server that starts anew


@click.command(help="Run the built-in exchange in a process of its own. EXCHANGE_TOKEN signs, here and at the server.")
@click.option("--port", default=8100, show_default=True, help="TCP port on 127.0.0.1.")
@click.option("--application", default="http://127.0.0.1:8000", show_default=True, help="Address of the server.")
def command(port: int, application: str) -> None:
    """Serve until interrupted."""
    try:
        settings = load()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    token = settings.exchange_token.get_secret_value()
    if not token:
        raise click.ClickException("EXCHANGE_TOKEN is not set: give the exchange and the server the same one.")
    configure(settings)
    url, helpline = application.rstrip("/"), settings.brand.helpline
    public = settings.server.public_url.rstrip("/") or url
    trunk = Trunk(token, lambda: public, lambda: url, EXCHANGE_ACCOUNT, helpline, patience_s=PATIENCE_S)
    click.echo(f"  The exchange is on http://127.0.0.1:{port}; it calls {url}.")
    uvicorn.run(_Served(Exchange(trunk, Clock())), host="127.0.0.1", port=port, ws="websockets-sansio", log_config=None)


class _Served:
    """The exchange as a whole server."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange, self._app = exchange, ExchangeApp(exchange)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One connection; what the server itself asks at its start and end."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.shield(self._exchange.close())
        await send({"type": "lifespan.shutdown.complete"})
