"""What all console pages share: the bundled font, the base style and layout, and the headers that keep pages local."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.sansio.app import App

# No page may load anything from another host; 'self' covers the phone's own WebSocket too.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def mount(app: App) -> None:
    """Register the shared layout and static files at `/console/static`, once per application."""
    if "console" not in app.blueprints:
        app.register_blueprint(
            Blueprint("console", __name__, template_folder="templates", static_folder="static", url_prefix="/console")
        )


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
