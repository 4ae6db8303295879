"""What holds for every number, day and time, and what happens to values that do not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.errors import FormError
from prompts.spoken.forms import FORMS
from tests.prompts.sample import NOW, say

LANGUAGES = ("hi", "en")
SCALES = {"सौ": 100, "हज़ार": 1000, "लाख": 100_000, "करोड़": 10_000_000}
SCALES |= {"hundred": 100, "thousand": 1000, "lakh": 100_000, "crore": 10_000_000}
WORDS = {say(language, "number", n): n for language in LANGUAGES for n in range(100)}


def read_back(words: str) -> int:
    """The number that spoken words mean, by the Indian system: a second way to check the first."""
    if " करोड़" in words or " crore" in words:
        head, _, tail = words.replace("करोड़", "crore").rpartition("crore")
        return read_back(head.strip()) * 10_000_000 + (read_back(tail.strip()) if tail.strip() else 0)
    total, count = 0, 0
    for word in words.split():
        if word in SCALES:
            total, count = total + count * SCALES[word], 0
        elif word != "and":
            count = WORDS[word]
    return total + count


@pytest.mark.parametrize("language", LANGUAGES)
@given(n=st.integers(0, 10**14))
def test_every_number_reads_back_as_itself(language: str, n: int) -> None:
    assert read_back(say(language, "number", n)) == n


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_minute_of_a_day_has_its_own_reading(language: str) -> None:
    minutes = [time(h, m) for h in range(24) for m in range(60)]
    readings = {say(language, "clock", at.isoformat("minutes")) for at in minutes}
    assert len(readings) == len(minutes)


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_every_day_is_said_without_a_digit(language: str, day: date) -> None:
    spoken = say(language, "day", day.isoformat())
    assert not any(c.isdigit() for c in spoken)
    assert say(language, "month", day.month) in spoken


@pytest.mark.parametrize("language", LANGUAGES)
@given(days=st.integers(0, 365))
def test_two_days_within_a_year_never_sound_the_same(language: str, days: int) -> None:
    one, other = NOW.date(), NOW.date() + timedelta(days)
    same = say(language, "day", one.isoformat()) == say(language, "day", other.isoformat())
    assert same == (one == other)


@pytest.mark.parametrize("language", LANGUAGES)
@given(digits=st.text("0123456789", min_size=1, max_size=24))
def test_no_digit_is_lost_and_no_group_is_longer_than_five(language: str, digits: str) -> None:
    groups = [group.split() for group in say(language, "digits", digits).split(", ")]
    assert "".join(str(WORDS[word]) for group in groups for word in group) == digits
    assert all(1 <= len(group) <= 5 for group in groups)


@pytest.mark.parametrize("language", LANGUAGES)
@given(paise=st.integers(0, 10**9))
def test_every_amount_can_be_said(language: str, paise: int) -> None:
    assert not any(c.isdigit() for c in say(language, "money", paise / 100))


def test_an_aware_time_is_said_in_the_time_of_the_call() -> None:
    at = datetime(2026, 11, 22, 4, 30, tzinfo=UTC).isoformat()
    assert say("hi", "when", at) == "कल, रविवार, बाईस नवंबर, सुबह दस बजे"


def test_today_is_the_day_of_the_caller_not_of_greenwich() -> None:
    just_after_midnight = NOW.replace(hour=0, minute=5)
    assert say("en", "day", "2026-11-22", just_after_midnight).startswith("tomorrow, ")


BAD = {
    "digits": ["", "12a4", -5, 3.0, None, True, "१२ rupees", ["1"], "-12"],
    "number": ["5", None, True, float("nan"), float("inf"), -1.5, [1]],
    "ordinal": [0, -1, "1", 1.0, True],
    "money": ["50", -1, None, False, float("inf")],
    "day": ["tomorrow", "2026-13-01", 20261122, None, ""],
    "clock": ["25:00", "half past", 10, None, "", "2026-11-22T99:00"],
    "clocks": [[], "10:00", None, ["10:00", "x"]],
    "when": ["2026-11-22", "10:30", "", None, 5],
    "near": ["tomorrow", None, ""],
    "near_when": ["2026-11-22", "10:30", "", None, 5],
    "daypart": ["noon", "", None, 1, []],
    "month": [0, 13, "11", None, True, "x"],
    "service": ["unknown", 5, None, ["pan_card"]],
    "city": ["atlantis", {}],
    "document": ["unknown", 1],
    "services": [[], "pan_card", ["pan_card", "unknown"]],
    "cities": [(), ["raipur", None]],
    "documents": [[], ["unknown"]],
    "text": [None, True, 1.5, [], {}],
    "slowly": ["", "12a4", None, True, "१२ rupees", ["1"]],
    "code": ["", "--", None, True, 1.5, []],
    "area": ["atlantis", 5, None],
    "areas": [[], "korba_east", ["atlantis"]],
    "term": ["kind.unknown", 1, None],
}


@pytest.mark.parametrize(("form", "value"), [(form, value) for form, values in BAD.items() for value in values])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_that_does_not_fit_its_form_is_refused(language: str, form: str, value: object) -> None:
    with pytest.raises(FormError):
        say(language, form, value)


def test_every_form_is_tried_with_bad_values() -> None:
    assert set(BAD) == set(FORMS)


def test_a_refused_number_is_not_repeated_in_the_error() -> None:
    with pytest.raises(FormError) as error:
        say("hi", "digits", "982640171x")
    assert "98264" not in str(error.value)


@given(value=st.text())
def test_any_text_can_be_said_and_loses_its_control_characters(value: str) -> None:
    spoken = say("hi", "text", value)
    assert "\n" not in spoken
    assert "\x00" not in spoken


def test_joiners_stay_because_devanagari_needs_them() -> None:
    assert say("hi", "text", "क्‍या") == "क्‍या"
