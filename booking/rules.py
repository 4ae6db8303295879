"""The rules of a visit, as the domain needs them; the settings are turned into one of these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitRules:
    """When executives visit.

    Slots of `slot_min` minutes from `first_slot_h`, the last ending by `last_end_h` (local hours 0-24); `seats` a slot;
    bookable with `notice_h` hours of notice up to `ahead_days` days ahead; a hold lasts `hold_min` minutes; `closed`
    every year on these days (MM-DD); `visit_fee` in rupees. A citizen may move or cancel until `move_cutoff_h` hours
    before the start. A seat is kept for the first in the waiting list for `waiting_offer_min` minutes.
    """

    first_slot_h: int = 8
    last_end_h: int = 20
    slot_min: int = 60
    seats: int = 2
    notice_h: float = 3.0
    ahead_days: int = 30
    hold_min: float = 5.0
    closed: tuple[str, ...] = ("01-26", "08-15", "10-02")
    visit_fee: int = 50
    move_cutoff_h: float = 24.0
    waiting_offer_min: float = 120.0
