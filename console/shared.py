"""What all console pages share: the bundled font, the base style and layout, and the headers that keep pages local."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from flask.sansio.app import App
from werkzeug.wrappers import Response as Answer

from ivr.gate import public

# No page may load anything from another host; 'self' covers the phone's own WebSocket too.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def mount(app: App) -> None:
    """Register the shared layout, static files at `/console/static`, and the icon that browsers ask for by themselves,
    once per application."""
    if "console" not in app.blueprints:
        app.register_blueprint(
            Blueprint("console", __name__, template_folder="templates", static_folder="static", url_prefix="/console")
        )
        app.add_url_rule("/favicon.ico", "favicon", favicon)


@public("the mark of the helpline")
def favicon() -> Answer:
    """The mark, at the address that browsers try for whatever is no page of ours."""
    return redirect(url_for("console.static", filename="mark.svg"), 308)


def guarded(response: Response) -> Response:
    """`response` with the headers every console page and answer carries."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
    return response


def framed(response: Response) -> Response:
    """The same for a page that may stand in a frame of another page of ours."""
    policy = CONTENT_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers.setdefault("Content-Security-Policy", policy)
    return guarded(response)


def framing(response: Response) -> Response:
    """The same for a page that holds such a frame."""
    response.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; frame-src 'self'"
    return guarded(response)
