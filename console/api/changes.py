"""What is done to a booking: moved, cancelled, taken to another stage, rated."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from booking.errors import BadValue
from booking.feedback import Rating as NewRating
from booking.feedback import rate
from booking.moving import cancel, move
from booking.stages import DEEDS, STAGES
from booking.staging import take
from booking.tracking import by_number
from booking.zone import local
from console.api.answers import Changing, Proving, check_match, shown
from console.api.booked import Booking, answer
from console.api.bookings import CHANNEL, OWN, BookingPath
from console.api.client import client
from console.api.deps import changing, deps, now
from console.api.fields import Input, Line, Moment, Rating, Text
from console.api.operations import Op, Routes
from console.api.ownership import permit
from console.api.slots import HOLD_ID, conversation_of

routes = Routes("changes", "Changes of a booking")

CHANGE = (*OWN, "not_allowed", "conflict")


class Move(Input):
    """Another slot; `hold` is a seat held there."""

    starts_at: Moment
    hold: str | None = Field(None, pattern=HOLD_ID)


class Cancellation(Input):
    """Why it is cancelled."""

    reason: Line = ""


class StageChange(Input):
    """Another stage. `why` is needed with rejected, `missing` with documents_needed."""

    to: Line
    why: Text = ""
    missing: list[Line] = Field([], max_length=20)


class Feedback(Input):
    """What the citizen thinks of it, 1 (bad) to 5 (very good)."""

    rating: Rating
    text: Text = ""


class FeedbackKept(BaseModel):
    """The rating as it is kept."""

    rating: int
    text: str
    at: datetime


@routes.post("/bookings/<number>/move", Op("bookings:write", Booking, etag=True, match=True, codes=(
    *CHANGE, "too_late", "service_closed", "slot_closed", "slot_taken", "hold_lost")))  # fmt: skip
def move_booking(header: Changing, path: BookingPath, body: Move) -> Response:
    """Move a booking to another slot"""
    permit(path.number)
    with changing() as session:
        booking = by_number(session, path.number)
        move(
            session,
            now(),
            deps().rules,
            booking,
            body.starts_at,
            client().actor,
            conversation=conversation_of(body.hold) if body.hold else None,
            expected_version=check_match(booking),
            wording=deps().wording,
        )
        return answer(session, booking)


@routes.post("/bookings/<number>/cancel", Op("bookings:write", Booking, etag=True, match=True, codes=(
    *CHANGE, "too_late")))  # fmt: skip
def cancel_booking(header: Changing, path: BookingPath, body: Cancellation) -> Response:
    """Cancel a booking"""
    permit(path.number)
    with changing() as session:
        booking = by_number(session, path.number)
        cancel(
            session,
            now(),
            deps().rules,
            booking,
            client().actor,
            body.reason,
            expected_version=check_match(booking),
            wording=deps().wording,
        )
        return answer(session, booking)


@routes.post("/bookings/<number>/stage", Op("stages:write", Booking, etag=True, match=True, codes=(
    *CHANGE, "bad_value", "too_early")))  # fmt: skip
def change_booking_stage(header: Changing, path: BookingPath, body: StageChange) -> Response:
    """Take a booking to another stage"""
    permit(path.number)
    with changing() as session:
        return _staged(session, path.number, body)


@routes.post(
    "/bookings/<number>/feedback", Op("bookings:write", FeedbackKept, codes=(*CHANGE, "too_early", "bad_value"))
)
def rate_booking(header: Proving, path: BookingPath, body: Feedback) -> Response:
    """Rate a delivered booking"""
    permit(path.number)
    with changing() as session:
        booking = by_number(session, path.number)
        kept = rate(session, now(), booking, NewRating(body.rating, None, body.text, CHANNEL), client().actor)
        return shown(FeedbackKept(rating=kept.rating, text=kept.text, at=local(kept.at)))


def _staged(session: Session, number: str, body: StageChange) -> Response:
    if body.to not in STAGES or body.to in DEEDS:
        raise BadValue("to: no stage to which a booking is simply taken")
    booking = by_number(session, number)
    take(
        session,
        now(),
        booking,
        body.to,
        client().actor,
        body.why,
        expected_version=check_match(booking),
        data={"missing": list(body.missing)} if body.missing else None,
        wording=deps().wording,
    )
    return answer(session, booking)
