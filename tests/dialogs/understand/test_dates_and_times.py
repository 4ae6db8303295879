from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dialogs.understand import numbers as n
from dialogs.understand.dates import MONTHS, find_dates
from dialogs.understand.said import said
from dialogs.understand.times import find_times

HINDI_MONTHS = "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर".split()
ENGLISH_MONTHS = "january february march april may june july august september october november december".split()
TODAY = date(2026, 11, 21)


def day(text, today=TODAY):
    found = find_dates(said(text), today)
    return found[0].value if found else "none named"


def clock(text):
    return next(m.value for m in find_times(said(text)) if m.kind == "time")


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 150))
def test_a_day_and_month_said_in_hindi_and_english_is_that_day(today, ahead):
    target = today + timedelta(days=ahead)
    hindi = f"{n.spoken(target.day, 'hi')} {HINDI_MONTHS[target.month - 1]}"
    english = f"{n.spoken_ordinal(target.day, 'en')} {ENGLISH_MONTHS[target.month - 1]}"
    assert day(hindi, today) == target
    assert day(english, today) == target


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(1, 28))
def test_a_day_of_the_month_alone_is_the_next_such_day(today, number):
    found = day(f"{n.spoken(number, 'hi')} तारीख", today)
    assert found.day == number
    assert timedelta(0) <= found - today <= timedelta(days=31)


def test_impossible_days_are_none():
    assert day("इकतीस नवंबर") is None
    assert day("thirtieth february") is None
    assert day("उनतीस फरवरी") is None


def test_a_day_that_is_just_past_is_none_and_not_next_year():
    assert day("दस नवंबर") is None
    assert day("1/11/2026") is None
    assert day("yesterday") is None


def test_kal_is_tomorrow_in_a_booking_and_past_with_a_past_verb():
    assert day("कल") == TODAY + timedelta(days=1)
    assert day("कल कोई आया था") == "none named"


def test_days_roll_over_the_end_of_month_and_year():
    assert day("परसों", date(2026, 12, 30)) == date(2027, 1, 1)
    assert day("तीन दिन बाद", date(2026, 12, 30)) == date(2027, 1, 2)
    assert day("अगले महीने की दस तारीख", date(2026, 12, 28)) == date(2027, 1, 10)


@given(st.integers(8, 19), st.sampled_from([0, 15, 30, 45]))
def test_clock_times_within_opening_hours_are_unambiguous(hour, minute):
    hour12 = (hour - 1) % 12 + 1
    this, following = n.spoken(hour12, "hi"), n.spoken(hour12 % 12 + 1, "hi")
    text = {0: f"{this} बजे", 15: f"सवा {this} बजे", 30: f"साढ़े {this} बजे", 45: f"पौने {following} बजे"}[minute]
    assert clock(text) == f"{hour:02}:{minute:02}"


def test_one_and_a_half_and_two_and_a_half():
    assert (clock("डेढ़ बजे"), clock("ढाई बजे")) == ("13:30", "14:30")


@given(st.sampled_from(MONTHS), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_a_month_alone_names_no_day(month, today):
    assert find_dates(said(ENGLISH_MONTHS[MONTHS.index(month)]), today) == []
