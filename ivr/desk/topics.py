"""What the questions of the flows are about, in a word that can be said (`topic.…` of the prompts)."""

from __future__ import annotations

from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    "service": "service which_service info_service info_which",
    "city": "city which_city elsewhere",
    "area": "area",
    "day": "day day_keys no_slot",
    "slot": "slot slot_which freed",
    "address": "note note_later note_keep",
    "pin": "pin",
    "mobile": "mobile_own mobile_other",
    "confirm": "confirm which_fix which_fix_keys",
    "move": "move_confirm",
    "cancel": "cancel_reason cancel_confirm",
    "number": "pick number last4",
    "complaint": "earlier_ask complaint_kind complaint_about complaint_place complaint_what complaint_confirm"
    " complaint_fix rate_earlier reopen_ask",
    "appeal": "appeal_want appeal_what appeal_confirm",
    "feedback": "feedback_rate feedback_more feedback_what",
    "papers": "info_send info_book",
    "waiting": "wait_confirm",
}
UNCLEAR = ("help", "help_more")  # where it was not understood what the caller wants
# Where nothing is asked that an agent would have to finish.
NOTHING = (*UNCLEAR, *"language resume anything after_agent told executive_told complaint_done appeal_done".split())

_OF = {node: name for name, nodes in TOPICS.items() for node in nodes.split()}


def topic(node: str | None) -> str:
    """What the question `node` is about; "" where nothing is."""
    return _OF.get(node or "", "")
