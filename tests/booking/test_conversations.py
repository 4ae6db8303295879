from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from booking import conversations, notes
from booking.callbacks import Wanted, promise
from booking.callers import language_of, remember_language
from booking.calls import Opening, closed, opened
from booking.conversations import Line, add_turns, finish, load, resumable, save, start, turns
from booking.errors import NotFound, StaleState
from booking.hours import AgentHours, agents_open, next_open
from models.callbacks import Callback
from models.calls import Call
from models.conversations import Conversation
from models.store import Store
from tests.booking.town import AT_ONCE, MINUTE, NOW, at

CALLER = "+919812345615"
HOURS = AgentHours(8, 20)


def cut_off(store: Store, when: datetime, filled: dict[str, str], outcome: str = "cut_off") -> str:
    """A conversation that ended at `when`."""
    with store.begin() as session:
        id = start(session, when - MINUTE, "phone", CALLER)
        save(session, id, {"filled": filled}, expected_version=0)
        finish(session, when, id, outcome)
    return id


def resumed(store: Store, now: datetime, caller: str | None = CALLER) -> str | None:
    with store.read() as session:
        row = resumable(session, now, caller, 30)
        return row.id if row else None


def test_a_state_is_stored_and_taken_up_by_another_process(store: Store) -> None:
    state = {"node": "city", "language": "hi", "caller": CALLER, "filled": {"service": "जन्म प्रमाण पत्र"}}
    with store.begin() as session:
        id = start(session, NOW, "phone", CALLER)
        assert save(session, id, state, expected_version=0, now=NOW + MINUTE) == 1
    with store.read() as session:
        row = load(session, id)
    assert (row.state, row.version, row.language) == (state, 1, "hi")
    assert (row.started_at, row.updated_at, row.ended_at) == (NOW, NOW + MINUTE, None)


def test_a_state_older_than_the_stored_one_is_refused(store: Store) -> None:
    with store.begin() as session:
        id = start(session, NOW, "phone", CALLER)
        save(session, id, {"node": "new"}, expected_version=0)
    with pytest.raises(StaleState, match="load it again"), store.begin() as session:
        save(session, id, {"node": "old"}, expected_version=0)
    with store.read() as session:
        assert load(session, id).state == {"node": "new"}


