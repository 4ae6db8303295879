"""`/metrics` for Prometheus, and the time that each HTTP answer took."""

from __future__ import annotations

import time

from flask import Blueprint, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST

from ivr.gate import public
from ivr.observe.metrics import Metrics


def blueprint(metrics: Metrics) -> Blueprint:
    """The route; where the blueprint is registered every request of the application is timed."""
    pages = Blueprint("metrics", __name__)

    @pages.before_app_request
    def begin() -> None:
        g.began = time.perf_counter()

    @pages.after_app_request
    def end(response: Response) -> Response:
        if "began" in g and request.endpoint:
            metrics.webhook.labels(request.endpoint).observe(time.perf_counter() - g.began)
        return response

    @pages.get("/metrics")
    @public("figures without anything personal; a proxy should keep it inside")
    def show() -> Response:
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return pages
