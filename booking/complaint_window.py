"""How long a complaint can be reopened."""

from __future__ import annotations

from datetime import date, timedelta

from booking.complaint_stages import DONE, ComplaintRules
from booking.confidential import ComplaintView
from booking.zone import local_day
from models.complaints import Complaint


def reopen_until(complaint: Complaint | ComplaintView, rules: ComplaintRules) -> date | None:
    """The last local day on which `complaint` can be reopened; None when it is not resolved."""
    if complaint.stage not in DONE or complaint.resolved_at is None:
        return None
    return local_day(complaint.resolved_at) + timedelta(days=rules.reopen_days)
