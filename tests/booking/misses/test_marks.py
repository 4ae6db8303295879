"""What was done about misses, on both stores."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking import conversations
from booking.conversations import Line
from booking.errors import StaleState
from booking.misses.gathering import talks
from booking.misses.handled import ASSIGNED, IGNORED, Deed, Mark, Place, mark, marks, take_back
from models.complaints import Complaint
from models.store import Store
from prompts import drafts, editions
from prompts.editions import Publication
from tests.booking.town import MINUTE, NOW

PLACE: Place = ("city", "a" * 64)


def done(store: Store, deed: Deed, seen: Mark | None = None, by: str = "esha") -> Mark:
    with store.begin() as session:
        mark(session, NOW, by, deed, {PLACE: seen})
    return known(store)


def known(store: Store) -> Mark:
    with store.read() as session:
        return marks(session)[PLACE]


def drafted(store: Store) -> int:
    with store.begin() as session:
        return drafts.begin(session, NOW, "esha", "Misses", 0).id


def test_what_is_passed_over_stays_so(store: Store) -> None:
    assert done(store, Deed(IGNORED)).covers(NOW + timedelta(days=100))


def test_what_is_assigned_counts_until_its_edition_does_and_then_only_for_older_calls(store: Store) -> None:
    draft = drafted(store)
    assert done(store, Deed(ASSIGNED, "cities.birgaon", draft)).covers(NOW + 9 * MINUTE)
    with store.begin() as session:
        made = editions.publish(session, NOW, Publication("prem", "misses", NOW + 5 * MINUTE), {"x": "y"})
        seen = drafts.find(session, draft).version
        drafts.close(session, draft, seen, made.id)
    assert known(store).covers(NOW + 4 * MINUTE)
    assert not known(store).covers(NOW + 5 * MINUTE)


def test_what_was_put_into_a_draft_that_is_thrown_away_is_open_again(store: Store) -> None:
    draft = drafted(store)
    done(store, Deed(ASSIGNED, "cities.birgaon", draft))
    with store.begin() as session:
        drafts.throw_away(session, draft)
    assert not known(store).covers(NOW)


def test_two_who_deal_with_the_same_sentence_do_not_overwrite_each_other(store: Store) -> None:
    first = done(store, Deed(IGNORED))
    with pytest.raises(StaleState):
        done(store, Deed(ASSIGNED, "cities.durg", 7), None, "asha")
    assert known(store).by == "esha"
    again = done(store, Deed(ASSIGNED, "cities.durg", 7), first, "asha")  # who has seen it may
    assert (again.by, again.target) == ("asha", "cities.durg")
    with pytest.raises(StaleState):
        done(store, Deed(IGNORED), first)


def test_what_is_taken_back_is_open(store: Store) -> None:
    done(store, Deed(IGNORED))
    with store.begin() as session:
        assert take_back(session, [PLACE, ("city", "b" * 64)]) == [PLACE]
        assert take_back(session, [PLACE]) == []


def talk(store: Store, *lines: Line) -> str:
    with store.begin() as session:
        id = conversations.start(session, NOW, "phone", "+919812345615")
        conversations.add_turns(session, NOW, id, lines)
    return id


def test_what_the_bot_says_and_what_began_at_another_time_is_left_out(store: Store) -> None:
    id = talk(
        store,
        Line("bot", "say", "कौन सा शहर?", "city"),
        Line("caller", "heard", "हमर गाँव", "city", None),
        Line("caller", "heard", "रायपुर", "city", {"city": "raipur"}),
    )
    with store.read() as session:
        (found,) = talks(session, NOW, NOW + MINUTE)
        assert list(talks(session, NOW + MINUTE, NOW + 2 * MINUTE)) == []
    assert (found.id, found.started_at, found.reason) == (id, NOW, None)
    assert [(a.text, a.understood) for a in found.answers] == [("हमर गाँव", None), ("रायपुर", {"city": "raipur"})]


def test_what_was_said_about_a_confidential_complaint_is_left_out(store: Store) -> None:
    id = talk(store, Line("caller", "heard", "रवि ने पैसे माँगे", "complaint", None))
    with store.begin() as session:
        session.add(
            Complaint(
                number="C1", kind="bribe", mobile="9812345615", language="hi", confidential=True,
                conversation_id=id, created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
    with store.read() as session:
        assert list(talks(session, NOW, NOW + MINUTE)) == []
