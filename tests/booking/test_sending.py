from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from booking import sending
from booking.bookings import book
from booking.channels import Sms
from booking.errors import AccountRefused, SendFailed
from booking.notices import Direct, notices, notify
from booking.sending import LEASE, REFUSED_WAIT, TRIES, Report, deliver_due, send_due
from models.notices import Notice
from models.store import Store
from tests.booking.town import AT_ONCE, MINUTE, NOW, RULES, at, holds_and_books, order


class Carrier:
    """Takes messages and keeps them; fails as it is told to, once for each `failures`."""

    def __init__(self, *failures: BaseException, before: Callable[[], object] = lambda: None) -> None:
        self.sent: list[tuple[str, str]] = []
        self._failures = list(failures)
        self._before = before

    def send(self, recipient: str, text: str) -> str:
        self._before()
        if self._failures:
            raise self._failures.pop(0)
        self.sent.append((recipient, text))
        return f"SM{len(self.sent)}"


def notice(store: Store) -> Notice:
    with store.read() as session:
        return session.scalars(select(Notice)).one()


BUSY = SendFailed("the carrier is busy", permanent=False)


def test_a_due_notice_is_sent_and_not_again(town: Store) -> None:
    made, carrier = holds_and_books(town), Carrier()
    assert send_due(town, NOW, carrier.send) == Report(sent=1)
    assert send_due(town, NOW + timedelta(days=1), carrier.send) == Report()
    assert [(to, made.number in text) for to, text in carrier.sent] == [("+919812345615", True)]
    row = notice(town)
    assert (row.state, row.carrier_id, row.sent_at, row.attempts) == ("sent", "SM1", NOW, 1)


def test_a_notice_is_not_sent_before_it_is_due(town: Store) -> None:
    holds_and_books(town)
    assert send_due(town, NOW - AT_ONCE, Carrier().send) == Report()