def test_of_many_processes_with_the_same_version_one_wins(store: Store) -> None:
    with store.begin() as session:
        id = start(session, NOW, "phone", CALLER)
    won: list[int] = []

    def run(n: int) -> None:
        try:
            with store.begin() as session:
                save(session, id, {"n": n}, expected_version=0)
            won.append(n)
        except StaleState:
            pass

    threads = [threading.Thread(target=run, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        assert [load(session, id).state] == [{"n": n} for n in won]


def test_a_conversation_nobody_began_is_not_found(store: Store) -> None:
    with store.read() as session, pytest.raises(NotFound):
        load(session, "none")
    with store.begin() as session, pytest.raises(StaleState):
        save(session, "none", {}, expected_version=0)


def test_beginning_twice_with_one_id_keeps_the_first(store: Store) -> None:
    with store.begin() as session:
        assert start(session, NOW, "phone", CALLER, "c1") == "c1"
        save(session, "c1", {"node": "city"}, expected_version=0)
        assert start(session, NOW + MINUTE, "phone", None, "c1") == "c1"
        assert load(session, "c1").state == {"node": "city"}


def test_turns_are_kept_in_order_with_aadhaar_numbers_masked(store: Store) -> None:
    with store.begin() as session:
        id = start(session, NOW, "phone", CALLER)
        add_turns(session, NOW, id, [Line("bot", "say", "नमस्ते", "greeting")])
        heard = Line("caller", "heard", "1234 5678 9012\x00", "help", {"digits": "123456789012", "intent": "book"})
        add_turns(session, NOW + MINUTE, id, [heard, Line("caller", "silent")])
    with store.read() as session:
        said = turns(session, id)
    assert [(t.seq, t.who, t.text) for t in said] == [
        (1, "bot", "नमस्ते"),
        (2, "caller", "xxxx xxxx xxxx"),
        (3, "caller", ""),
    ]
    assert said[1].understood == {"digits": "xxxxxxxxxxxx", "intent": "book"}
    assert (said[0].at, said[2].at) == (NOW, NOW + MINUTE)


def test_the_first_outcome_stays_unless_the_call_was_cut_off(store: Store) -> None:
    with store.begin() as session:
        for first, then, expected in (
            ("booked", "cut_off", "booked"),
            ("cut_off", "booked", "booked"),
            ("handoff", "goodbye", "handoff"),
        ):
            id = start(session, NOW, "phone", CALLER)
            finish(session, NOW, id, first, "asked" if first == "handoff" else None)
            finish(session, NOW + MINUTE, id, then)
            row = load(session, id)
            assert row.outcome == expected
            assert row.handoff_reason == ("asked" if first == "handoff" else None)


def test_a_caller_cut_off_is_known_for_thirty_minutes(store: Store) -> None:
    id = cut_off(store, NOW, {"service": "birth_certificate"})
    assert resumed(store, NOW + 30 * MINUTE) == id
    assert resumed(store, NOW + 30 * MINUTE + AT_ONCE) is None


def test_a_caller_who_said_nothing_has_nothing_to_go_on_with(store: Store) -> None:
    cut_off(store, NOW, {})
    cut_off(store, NOW, {"language_known": "hi"})
    assert resumed(store, NOW) is None


def test_a_call_cut_off_at_once_does_not_hide_the_one_before(store: Store) -> None:
    id = cut_off(store, NOW, {"city": "raipur"})
    cut_off(store, NOW + MINUTE, {})
    assert resumed(store, NOW + 2 * MINUTE) == id


@pytest.mark.parametrize(
    ("task", "goes_on"), [("move", True), ("waiting", True), ("cancel", False), ("documents", False)]
)
def test_only_what_can_be_taken_up_as_it_was_is_gone_on_with(store: Store, task: str, goes_on: bool) -> None:
    id = cut_off(store, NOW, {"task": task, "service": "pan_card"})
    assert resumed(store, NOW) == (id if goes_on else None)


@pytest.mark.parametrize("outcome", ["booked", "handoff", "goodbye"])
def test_a_call_that_came_to_its_end_is_not_gone_on_with(store: Store, outcome: str) -> None:
    cut_off(store, NOW, {"city": "raipur"})
    cut_off(store, NOW + MINUTE, {"city": "durg"}, outcome)
    assert resumed(store, NOW + 2 * MINUTE) is None


def test_only_the_same_number_goes_on_and_a_withheld_one_never(store: Store) -> None:
    id = cut_off(store, NOW, {"city": "raipur"})
    with store.begin() as session:
        hidden = start(session, NOW, "phone", None)
        save(session, hidden, {"filled": {"city": "raipur"}}, expected_version=0)
        finish(session, NOW, hidden, "cut_off")
    assert resumed(store, NOW, "+919812345616") is None
    assert resumed(store, NOW, None) is None
    assert resumed(store, NOW) == id


def test_a_running_call_of_the_same_number_does_not_disturb(store: Store) -> None:
    id = cut_off(store, NOW, {"city": "raipur"})
    with store.begin() as session:
        start(session, NOW + MINUTE, "phone", CALLER)
    assert resumed(store, NOW + 2 * MINUTE) == id


def test_a_caller_s_language_is_remembered_and_changed(store: Store) -> None:
    for language in ("hi", "en"):
        with store.begin() as session:
            remember_language(session, NOW, CALLER, language)
            assert language_of(session, CALLER) == language
    with store.begin() as session:
        remember_language(session, NOW, None, "hi")
        assert language_of(session, None) is None
        assert language_of(session, "+910000000000") is None


def test_two_lines_may_remember_the_same_new_number_at_once(store: Store) -> None:
    errors: list[Exception] = []
    gate = threading.Barrier(8)

    def run() -> None:
        gate.wait()
        try:
            with store.begin() as session:
                remember_language(session, NOW, CALLER, "hi")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_voice_note_is_kept_byte_for_byte(store: Store) -> None:
    audio = bytes(range(256)) * 900  # 29 s
    with store.begin() as session:
        id = notes.keep(session, NOW, "c1", audio, 28.8)
    with store.read() as session:
        note = notes.get(session, id)
        assert (note.audio, note.seconds, note.created_at) == (audio, 28.8, NOW)
        with pytest.raises(NotFound):
            notes.get(session, "none")


def test_a_call_is_opened_and_closed_once_however_often_it_is_reported(store: Store) -> None:
    with store.begin() as session:
        opened(session, NOW, Opening("CA1", CALLER, "14545"))
        opened(session, NOW + MINUTE, Opening("CA1", None, "99999", "c1"))
        closed(session, NOW + 2 * MINUTE, "CA1", "completed", 118)
        closed(session, NOW + 3 * MINUTE, "CA1", "failed", 0)
        opened(session, NOW + 3 * MINUTE, Opening("CA1", CALLER, "14545"))
    with store.read() as session:
        call = session.scalars(select(Call)).one()
    assert (call.from_number, call.to_number, call.conversation_id) == (CALLER, "14545", "c1")
    assert (call.status, call.started_at, call.ended_at, call.duration) == ("completed", NOW, NOW + 2 * MINUTE, 118)


def test_an_end_reported_before_the_beginning_is_kept(store: Store) -> None:
    with store.begin() as session:
        closed(session, NOW, "CA1", "no-answer")
        opened(session, NOW, Opening("CA1", CALLER, "14545"))
    with store.read() as session:
        call = session.scalars(select(Call)).one()
    assert (call.status, call.from_number) == ("no-answer", CALLER)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(22, 7, 59), at(22, 8)),
        (at(22, 8), at(22, 8)),
        (at(22, 12, 30), at(22, 12, 30)),
        (at(22, 20), at(23, 8)),
        (at(22, 23, 59), at(23, 8)),
    ],
)
def test_a_callback_is_promised_for_the_agents_next_hour(store: Store, now: datetime, due: datetime) -> None:
    summary = {"city": "रायपुर", "said": "1234 5678 9012"}
    with store.begin() as session:
        assert promise(session, now, HOURS, Wanted(CALLER, "asked", "hi", "c1", summary)) == due
        assert promise(session, now + MINUTE, HOURS, Wanted(CALLER, "asked", "hi", "c1")) == due
    with store.read() as session:
        row = session.scalars(select(Callback)).one()
    assert (row.number, row.promised_at, row.due_at, row.done_at) == (CALLER, now, due, None)
    assert row.summary == {"city": "रायपुर", "said": "xxxx xxxx xxxx"}


