from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from booking.absences import absent
from booking.receipts import AGAIN, Receipt, receive
from booking.sending import send_due
from booking.team_notices import tell_team
from booking.wording import notices
from models.notices import Notice
from models.store import Store
from tests.booking.life import AGENT, cancels, moves
from tests.booking.team import assigns, booked, executive, hires
from tests.booking.town import AT_ONCE, MINUTE, NOW, TEN, at

EVENING = at(22, 18)
MOBILE = "+919000000001"


def tells(store: Store, now: datetime) -> int:
    return tell_team(store, now, 18, notices())


def told(store: Store) -> list[Notice]:
    with store.read() as session:
        mine = select(Notice).where(Notice.event.startswith("executive_"), Notice.event != "executive_absent")
        return list(session.scalars(mine.order_by(Notice.id)))


@pytest.fixture
def numbers(town: Store) -> list[str]:
    """Two visits of M-1 tomorrow at ten and eleven, one the day after."""
    hires(town, executive(), executive("M-2", mobile="9000000002", capacity=1))
    made = [booked(town, f"c{n}", start) for n, start in enumerate((TEN, TEN + timedelta(hours=1), at(24, 9)))]
    for number in made:
        assigns(town, number, "M-1")
    return made


def test_in_the_evening_the_visits_of_tomorrow_are_told_once(town: Store, numbers: list[str]) -> None:
    assert tells(town, EVENING - AT_ONCE) == 0
    assert tells(town, EVENING) == 1
    assert tells(town, EVENING + 5 * MINUTE) == 0
    (row,) = told(town)
    assert (row.event, row.recipient, row.booking_id, row.expires_at) == ("executive_day", MOBILE, None, TEN)
    assert row.text == "मितान: आपको 2 घर जाना है, पहला समय 23/11 सुबह 10 बजे। पूरी सूची देख लें।"
    assert tells(town, at(23, 18)) == 1  # the one of the 24th


def test_a_missed_evening_is_made_up_for_in_the_morning_for_what_is_ahead(town: Store, numbers: list[str]) -> None:
    assert tells(town, at(23, 10, 30)) == 1
    assert "आपको 1 घर" in told(town)[0].text


def test_what_is_called_off_and_what_is_added_afterwards_is_told(town: Store, numbers: list[str]) -> None:
    tells(town, EVENING)
    cancels(town, numbers[0], AGENT, EVENING + MINUTE)
    moves(town, numbers[1], at(24, 10), AGENT, EVENING + MINUTE)
    fresh = booked(town, "c9", at(23, 15))
    assigns(town, fresh, "M-1", now=EVENING + MINUTE)
    assert tells(town, EVENING + 5 * MINUTE) == 3
    assert tells(town, EVENING + 10 * MINUTE) == 0
    assert [(n.event, n.variables["number"]) for n in told(town)[1:] if n.variables] == [
        ("executive_off", numbers[0]),
        ("executive_off", numbers[1]),
        ("executive_new", fresh),
    ]


def test_both_are_told_when_another_one_comes(town: Store, numbers: list[str]) -> None:
    tells(town, EVENING)
    assigns(town, numbers[0], "M-2", now=EVENING + MINUTE)
    tells(town, EVENING + 5 * MINUTE)
    assert [(n.event, n.recipient) for n in told(town)[1:]] == [
        ("executive_off", MOBILE),
        ("executive_new", "+919000000002"),
    ]


def test_what_the_executive_never_heard_of_is_not_called_off(town: Store, numbers: list[str]) -> None:
    tells(town, EVENING)
    fresh = booked(town, "c9", at(23, 15))
    assigns(town, fresh, "M-1", now=EVENING + MINUTE)
    cancels(town, fresh, AGENT, EVENING + 2 * MINUTE)
    assert tells(town, EVENING + 5 * MINUTE) == 0


def test_an_absent_executive_is_told_that_others_go(town: Store, numbers: list[str]) -> None:
    tells(town, EVENING)
    with town.begin() as session:
        absent(session, EVENING + MINUTE, "M-1", TEN.date(), AGENT)
    tells(town, EVENING + 5 * MINUTE)
    assert [n.event for n in told(town)[1:]] == ["executive_off", "executive_off", "executive_new"]


def test_changes_at_night_wait_for_the_morning_unless_that_is_too_late(town: Store, numbers: list[str]) -> None:
    tells(town, EVENING)
    for hour in (8, 9):
        assigns(town, booked(town, f"n{hour}", at(23, hour)), "M-1", now=at(22, 23))
    tells(town, at(22, 23))
    assert [n.due_at for n in told(town)[1:]] == [at(22, 23), at(23, 8)]


def test_nothing_is_told_of_what_has_begun_and_nobody_is_told_of_nothing(town: Store, numbers: list[str]) -> None:
    tells(town, EVENING)
    cancels(town, numbers[0], AGENT, TEN)
    assert tells(town, TEN) == 0
    assert tells(town, NOW - timedelta(days=30)) == 0


def test_an_executive_who_was_out_of_reach_hears_only_what_is_true_in_the_end(town: Store, numbers: list[str]) -> None:
    tells(town, EVENING)
    texts: list[str] = []

    def sends(now: datetime) -> list[str]:
        texts.clear()
        send_due(town, now, lambda to, text: texts.append(text) or f"{now} {len(texts)}", None, notices())
        return [text for text in texts if numbers[0] in text and "सूची" in text]

    def unreached(now: datetime) -> None:
        with town.read() as session:
            ids = list(session.scalars(select(Notice.carrier_id).where(Notice.state == "sent")))
        for id in ids:
            receive(town, now, Receipt(id or "", "undelivered", "off", passing=True))

    assigns(town, numbers[0], "M-2", now=EVENING + MINUTE)
    tells(town, EVENING + 2 * MINUTE)
    assert len(sends(EVENING + 2 * MINUTE)) == 2  # off for M-1, new for M-2
    assigns(town, numbers[0], "M-1", now=EVENING + 3 * MINUTE)
    tells(town, EVENING + 4 * MINUTE)
    unreached(EVENING + 4 * MINUTE)  # of the first two
    assert len(sends(EVENING + 5 * MINUTE)) == 2  # off for M-2, new for M-1
    assert sends(EVENING + 4 * MINUTE + AGAIN) == []