def test_a_run_ends_well_before_its_claims_do(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sending.BATCH * timedelta(seconds=20) < LEASE
    monkeypatch.setattr(sending, "BATCH", 2)
    for n in range(3):
        holds_and_books(town, f"c{n}", at(23, 8 + n))
    carrier = Carrier()
    assert [send_due(town, NOW, carrier.send).sent for _ in range(3)] == [2, 1, 0]
    assert len(set(carrier.sent)) == 3


def test_no_notice_leaves_when_the_booking_is_taken_back(town: Store) -> None:
    def book_and_fail() -> None:
        with town.begin() as session:
            book(session, NOW, RULES, order())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        book_and_fail()
    assert send_due(town, NOW, Carrier().send) == Report()


def test_two_senders_at_once_send_each_notice_once(town: Store) -> None:
    for n in range(6):
        holds_and_books(town, f"c{n}", at(23, 8 + n))
    gate, carrier = threading.Barrier(4), Carrier()
    reports: list[Report] = []

    def run() -> None:
        gate.wait()
        reports.append(send_due(town, NOW, carrier.send))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(r.sent for r in reports) == 6
    assert len(set(carrier.sent)) == len(carrier.sent) == 6


def test_a_second_sender_leaves_alone_what_the_first_is_just_sending(town: Store) -> None:
    holds_and_books(town)
    second: list[Report] = []
    carrier = Carrier(before=lambda: second.append(send_due(town, NOW + MINUTE, Carrier().send)))
    assert send_due(town, NOW, carrier.send) == Report(sent=1)
    assert second == [Report()]


def test_a_passing_failure_is_tried_again_with_growing_waits(town: Store) -> None:
    holds_and_books(town)
    carrier, now = Carrier(BUSY, BUSY, BUSY), NOW
    for wait in (1, 2, 4):
        assert send_due(town, now, carrier.send) == Report(retried=1)
        assert notice(town).due_at == now + wait * MINUTE
        assert send_due(town, now + wait * MINUTE - AT_ONCE, carrier.send) == Report()
        now += wait * MINUTE
    assert send_due(town, now, carrier.send) == Report(sent=1)
    row = notice(town)
    assert (row.attempts, row.error) == (4, None)


def test_a_permanent_failure_is_given_up_with_its_reason(town: Store) -> None:
    holds_and_books(town)
    carrier = Carrier(SendFailed("अमान्य नंबर", permanent=True))
    assert send_due(town, NOW, carrier.send) == Report(failed=1)
    assert send_due(town, NOW + timedelta(days=1), carrier.send) == Report()
    row = notice(town)
    assert (row.state, row.error, row.carrier_id) == ("failed", "अमान्य नंबर", None)


def test_a_carrier_that_never_recovers_is_given_up_in_the_end(town: Store) -> None:
    holds_and_books(town)
    carrier = Carrier(*[BUSY] * 99)
    reports = [send_due(town, NOW + timedelta(hours=2 * n), carrier.send) for n in range(TRIES + 1)]
    assert reports == [*[Report(retried=1)] * (TRIES - 1), Report(failed=1), Report()]


def test_a_sender_that_breaks_is_survived_and_the_next_notice_goes_out(
    town: Store, caplog: pytest.LogCaptureFixture
) -> None:
    holds_and_books(town, "c1")
    holds_and_books(town, "c2")
    carrier = Carrier(ZeroDivisionError())
    assert send_due(town, NOW, carrier.send) == Report(sent=1, retried=1)
    assert "9812345615" not in caplog.text
    assert "98xxxxxx15" in caplog.text


def test_a_notice_whose_sender_died_is_tried_again_after_its_lease(town: Store) -> None:
    holds_and_books(town)
    with pytest.raises(KeyboardInterrupt):
        send_due(town, NOW, Carrier(KeyboardInterrupt()).send)
    carrier = Carrier()
    assert send_due(town, NOW + LEASE - AT_ONCE, carrier.send) == Report()
    assert send_due(town, NOW + LEASE, carrier.send) == Report(sent=1)


def test_a_sender_slower_than_its_lease_does_not_undo_what_the_next_one_did(town: Store) -> None:
    holds_and_books(town)
    other = Carrier()
    slow = Carrier(BUSY, before=lambda: send_due(town, NOW + LEASE, other.send))
    send_due(town, NOW, slow.send)
    row = notice(town)
    assert (row.state, row.carrier_id, len(other.sent)) == ("sent", "SM1", 1)


def test_a_sender_that_died_after_the_carrier_took_a_notice_does_not_send_it_twice(town: Store) -> None:
    class Dies(Carrier):
        def send(self, recipient: str, text: str) -> str:
            super().send(recipient, text)
            raise KeyboardInterrupt  # killed before anything could be noted

        def taken(self, recipient: str, text: str, since: datetime) -> str | None:
            return "SM1" if (recipient, text) in self.sent else None

    holds_and_books(town)
    carrier = Dies()
    with pytest.raises(KeyboardInterrupt):
        send_due(town, NOW, carrier.send, carrier.taken)
    assert notice(town).state == "pending"
    assert send_due(town, NOW + LEASE + MINUTE, carrier.send, carrier.taken) == Report(sent=1)
    row = notice(town)
    assert (row.state, row.carrier_id, len(carrier.sent)) == ("sent", "SM1", 1)


def test_the_same_words_of_an_earlier_notice_do_not_stand_for_this_one(town: Store) -> None:
    # A second visit within a day is told in the words of the first.
    class Twilio(Carrier):
        def taken(self, recipient: str, text: str, since: datetime) -> str | None:
            found = [n for n, message in enumerate(self.sent, 1) if message == (recipient, text)]
            return f"SM{found[-1]}" if found else None

    holds_and_books(town)
    carrier = Twilio()
    assert send_due(town, NOW, carrier.send, carrier.taken) == Report(sent=1)
    with town.begin() as session:
        first = session.scalars(select(Notice)).one()
        same = {c.key: getattr(first, c.key) for c in Notice.__table__.columns if c.key not in ("id", "carrier_id")}
        session.add(Notice(**same | {"version": 2, "state": "pending", "attempts": 1, "due_at": NOW, "sent_at": None}))
    later = NOW + LEASE + MINUTE
    assert send_due(town, later, carrier.send, carrier.taken) == Report(sent=1)
    assert len(carrier.sent) == 2
    with town.read() as session:
        assert sorted(map(str, session.scalars(select(Notice.carrier_id)))) == ["SM1", "SM2"]


def test_while_the_carrier_cannot_say_what_it_took_nothing_is_sent_again(town: Store) -> None:
    def unreachable(recipient: str, text: str, since: datetime) -> str | None:
        raise BUSY

    holds_and_books(town)
    carrier = Carrier(BUSY)
    assert send_due(town, NOW, carrier.send, unreachable) == Report(retried=1)
    assert send_due(town, NOW + timedelta(hours=1), carrier.send, unreachable) == Report(retried=1)
    assert carrier.sent == []


REFUSED = AccountRefused("credentials refused: check TWILIO_AUTH_TOKEN")


def test_what_a_carrier_refuses_because_of_our_account_waits_and_is_not_given_up(town: Store) -> None:
    for n in range(3):
        holds_and_books(town, f"c{n}", at(23, 8 + n))
    refusing = Carrier(*[REFUSED] * 999)
    for n in range(4 * TRIES):
        now = NOW + n * MINUTE / 12
        assert send_due(town, now, refusing.send).failed == 0
    with town.read() as session:
        waiting = list(session.scalars(select(Notice)))
    assert {(n.state, n.attempts) for n in waiting} == {("pending", 0)}
    assert send_due(town, now + REFUSED_WAIT, Carrier().send) == Report(sent=3)


def test_a_run_stops_at_the_first_refusal_of_our_account_and_says_so_once(
    town: Store, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(3):
        holds_and_books(town, f"c{n}", at(23, 8 + n))
    tried: list[int] = []
    refusing = Carrier(*[REFUSED] * 9, before=lambda: tried.append(1))
    assert [send_due(town, NOW, refusing.send) for _ in range(3)] == [Report(retried=1)] * 3
    assert len(tried) == 3
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert "TWILIO_AUTH_TOKEN" in said


def test_while_our_account_cannot_ask_what_was_taken_no_try_counts(town: Store) -> None:
    def refused(recipient: str, text: str, since: datetime) -> str | None:
        raise REFUSED

    holds_and_books(town)
    carrier, now = Carrier(BUSY), NOW
    send_due(town, now, carrier.send)
    for _ in range(2 * TRIES):
        now += REFUSED_WAIT
        assert send_due(town, now, carrier.send, refused) == Report(retried=1)
    assert (notice(town).state, notice(town).attempts, carrier.sent) == ("pending", 1, [])


def test_other_channels_go_on_when_the_account_of_one_is_refused(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "BATCH", 3)
    wording = replace(notices(), channels=("sms", "mail"))
    for n in range(5):
        with town.begin() as session:
            to = Direct("9812345615", "hi", f"service:pan_card/{n}", "asha@example.in")
            notify(session, NOW, to, "documents_list", wording, service="पैन कार्ड", documents=["identity"])
    mail = Carrier()
    channels = {"sms": Sms(Carrier(*[REFUSED] * 9).send), "mail": Sms(mail.send)}
    assert [deliver_due(town, NOW, channels, wording).sent for _ in range(3)] == [2, 2, 1]
    assert len(mail.sent) == 5