@pytest.mark.parametrize(
    ("hour", "hours", "is_open"),
    [
        (7, (8, 20), False),
        (8, (8, 20), True),
        (19, (8, 20), True),
        (20, (8, 20), False),
        (23, (0, 24), True),
        (23, (20, 6), True),
        (5, (20, 6), True),
        (6, (20, 6), False),
        (3, (9, 9), True),
    ],
)
def test_agents_keep_their_hours(hour: int, hours: tuple[int, int], is_open: bool) -> None:
    assert agents_open(at(22, hour), AgentHours(*hours)) is is_open
    assert (next_open(at(22, hour), AgentHours(*hours)) == at(22, hour)) is is_open


def test_agents_hours_are_local_wherever_the_server_stands() -> None:
    from datetime import UTC

    assert agents_open(datetime(2026, 11, 22, 2, 30, tzinfo=UTC), HOURS)  # 08:00 in India
    assert not agents_open(datetime(2026, 11, 22, 2, 29, tzinfo=UTC), HOURS)


def test_ending_a_conversation_twice_at_once_leaves_one_row(store: Store) -> None:
    id = cut_off(store, NOW, {"city": "raipur"})
    with store.begin() as session:
        conversations.finish(session, NOW + timedelta(hours=1), id, "cut_off")
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1
