"""The work list: who takes what, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking.desk import tasks
from booking.desk.tasks import KINDS
from console.desk.work.parts import OUTCOMES, WORDS
from models.audit import AuditEntry
from models.bookings import Booking
from models.callbacks import Callback
from models.store import Store
from models.tasks import Task
from tests.console.accounts.house import START, Browser, Clock, at
from tests.console.desk import scene
from tests.console.desk.office import text
from tests.console.desk.watching import desk_pages, people, signed_in

LIST = "/desk/work"


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    return people(store)


@pytest.fixture
def pages(store: Store, clock: Clock, ids: dict[str, str]) -> Flask:
    scene.work(store, START)
    return desk_pages(store, clock)


@pytest.fixture
def ravi(pages: Flask) -> Browser:
    return signed_in(pages, "ravi")


def of_kind(store: Store, kind: str) -> Task:
    with store.read() as session:
        return session.scalars(select(Task).where(Task.kind == kind).order_by(Task.id)).first()  # type: ignore[return-value]


def stored(store: Store, id: int) -> Task:
    with store.read() as session:
        return tasks.find(session, id)


def page(task: Task) -> str:
    return f"{LIST}/{task.id}"


def taken(store: Store, browser: Browser, kind: str) -> Task:
    task = of_kind(store, kind)
    assert at(browser.post(f"{page(task)}/take", on=page(task))) == page(task)
    return stored(store, task.id)


def test_the_list_shows_what_is_due_and_numbers_only_by_their_end(store: Store, ravi: Browser) -> None:
    shown = text(ravi.get(LIST))
    for kind in ("missed_call", "voice_note", "address", "low_confidence", "visit_failed", "overdue"):
        assert WORDS["en"][f"kind_{kind}"] in shown
    lost = of_kind(store, "missed_call")
    assert lost.number is not None
    assert f"…{lost.number[-4:]}" in shown
    assert lost.number not in ravi.get(LIST).get_data(as_text=True)
    assert "Overdue" in shown
    assert shown.index("Overdue") < shown.index("Due today")
    only = text(ravi.get(f"{LIST}/list?kind=overdue"))
    assert "Certificate is late" in only
    assert "Missed call" not in only
    assert ravi.get(f"{LIST}?kind=nonsense&of=nobody").status_code == 200


def test_of_two_agents_one_has_a_task_and_the_other_sees_who(
    store: Store, pages: Flask, ravi: Browser, ids: dict[str, str]
) -> None:
    gita = signed_in(pages, "gita")
    task = of_kind(store, "missed_call")
    before = gita.token(page(task))
    taken(store, ravi, "missed_call")
    assert stored(store, task.id).owner == ids["ravi"]
    late = gita.raw(f"{page(task)}/take", csrf_token=before)
    assert late.status_code == 409
    assert "somebody else has the task" in text(late)
    assert "रवि साहू has this task now" in text(late)
    assert "रवि साहू has it" in text(gita.get(f"{page(task)}/state"))
    assert "Missed call" not in text(gita.get(f"{LIST}/list"))
    assert "Missed call" in text(gita.get(f"{LIST}/list?of=all"))
    assert at(ravi.post(f"{page(task)}/give", on=page(task))) == LIST
    assert "back on the list" in text(ravi.get(LIST))
    assert stored(store, task.id).owner is None


def test_the_page_of_a_task_has_the_number_the_words_and_the_recording(store: Store, ravi: Browser) -> None:
    task = of_kind(store, "voice_note")
    shown = ravi.get(page(task)).get_data(as_text=True)
    assert f'href="tel:{task.number}"' in shown
    assert "अरे मंगल बाज़ार को" in shown
    with store.read() as session:
        booking = session.get_one(Booking, int(task.subject.split(":")[1]))
    assert f"/desk/booking/{booking.number}" in shown
    assert f"/desk/note/{booking.note_id}" in shown
    played = ravi.get(f"/desk/note/{booking.note_id}")
    assert (played.status_code, played.mimetype, played.data[:4]) == (200, "audio/wav", b"RIFF")
    with store.read() as session:
        noted = set(session.execute(select(AuditEntry.what, AuditEntry.subject)).all())
    assert {("task.seen", f"task:{task.id}"), ("voice_note.seen", f"voice_note:{booking.note_id}")} <= noted


def test_an_address_is_typed_in_and_an_empty_one_is_asked_for_again(store: Store, ravi: Browser) -> None:
    task = taken(store, ravi, "voice_note")
    version = ravi.get(page(task)).get_data(as_text=True).split('name="version" value="')[1].split('"')[0]
    wrong = ravi.post(f"{page(task)}/typed", on=page(task), name="Ravi Kumar", address="  ", version=version)
    assert wrong.status_code == 400
    assert "Type in the address." in text(wrong)
    assert 'value="Ravi Kumar"' in wrong.get_data(as_text=True)
    good = ravi.post(f"{page(task)}/typed", on=page(task), name="Ravi", address="12 Civil Lines", version=version)
    assert at(good) == LIST
    with store.read() as session:
        booking = session.get_one(Booking, int(task.subject.split(":")[1]))
    assert (booking.name, booking.address) == ("Ravi", "12 Civil Lines")
    assert stored(store, task.id).outcome == "typed_in"


def test_who_types_over_the_change_of_another_sees_both(store: Store, ravi: Browser) -> None:
    task = taken(store, ravi, "voice_note")
    with store.begin() as session:
        booking = session.get_one(Booking, int(task.subject.split(":")[1]))
        old = booking.version
        booking.name, booking.address, booking.version = "Sita", "5 Pandri", old + 1
    answer = ravi.post(f"{page(task)}/typed", on=page(task), name="Ravi", address="12 Civil Lines", version=old)
    assert answer.status_code == 409
    shown = text(answer)
    assert "5 Pandri" in shown
    assert "12 Civil Lines" in shown
    assert f'name="version" value="{old + 1}"' in answer.get_data(as_text=True)
    again = ravi.post(f"{page(task)}/typed", on=page(task), name="Ravi", address="12 Civil Lines", version=old + 1)
    assert at(again) == LIST


def test_what_came_of_a_task_is_chosen_and_other_needs_a_word(store: Store, ravi: Browser) -> None:
    task = taken(store, ravi, "missed_call")
    here = page(task)
    assert "Choose what came of it." in text(ravi.post(f"{here}/done", on=here, note="hello there"))
    other = ravi.post(f"{here}/done", on=here, outcome="other")
    assert "Write in a few words" in text(other)
    assert ravi.post(f"{here}/done", on=here, outcome="nonsense").status_code == 400
    assert at(ravi.post(f"{here}/done", on=here, outcome="reached", note="Aadhaar 1234 5678 9012")) == LIST
    done = stored(store, task.id)
    assert (done.outcome, done.note) == ("reached", "Aadhaar xxxx xxxx xxxx")
    assert "Done at" in text(ravi.get(here))
    assert ravi.post(f"{here}/done", on="/account", outcome="reached").status_code == 409


@pytest.mark.parametrize(
    ("again", "own", "says"),
    [
        ("", "", "Choose when"),
        ("own", "", "Give a time ahead"),
        ("own", "2026-11-22T10:00", "Give a time ahead"),
        ("own", "2027-11-22T10:00", "Give a time ahead"),
        ("own", "tomorrow", "Give a time ahead"),
        ("own", "9999-12-31T23:59", "Give a time ahead"),
        ("own", "0001-01-01T00:00", "Give a time ahead"),
    ],
)
def test_a_time_that_cannot_be_is_asked_for_again(sqlite_store: Store, again: str, own: str, says: str) -> None:
    people(sqlite_store)
    scene.work(sqlite_store, START)
    ravi = signed_in(desk_pages(sqlite_store, Clock()), "ravi")
    task = taken(sqlite_store, ravi, "missed_call")
    answer = ravi.post(f"{page(task)}/later", on=page(task), again=again, at=own)
    assert answer.status_code == 400
    assert says in text(answer)


@pytest.mark.parametrize(
    ("again", "own", "due"),
    [
        ("30", "", START + timedelta(minutes=30)),
        ("120", "", START + timedelta(hours=2)),
        ("tomorrow", "", START + timedelta(hours=23)),
        ("own", "2026-11-24T15:30", START + timedelta(days=1, hours=5.5)),
    ],
)
def test_who_does_not_answer_is_tried_again_at_the_chosen_time(
    sqlite_store: Store, again: str, own: str, due: object
) -> None:
    people(sqlite_store)
    scene.work(sqlite_store, START)
    ravi = signed_in(desk_pages(sqlite_store, Clock()), "ravi")
    task = taken(sqlite_store, ravi, "missed_call")
    assert at(ravi.post(f"{page(task)}/later", on=page(task), again=again, at=own)) == LIST
    found = stored(sqlite_store, task.id)
    assert (found.due_at, found.owner, found.tries) == (due, None, 1)


def test_only_a_supervisor_gives_work_to_others(store: Store, pages: Flask, ravi: Browser, ids: dict[str, str]) -> None:
    boss = signed_in(pages, "boss")
    task = of_kind(store, "address")
    here = page(task)
    assert "गीता वर्मा" in boss.get(here).get_data(as_text=True)
    assert at(boss.post(f"{here}/assign", on=here, to=ids["gita"])) == here
    assert stored(store, task.id).owner == ids["gita"]
    assert ravi.post(f"{here}/assign", on=here, to=ids["ravi"]).status_code == 403
    assert boss.post(f"{here}/assign", on=here, to="nobody at all").status_code == 400
    assert at(boss.post(f"{here}/assign", on=here, to="")) == here
    assert stored(store, task.id).owner is None


def test_a_promised_call_back_says_when_it_was_promised(store: Store, ravi: Browser) -> None:
    with store.begin() as session:
        made = Callback(number="+919826100099", reason="asked", language="hi", conversation_id="c51", promised_at=START,
                        due_at=START + timedelta(hours=1), summary={})  # fmt: skip
        session.add(made)
    scene.gather(store, START, scene.RULES)
    shown = text(ravi.get(page(of_kind(store, "callback"))))
    assert "promised at 10:00, for 11:00" in shown


def test_there_is_no_such_task(ravi: Browser) -> None:
    assert ravi.get(f"{LIST}/999999").status_code == 404
    assert ravi.get(f"{LIST}/999999/state").status_code == 404
    assert ravi.get(f"{LIST}/{10**30}").status_code == 404
    assert ravi.post(f"{LIST}/999999/take", on=LIST).status_code == 404
    assert ravi.get("/desk/note/none").status_code == 404


def test_every_kind_of_task_and_outcome_has_its_words() -> None:
    assert set(OUTCOMES) == set(KINDS)
    wanted = {f"{part}_{kind}" for kind in KINDS for part in ("kind", "hint")}
    wanted |= {f"outcome_{one}" for some in OUTCOMES.values() for one in some}
    assert wanted <= WORDS["en"].keys()
    assert {one for some in OUTCOMES.values() for one in some} <= set(tasks.OUTCOMES)
