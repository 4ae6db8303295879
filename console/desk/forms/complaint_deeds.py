"""What an agent does with a complaint: answered, resolved, rated, opened again, closed on the citizen's word."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from booking import audit, complaints
from booking.accounts.roles import AGENT, SUPERVISOR
from booking.audit import Deed
from booking.complaint_answers import LONGEST_ANSWER
from booking.complaint_changes import Options
from booking.errors import BookingError, NotFound
from console.deps import deps
from console.desk.forms.again import Again, refused
from console.desk.forms.complaint import page, ways
from console.desk.forms.deps import forms
from console.desk.forms.parts import Problem, Problems, actor, number_in, onward, typed, version
from console.desk.forms.record import complaint_of
from console.desk.forms.source import source
from console.person import who
from console.showing import problem
from ivr.gate import open_to
from models.complaints import Complaint

Way = Callable[[Session, Complaint, Options], object]


@open_to(AGENT, SUPERVISOR)
def complaint_now(number: str) -> Answer:
    """The form was sent."""
    way = typed("way")
    try:
        with deps().store.begin() as session:
            row = complaint_of(session, number)
            wrong = _wrong(session, row, way)
            if not wrong:
                _do(session, row, way)
    except NotFound:
        return problem("missing", 404)
    except BookingError as error:
        return page(number, refused("way", error, {"text": "words", "why": "words", "rating": "rating"}))
    if wrong:
        return page(number, Again("way", wrong))
    return onward("forms.complaint", f"said_{way}", number=number, **source().link)


def _wrong(session: Session, row: Complaint, way: str) -> Problems:
    if way not in WAYS:
        return {"way": Problem("no_way")}
    if way == "rate":
        return {} if number_in(typed("rating")) in range(1, 6) else {"rating": Problem("no_rating")}
    if not typed("words"):
        return {"words": Problem("no_words")}
    if len(typed("words")) > LONGEST_ANSWER:
        return {"words": Problem("too_long", {"n": LONGEST_ANSWER})}
    # What is no longer possible is the domain's to refuse: by then somebody else has changed it.
    return {} if way in ways(session, row) or row.version != version() else {"way": Problem("not_allowed")}


def _do(session: Session, row: Complaint, way: str) -> None:
    own, before = forms(), {"stage": row.stage, "version": row.version}
    WAYS[way](session, row, {"expected_version": version(), "wording": own.wording, "rules": own.complaints})
    if row.version != before["version"]:
        after = {"stage": row.stage, "version": row.version, **source().link}
        deed = Deed(f"complaint.{way}", f"complaint:{row.number}", before, after)
        audit.note(session, deps().now(), who(), deed)


def _rate(session: Session, row: Complaint, options: Options) -> None:
    complaints.rate(session, deps().now(), row, number_in(typed("rating")) or 0, actor(), **options)


WAYS: Mapping[str, Way] = {
    "answer": lambda s, row, o: complaints.answer(s, deps().now(), row, actor(), typed("words"), **o),
    "resolve": lambda s, row, o: complaints.resolve(s, deps().now(), row, actor(), typed("words"), **o),
    "close": lambda s, row, o: complaints.close(s, deps().now(), row, actor(), typed("words"), **o),
    "reopen": lambda s, row, o: complaints.reopen(s, deps().now(), row, actor(), typed("words"), **o),
    "rate": _rate,
}
