"""The supervisor's page: calls, agents, figures, and listening in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking.desk.figures import Figures, by_hour
from booking.desk.moment import calls_now, number_now
from booking.desk.presence import BREAKS
from booking.seed import seed
from console.desk.conversation.parts import WORDS as TALK
from console.desk.questions import QUESTIONS
from console.desk.supervisor.chart import columns
from console.desk.supervisor.parts import WORDS, Day
from console.desk.work.parts import WORDS as WORK
from dialogs.flow import load
from ivr.desk.facts import Seated
from models.audit import AuditEntry
from models.store import Store
from tests.booking.desk.days import fill
from tests.booking.desk.people import RULES
from tests.booking.town import at
from tests.console.accounts.house import START, Browser, Clock
from tests.console.desk import scene
from tests.console.desk.office import text
from tests.console.desk.watching import Noting, desk_pages, people, signed_in

HERE = "/desk/supervisor"
NOON = START + timedelta(hours=2)


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    return people(store)


@pytest.fixture
def controls() -> Noting:
    return Noting()


@pytest.fixture
def pages(store: Store, ids: dict[str, str], controls: Noting) -> Flask:
    with store.begin() as session:
        seed(session, NOON, scene.VISITS)
    scene.morning(store, NOON)
    scene.busy(store, NOON, [ids["ravi"], ids["gita"]])
    return desk_pages(store, Clock(NOON), controls)


@pytest.fixture
def boss(pages: Flask) -> Browser:
    return signed_in(pages, "boss")


def test_calls_stand_in_the_order_of_their_need_with_stage_language_and_last_line(boss: Browser) -> None:
    shown = text(boss.get(f"{HERE}/calls"))
    ends = ["…0013", "…0014", "…0011", "…0012", "…0022", "…0021"]
    assert [end for end in ends if end in shown] == ends
    assert sorted(ends, key=shown.index) == ends
    assert "birth certificate, Raipur" in shown
    assert "the booking number · English" in shown
    assert "Mitan: I could not find this number." in shown
    assert "in the queue 0:32" in shown
    assert "रवि साहू" in shown


def test_of_many_calls_those_with_agents_and_the_longest_are_shown(store: Store, boss: Browser) -> None:
    for n in range(20):
        scene.talks(store, NOON - timedelta(seconds=200 + n), f"c8{n:02}", scene.HINDI[:1])
    with store.read() as session:
        assert number_now(session, NOON) == 29
        few = [c.conversation for c in calls_now(session, NOON, 6)]
        assert few == ["c13", "c14", "c11", "c12", "c819", "c818"]
        assert [c.conversation for c in calls_now(session, NOON, 3)] == few[:3]


def test_the_desk_at_this_moment_and_today(boss: Browser) -> None:
    page = text(boss.get(HERE))
    assert "Waiting 2 longest 0:32" in page
    assert "With an agent 2" in page
    assert "answered within 20 seconds; target 80 %" in page
    agents = text(boss.get(f"{HERE}/agents"))
    assert "रवि साहू : choose queues talking" in agents
    assert "1:15" in agents
    table = text(boss.get(f"{HERE}/hours"))
    assert "08–09" in table
    assert "Whole day" in table


def test_an_empty_desk_shows_no_figures_and_no_error(sqlite_store: Store) -> None:
    people(sqlite_store)
    boss = signed_in(desk_pages(sqlite_store, Clock(NOON)), "boss")
    page = text(boss.get(HERE))
    assert "nobody is waiting" in page
    assert "No call is going on." in page
    assert "No agent is at the desk." in page
    assert "Service level –" in page
    assert "Nobody has wanted an agent today." in page


def test_a_chosen_call_stands_beside_the_list(store: Store, boss: Browser) -> None:
    for path in (f"{HERE}/call/c11", f"{HERE}?call=c11"):
        shown = boss.get(path).get_data(as_text=True)
        assert 'data-talk="c11"' in shown
        assert "वो जो बाज़ार वाला दिन" in shown
        assert "+91 98261 00011" in shown
    assert boss.get(f"{HERE}/call/none").status_code == 404
    assert boss.get(f"{HERE}?call=none").status_code == 404
    with store.read() as session:
        seen = session.scalars(select(AuditEntry.subject).where(AuditEntry.what == "conversation.seen")).all()
    assert "conversation:c11" in seen


def test_a_supervisor_listens_whispers_joins_and_leaves(
    store: Store, boss: Browser, controls: Noting, ids: dict[str, str]
) -> None:
    controls.inside = [Seated("caller", "talks", held=True), Seated(ids["ravi"], "talks", muted=True)]
    shown = text(boss.get(f"{HERE}/call/c11/listen"))
    assert "Caller · on hold" in shown
    assert "रवि साहू · muted" in shown
    for part in ("listen", "whisper", "join"):
        answer = boss.post(f"{HERE}/call/c11/listen", on=HERE, part=part)
        assert at_page(answer) == f"{HERE}?call=c11"
    assert "Leave the call" in text(boss.get(f"{HERE}/call/c11/listen"))
    boss.post(f"{HERE}/call/c11/listen", on=HERE, part="leave")
    assert [part for _, part in controls.asked] == ["listen", "whisper", "join", "leave"]
    with store.read() as session:
        noted = session.scalars(select(AuditEntry.after).where(AuditEntry.what == "handoff.supervised")).all()
    assert [one["part"] for one in noted if one] == ["listen", "whisper", "join"]
    assert boss.post(f"{HERE}/call/c11/listen", on=HERE, part="record").status_code == 400


def at_page(answer: object) -> str:
    return answer.headers["Location"]  # type: ignore[attr-defined,no-any-return]


def test_only_a_talk_can_be_listened_to(boss: Browser, controls: Noting) -> None:
    assert "once an agent talks" in text(boss.get(f"{HERE}/call/c13/listen"))
    assert "once an agent talks" in text(boss.get(f"{HERE}/call/c21/listen"))
    token = boss.token(HERE)
    for fails, says in (("over", "talk is over"), ("away", "could not be reached")):
        controls.fails = fails
        answer = boss.client.post(f"{HERE}/call/c11/listen", data={"part": "listen"},
                                  headers={"HX-Request": "true", "X-CSRFToken": token, "Accept": "*/*"})  # fmt: skip
        assert answer.status_code == 409
        assert says in text(answer)


def test_agents_do_not_open_the_supervisors_page(pages: Flask) -> None:
    ravi = signed_in(pages, "ravi")
    for path in ("", "/calls", "/stands", "/agents", "/today", "/hours", "/call/c11", "/call/c11/listen"):
        assert ravi.get(f"{HERE}{path}").status_code == 403


def test_earlier_hours_are_kept_for_a_minute_and_the_last_two_are_not(store: Store) -> None:
    fill(store, 100, 300)
    day, now = Day(), at(23, 20, 30)
    with store.read() as session:
        assert day.by_hour(session, now, RULES) == by_hour(session, now, RULES)
    scene.waits(store, at(23, 9), "c91")
    scene.waits(store, at(23, 20), "c92")
    with store.read() as session:
        whole = by_hour(session, now, RULES)
        soon = day.by_hour(session, now + timedelta(seconds=30), RULES)
        assert soon[9].entered == whole[9].entered - 1
        assert soon[20] == whole[20]
        assert day.by_hour(session, now + timedelta(seconds=61), RULES) == whole
        assert day.by_hour(session, now + timedelta(hours=1), RULES) == whole
        assert day.by_hour(session, now + timedelta(days=1), RULES) == {}


def test_columns_fill_the_chart_and_show_quiet_hours() -> None:
    found = columns({7: Figures(entered=10, answered=8, in_time=6, abandoned=1), 12: Figures(entered=5)})
    assert [c.hour for c in found] == list(range(7, 20))
    assert [(b.kind, b.top, b.height) for b in found[0].blocks] == [
        ("in_time", 40, 60), ("late", 20, 20), ("abandoned", 10, 10), ("others", 0, 10),
    ]  # fmt: skip
    assert (found[0].level, found[5].level) == (66.7, None)
    assert [b.top for b in found[5].blocks] == [50]
    assert columns({})[0].blocks == ()


@pytest.mark.parametrize("words", [WORDS, WORK, TALK, QUESTIONS], ids=["supervisor", "work", "talk", "questions"])
def test_both_languages_have_the_same_labels_and_hindi_is_devanagari(words: dict[str, dict[str, str]]) -> None:
    assert words["hi"].keys() == words["en"].keys()
    for key, hindi in words["hi"].items():
        assert any("\u0900" <= letter <= "\u097f" for letter in hindi), key
        assert set(re.findall(r"{\w+}", hindi)) == set(re.findall(r"{\w+}", words["en"][key])), key


def test_every_question_state_and_reason_has_its_words() -> None:
    asked = {n.id for n in load().nodes.values() if n.kind in ("ask", "record")}
    assert asked == QUESTIONS["en"].keys()
    assert {f"reason_{one}" for one in BREAKS} <= WORDS["en"].keys()
