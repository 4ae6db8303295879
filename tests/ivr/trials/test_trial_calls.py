"""A call that tries a draft says its words and is nobody's: no seat, no figure, no agent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from booking import catalogue_version, conversations
from booking.desk.figures import today
from booking.desk.moment import number_now
from booking.desk.rules import DeskRules
from dialogs.understand import Hearing
from ivr.actions import Action, Speak
from ivr.conversation import Conversation
from ivr.helpline import PROMPTS, Helpline
from ivr.reception import Reception
from ivr.settings import Dialog
from ivr.trials import proofs
from ivr.trials.opening import TrialRefused
from models.bookings import Booking
from models.callers import Caller
from models.catalogue import ServiceRow
from models.conversations import Conversation as Row
from models.notices import Notice
from models.opening import Closure
from models.queue import Handoff
from models.slots import SeatClaim
from models.store import Store
from prompts import drafts, folder
from prompts.body import Body
from prompts.contents import Spot
from prompts.drafts import Change
from prompts.trials import trial_of
from tests.calls.conftest import Town, _days, shared, town  # noqa: F401 - fixtures

NOW = datetime.fromisoformat("2026-11-20T10:00+05:30")
CALLER, TEST, SECRET = "+919826401715", "+917710099999", "a-secret"
ASK = Spot("prompt", "en", "help.ask")
NOBODY: Any = None  # stands where a voice would: nothing is synthesised here


def drafted(helpline: Helpline, name: str, text: str) -> int:
    with helpline.store.begin() as session:
        draft = drafts.begin(session, NOW, "esha", name, 0)
        drafts.put(session, NOW, "esha", draft.id, Change(ASK, (text,), 0))
        return draft.id


def tried(helpline: Helpline, draft: int) -> int:
    with helpline.store.begin() as session:
        row = drafts.find(session, draft)
        session.refresh(row)
        return trial_of(session, NOW, row, drafts.body_of(session, row, folder.texts(PROMPTS))).id


@pytest.fixture
def here(town: Town, tmp_path: Path) -> Helpline:  # noqa: F811
    """A helpline with its own folder and a test number."""
    helpline, _ = town(NOW)
    server = helpline.settings.server.model_copy(update={"var_dir": tmp_path})
    own = helpline.settings.model_copy(update={"server": server, "dialog": Dialog(test_number=TEST)})
    return replace(helpline, settings=own)


def reception(helpline: Helpline) -> Reception:
    return Reception(helpline, NOBODY, lambda: True, SECRET)


def texts(actions: list[Action]) -> str:
    return " ".join(a.text for a in actions if isinstance(a, Speak))


def says(talk: Conversation, *words: str) -> str:
    heard = ""
    for one in words:
        heard = texts(talk.keyed(one) if one.isdigit() else talk.heard([Hearing(one, 1.0, "en")]))
    return heard


def begun(desk: Reception, call: str, proof: str = "", called: str = "14545") -> Conversation:
    talk = desk.talk(desk.call_opened(call, CALLER, called, proof))
    talk.begin()
    return talk


def test_a_call_with_a_proof_says_the_draft_as_it_stood_when_it_was_dialled(here: Helpline) -> None:
    draft = drafted(here, "Diwali", "What is it, please?")
    desk = reception(here)
    talk = begun(desk, "CA1", desk.proofs.give(tried(here, draft)))
    with here.store.begin() as session:
        drafts.put(session, NOW, "esha", draft, Change(ASK, ("Yes?",), 1))
    assert "What is it, please?" in says(talk, "2")
    later = begun(desk, "CA2", desk.proofs.give(tried(here, draft)))
    assert "Yes?" in says(later, "2")
    assert "how can I help you" in says(begun(desk, "CA3"), "2")


def test_a_trial_plays_the_recordings_of_the_draft_and_nobody_else_does(here: Helpline) -> None:
    desk, draft = reception(here), drafted(here, "Diwali", "Yes?")
    before = desk.proofs.give(tried(here, draft))
    with here.store.begin() as session:
        drafts.put(session, NOW, "esha", draft, Change(Spot("recording", "en", "help.ask"), ("0" * 64, "Yes?"), 0))
    after = desk.proofs.give(tried(here, draft))
    heard = [begun(desk, f"CA{n}", proof).keyed("2") for n, proof in enumerate((after, before, ""))]
    recordings = [[s.recorded for a in one if isinstance(a, Speak) for s in a.sentences] for one in heard]
    assert "0" * 64 in recordings[0]
    assert set(recordings[1] + recordings[2]) == {None}


def test_a_trial_under_way_knows_a_service_and_a_closed_day_that_are_new(here: Helpline) -> None:
    desk = reception(here)
    talk = begun(desk, "CA1", desk.proofs.give(tried(here, drafted(here, "Diwali", "Yes?"))))
    says(talk, "2")
    with here.store.begin() as session:
        session.add(ServiceRow(id="drone", hi="ड्रोन पंजीकरण", en="Drone registration", fee=10, days=5, documents=[]))
        session.add(Closure(day=date(2026, 11, 23), reason="flood"))
        catalogue_version.touch(session)
    assert here.editions.look(here)
    says(talk, "drone registration")
    assert talk.state.filled["service"] == "drone"
    assert "That day is a holiday" in says(talk, "raipur", "monday morning")


def test_what_a_trial_books_no_citizen_loses(here: Helpline) -> None:
    desk = reception(here)
    talk = begun(desk, "CA1", desk.proofs.give(tried(here, drafted(here, "Diwali", "Yes?"))))
    says(talk, "2", "i want a pan card in raipur on monday morning", "first")
    talk.recorded(b"\xff" * 8000, 3.0)
    for keys in ("1", "492001", "1", "1"):
        heard = says(talk, keys)
    assert "Your visit is booked" in heard
    with here.store.read() as session:
        for table in (Booking, SeatClaim, Notice, Handoff, Caller):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_trial_is_in_no_figure_and_is_taken_up_by_nobody(here: Helpline) -> None:
    desk = reception(here)
    talk = begun(desk, "CA1", desk.proofs.give(tried(here, drafted(here, "Diwali", "Yes?"))))
    with here.store.read() as session:
        assert number_now(session, NOW) == 0
    says(talk, "2", "i want a pan card in raipur")
    talk.hung_up()
    assert desk.practises("CA1")
    with here.store.read() as session:
        assert conversations.resumable(session, NOW, CALLER, 30) is None
        assert today(session, NOW, DeskRules()).conversations == 0
    assert not desk.practises("CA-unknown")


@pytest.mark.parametrize("spoil", [lambda proof: proof + "x", lambda proof: "7", lambda proof: "\x00"])
def test_who_has_no_proof_hears_no_draft_and_books_nothing_by_mistake(
    here: Helpline, spoil: Callable[[str], str]
) -> None:
    desk = reception(here)
    proof = desk.proofs.give(tried(here, drafted(here, "Diwali", "Yes?")))
    with pytest.raises(TrialRefused):
        desk.call_opened("CA1", CALLER, "14545", spoil(proof))
    with here.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Row)) == 0


def test_a_proof_is_good_for_a_minute_and_for_a_trial_that_is_there(
    here: Helpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = reception(here)
    trial = tried(here, drafted(here, "Diwali", "Yes?"))
    with pytest.raises(TrialRefused):
        desk.call_opened("CA1", CALLER, "14545", desk.proofs.give(trial + 1))
    proof = desk.proofs.give(trial)
    then = time.time() + proofs.GOOD_S + 2
    monkeypatch.setattr(time, "time", lambda: then)
    with pytest.raises(TrialRefused):
        desk.call_opened("CA1", CALLER, "14545", proof)


def test_the_test_number_says_the_draft_that_was_chosen_else_the_newest(here: Helpline) -> None:
    desk = reception(here)
    with pytest.raises(TrialRefused):
        desk.call_opened("CA0", CALLER, TEST)
    first, _ = drafted(here, "Diwali", "Diwali?"), drafted(here, "Holi", "Holi?")
    assert "Holi?" in says(begun(desk, "CA1", called=TEST), "2")
    with here.store.begin() as session:
        drafts.choose_for_number(session, NOW, first)
    assert "Diwali?" in says(begun(desk, "CA2", called=TEST), "2")
    assert "how can I help you" in says(begun(desk, "CA3"), "2")


def test_old_trials_are_forgotten_and_their_numbers_not_used_again(here: Helpline, store: Store) -> None:
    with store.begin() as session:
        draft = drafts.begin(session, NOW, "esha", "Diwali", 0)
        old = trial_of(session, NOW, draft, Body({"a": "b"})).id
        draft.version += 1
        new = trial_of(session, NOW + timedelta(days=2), draft, Body({"a": "c"})).id
        draft.version += 1
    with store.begin() as session:
        again = trial_of(session, NOW + timedelta(days=4), session.merge(draft), Body({"a": "d"})).id
    assert len({old, new, again}) == 3
