from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from app import main
from booking.unreported import Report, count_unreported, unreported
from models.store import Store
from tests.booking.life import AGENT, FIELD, cancels, goes
from tests.booking.team import assigns, booked, executive, hires
from tests.booking.town import AT_ONCE, NOW, RULES, TEN

OVER = TEN + timedelta(minutes=RULES.slot_min)


@pytest.fixture
def two(town: Store) -> tuple[str, str]:
    """A booking with an executive at ten, one without at eleven; one that is cancelled."""
    hires(town, executive())
    first, second = booked(town), booked(town, "c2", TEN + timedelta(hours=1))
    assigns(town, first)
    cancels(town, booked(town, "c3"), AGENT)
    return first, second


def numbers(store: Store, hours: float = 24, city: str | None = None) -> list[str]:
    with store.read() as session:
        return [b.number for b in unreported(session, TEN + timedelta(hours=hours), RULES, city)]


def test_a_visit_of_which_nothing_is_said_is_listed_when_its_slot_is_over(town: Store, two: tuple[str, str]) -> None:
    with town.read() as session:
        assert unreported(session, OVER - AT_ONCE, RULES) == []
        assert [b.number for b in unreported(session, OVER, RULES)] == [two[0]]
    assert numbers(town) == list(two)
    assert (numbers(town, city="raipur"), numbers(town, city="durg")) == (list(two), [])


def test_those_with_and_without_an_executive_are_counted(town: Store, two: tuple[str, str]) -> None:
    with town.read() as session:
        assert count_unreported(session, NOW, RULES) == Report()
        assert count_unreported(session, OVER + timedelta(hours=1), RULES) == Report(unreported=1, unassigned=1)


def test_it_is_gone_from_the_list_once_something_is_said(town: Store, two: tuple[str, str]) -> None:
    goes(town, two[0], "visited", FIELD, now=OVER)
    goes(town, two[1], "executive_absent", AGENT, now=OVER)
    assert numbers(town) == []


def test_the_command_line_lists_them(town: Store, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", town.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr("ivr.commands.executives.Clock.now", lambda _: NOW)
    assert CliRunner().invoke(main, ["executives", "unreported"]).output == "no visits without a word\n"
    monkeypatch.setattr("ivr.commands.executives.Clock.now", lambda _: TEN + timedelta(days=1))
    shown = CliRunner().invoke(main, ["executives", "unreported", "--city", "raipur"]).output.splitlines()[1:]
    assert [row.split() for row in shown] == [
        [two[0], "2026-11-23", "10:00", "raipur", "-", "M-1", "assigned"],
        [two[1], "2026-11-23", "11:00", "raipur", "-", "-", "booked"],
    ]
