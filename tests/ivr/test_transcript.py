"""The transcript holds what was really heard of a reply, whatever happens to the store meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.understand import Hearing
from ivr.actions import Action, Speak
from ivr.conversation import Conversation
from ivr.helpline import Helpline
from tests.calls.conftest import Town, _days, shared, town  # noqa: F401 - fixtures
from tests.calls.player import PinnedClock
from tests.ivr.test_conversation import NOW, Lost, started, turns


@pytest.fixture
def helpline(town: Town) -> Helpline:  # noqa: F811 - the fixture
    here: tuple[Helpline, PinnedClock] = town(NOW)
    return here[0]


def sentences(actions: list[Action]) -> list[str]:
    return [s.text for a in actions if isinstance(a, Speak) for s in a.sentences]


def said(helpline: Helpline, id: str) -> list[str]:
    return [text for who, _, text in turns(helpline, id) if who == "bot"]


def hear(talk: Conversation, text: str) -> list[Action]:
    return talk.heard([Hearing(text, 1.0, "hi")])


def test_what_was_played_to_its_end_stays_as_it_is(helpline: Helpline) -> None:
    talk = started(helpline)
    first = sentences(talk.begin())
    before = said(helpline, talk.id)
    talk.played(set(range(len(first))))
    hear(talk, "हिंदी")
    assert said(helpline, talk.id)[: len(before)] == before


def test_sentences_that_were_not_heard_are_taken_out_with_the_next_turn(helpline: Helpline) -> None:
    talk = started(helpline)
    first = sentences(talk.begin())
    assert len(first) >= 3
    assert " ".join(said(helpline, talk.id)) == " ".join(first)
    talk.played({0, 1})
    answer = sentences(hear(talk, "हिंदी"))
    assert " ".join(said(helpline, talk.id)) == " ".join([*first[:2], *answer])


def test_a_reply_of_which_nothing_was_heard_leaves_no_line(helpline: Helpline) -> None:
    talk = started(helpline)
    talk.begin()
    talk.played(set())
    answer = sentences(hear(talk, "हिंदी"))
    assert " ".join(said(helpline, talk.id)) == " ".join(answer)


def test_a_hang_up_in_the_middle_of_a_sentence_leaves_what_was_heard(helpline: Helpline) -> None:
    talk = started(helpline)
    first = sentences(talk.begin())
    talk.played({0})
    talk.hung_up()
    assert said(helpline, talk.id) == first[:1]


def test_a_goodbye_that_was_not_heard_is_taken_out_though_the_conversation_has_ended(helpline: Helpline) -> None:
    talk = started(helpline)
    talk.begin()
    hear(talk, "हिंदी")
    before = said(helpline, talk.id)
    bye = sentences(hear(talk, "अलविदा"))
    assert talk.state.ended
    assert said(helpline, talk.id) != before
    talk.played(set())
    talk.hung_up()
    assert bye
    assert said(helpline, talk.id) == before


def test_a_status_webhook_that_ends_the_call_first_does_not_keep_what_was_not_heard(helpline: Helpline) -> None:
    talk = started(helpline)
    first = sentences(talk.begin())
    Conversation(helpline, talk.id).hung_up()
    talk.played({0})
    talk.hung_up()
    assert said(helpline, talk.id) == first[:1]


def test_lines_that_are_not_stored_yet_are_trimmed_as_well(helpline: Helpline) -> None:
    store = Lost(helpline.store)
    talk = started(replace(helpline, store=store))  # type: ignore[arg-type]
    store.gone = True
    first = sentences(talk.begin())
    talk.played({0})
    hear(talk, "हिंदी")
    assert said(helpline, talk.id) == []
    store.gone = False
    talk.played(set())
    last = sentences(hear(talk, "पैन कार्ड बनवाना है"))
    assert " ".join(said(helpline, talk.id)) == " ".join([first[0], *last])
    callers = [text for who, _, text in turns(helpline, talk.id) if who == "caller"]
    assert callers == ["हिंदी", "पैन कार्ड बनवाना है"]


def test_a_correction_that_could_not_be_stored_is_stored_later(helpline: Helpline) -> None:
    store = Lost(helpline.store)
    talk = started(replace(helpline, store=store))  # type: ignore[arg-type]
    first = sentences(talk.begin())
    store.gone = True
    talk.played({0})
    second = sentences(hear(talk, "हिंदी"))
    store.gone = False
    talk.played(set(range(len(second))))
    hear(talk, "पैन कार्ड बनवाना है")
    assert said(helpline, talk.id)[0] == first[0]
    assert " ".join(first[1:]) not in " ".join(said(helpline, talk.id))


def test_a_channel_that_does_not_tell_keeps_the_whole_text(helpline: Helpline) -> None:
    talk = started(helpline)
    first = sentences(talk.begin())
    hear(talk, "हिंदी")
    assert " ".join(said(helpline, talk.id)).startswith(" ".join(first))


def test_a_gist_and_a_filler_change_nothing_and_speak_the_callers_language(helpline: Helpline) -> None:
    talk = started(helpline)
    talk.begin()
    before = talk.state, turns(helpline, talk.id)
    assert talk.gist([Hearing("english please", 0.5, "en")]).complete
    assert [s.text for s in talk.filler()] == ["एक पल रुकिए।"]
    assert (talk.state, turns(helpline, talk.id)) == before
    talk.heard([Hearing("english please", 1.0, "en")])
    assert [s.text for s in talk.filler()] == ["One moment please."]
    assert all(s.fixed for s in talk.filler())
