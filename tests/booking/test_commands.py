"""The commands `bookings` and `jobs`, through the command line's own entry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from app import main
from booking.errors import SendFailed
from booking.notices import Direct, notify
from booking.sending import send_due
from models.slots import SeatClaim, Slot
from models.store import Store
from tests.booking.town import NOW, at, holds, holds_and_books


@pytest.fixture
def configured(town: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The town as the configured store of the command line."""
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", town.engine.url.render_as_string(hide_password=False))
    return town


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


def test_bookings_are_listed_as_a_table(configured: Store) -> None:
    assert run("bookings").output == "no bookings\n"
    made = holds_and_books(configured)
    head, row = run("bookings").output.splitlines()
    assert head.split() == ["number", "visit", "service", "city", "mobile", "stage", "notice"]
    assert row.split() == [made.number, "2026-11-23", "10:00", "birth_certificate", "raipur", "9812345615", "booked",
                           "pending"]  # fmt: skip


def test_bookings_are_listed_as_one_json_array_newest_first(configured: Store) -> None:
    assert json.loads(run("bookings", "--json").output) == []
    holds_and_books(configured, "c1")
    holds_and_books(configured, "c2", at(23, 11))
    data = json.loads(run("bookings", "--json").output)
    assert [b["starts_at"] for b in data] == ["2026-11-23T11:00:00+05:30", "2026-11-23T10:00:00+05:30"]
    assert [b["conversation"] for b in json.loads(run("bookings", "--json", "--limit", "1").output)] == ["c2"]


def test_bookings_can_be_picked(configured: Store) -> None:
    mine = holds_and_books(configured, "c1")
    holds_and_books(configured, "c2", at(23, 11), mobile="7000000001")
    spaced = f" {mine.number[:4]} {mine.number[4:]}"
    for args in (("--number", mine.number), ("--mobile", "+91 98123 45615"), ("--number", spaced)):
        assert [b["number"] for b in json.loads(run("bookings", "--json", *args).output)] == [mine.number]
    assert run("bookings", "--number", mine.number, "--mobile", "7000000001").output == "no bookings\n"


@pytest.mark.parametrize("args", [("--mobile", "0788-2322222"), ("--limit", "0"), ("--limit", "x"), ("--color",)])
def test_bad_options_are_refused(configured: Store, args: tuple[str, ...]) -> None:
    assert run("bookings", *args).exit_code == 2


def test_a_store_that_is_not_prepared_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    for args in (("bookings",), ("jobs", "ensure_slots")):
        result = run(*args)
        assert result.exit_code == 1
        assert "python app.py prepare" in result.output


def test_jobs_run_by_name_at_a_given_time(configured: Store) -> None:
    holds(configured, now=NOW)
    assert run("jobs", "ensure_slots", "--now", "2026-11-22T07:30").output == "ensure_slots: count 743\n"
    assert run("jobs", "release_expired", "--now", "2026-11-22T07:30").output == "release_expired: count 0\n"
    assert run("jobs", "release_expired", "--now", "2026-11-22T02:05:00+00:00").output == "release_expired: count 1\n"
    with configured.read() as session:
        assert session.scalar(select(func.count(Slot.id))) == 2 * 31 * 12
        assert session.scalar(select(func.count(SeatClaim.id))) == 0


def test_jobs_are_listed_with_their_last_run_and_report(configured: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise ValueError("no calendar")

    run("jobs", "release_expired", "--now", "2026-11-22T07:30")
    monkeypatch.setattr("booking.jobs.ensure_slots", broken)
    failed = run("jobs", "ensure_slots", "--now", "2026-11-22T07:31")
    assert (failed.exit_code, failed.output) == (1, "Error: ensure_slots: ValueError: no calendar\n")
    lines = {line.split()[0]: line for line in run("jobs").output.splitlines()}
    assert "every 1 min" in lines["release_expired"]
    assert "2026-11-22 07:30:00  count 0" in lines["release_expired"]
    assert "2026-11-22 07:31:00  failed: ValueError: no calendar" in lines["ensure_slots"]
    assert "never" in lines["escalate"]
    assert "send_notices" in lines


def test_a_time_that_is_none_is_refused(configured: Store) -> None:
    result = run("jobs", "ensure_slots", "--now", "noon")
    assert result.exit_code == 2
    assert "'noon' is no time" in result.output


def test_without_a_carrier_the_notices_job_says_who_sends_them(configured: Store) -> None:
    result = run("jobs", "send_notices")
    assert result.exit_code == 1
    assert "only the running server" in result.output


def test_an_unknown_job_is_refused_and_the_known_ones_are_named(configured: Store) -> None:
    result = run("jobs", "nothing")
    assert result.exit_code == 2
    assert "release_expired" in result.output


def test_notices_that_did_not_arrive_are_shown_without_numbers_and_texts(configured: Store) -> None:
    made = holds_and_books(configured)
    assert run("notices", "--failed").output == "no notices\n"

    def refuse(to: str, text: str) -> str:
        raise SendFailed("the number does not exist", permanent=True)

    send_due(configured, NOW, refuse)
    head, row = run("notices", "--failed").output.splitlines()
    assert head.split() == ["id", "since", "about", "event", "to", "tries", "state", "why"]
    assert f"booking:{made.id}  booked  98xxxxxx15  1      failed  the number does not exist" in row
    assert run("notices", "--state", "sent").output == "no notices\n"
    assert "9812345615" not in run("notices").output
    assert run("notices", "--state", "lost").exit_code == 2


def test_templates_are_listed_as_they_are_registered_with_their_ids(
    configured: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MITAN_NOTICES__TEMPLATE_IDS", '{"sms.booked.hi": "1107"}')
    lines = run("notices", "--templates").output.splitlines()
    assert "sms.booked.hi\t1107\t{#var#} बुकिंग {#var#}: {#var#}, {#var#}" in lines
    assert "sms.complaint_closed.en\t-\t{#var#}: your complaint {#var#} is closed. Thank you." in lines


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("MITAN_BRAND__NAME_HI", "एक बहुत लंबा नाम", "notices.yaml:name brand.hi: 'एक बहुत लंबा नाम' is empty, over 14"),
        ("MITAN_NOTICES__TEMPLATE_IDS", '{"sms.bokked.hi": "1"}', "'sms.bokked.hi' names no template"),
        ("MITAN_NOTICES__REMINDER_EVENING_H", "22", "lies within the quiet hours"),
        ("MITAN_NOTICES__CHANNELS", '["sms", "mail"]', "mail_server and mail_from are needed"),
        ("MITAN_NOTICES__CHANNELS", '["sms", "whatsapp"]', "whatsapp_number is needed"),
    ],
)
def test_the_check_names_what_would_spoil_a_notice(
    name: str, value: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    result = run("check")
    assert result.exit_code == 1
    assert problem in result.output


def test_a_notice_about_no_record_does_not_show_its_number(configured: Store) -> None:
    with configured.begin() as session:
        to = Direct("9812345615", "hi", "service:pan_card/9812345615")
        notify(session, NOW, to, "documents_list", service="पैन कार्ड", documents=["identity"])
    assert "service:pan_card  documents_list  98xxxxxx15" in run("notices").output
    assert "9812345615" not in run("notices").output
