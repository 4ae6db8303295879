"""The list of a service's documents by message."""

from __future__ import annotations

from collections.abc import Mapping

from booking.notices import Direct, notify
from ivr.operations.desk import Args, Desk, Outcome, Work, caller_mobile
from models.catalogue import ServiceRow


def send(desk: Desk, args: Args) -> Outcome:
    """ok; none: no documents are known, or there is no number to send them to."""
    service = desk.session.get(ServiceRow, args.get("service") or "")
    mobile = args.get("mobile") or caller_mobile(args)
    if service is None or not service.documents or not mobile:
        return "none", {}
    to = Direct(mobile, args["language"], f"{desk.conversation}/documents/{service.id}")
    values = {"service": service, "documents": list(service.documents)}
    notify(desk.session, desk.now, to, "documents_list", desk.notices, **values)
    return "ok", {}


WORK: Mapping[str, Work] = {"send_documents": send}
