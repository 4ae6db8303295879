"""What the bot says for a number, a day, a clock time, an amount or a name is understood back as the same."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalogue_file import load_catalogue
from dialogs.understand import Context, Hearing, build_lexicon, understand
from dialogs.understand.numbers import amount
from dialogs.understand.text import tokens
from prompts.spoken.forms import FORMS, Saying

ROOT = Path(__file__).parents[1]
CATALOGUE = load_catalogue(ROOT / "models/seed/services.yaml", ROOT / "models/seed/cities.yaml")
LEXICON = build_lexicon(
    CATALOGUE, {p.parent.name: yaml.safe_load(p.read_text("utf-8")) for p in (ROOT / "prompts").glob("*/phrases.yaml")}
)
NOW = datetime.fromisoformat("2026-11-21T10:00:00+05:30")
LANGUAGE = st.sampled_from(["hi", "en"])
BOOKABLE = st.integers(0, 30)  # days ahead


class Names:
    def service(self, id, language):
        return CATALOGUE.service[id].name(language)

    def city(self, id, language):
        return CATALOGUE.city[id].name(language)


def said(form, value, language, now=NOW):
    return FORMS[form](value, Saying(language, now, Names(), str))


def understood(text, expect, language, now=NOW, **known):
    context = Context(LEXICON, language, now.replace(tzinfo=None), **known)
    return understand([Hearing(text)], expect, context).gold()


@given(st.integers(0, 99_999_999), LANGUAGE)
def test_a_number(number, language):
    assert amount(tokens(said("number", number, language))) == (number, len(tokens(said("number", number, language))))


@given(st.integers(0, 999_999), LANGUAGE)
def test_an_amount_of_rupees(rupees, language):
    text = said("money", rupees, language)
    assert amount(tokens(text))[0] == rupees, text


@given(st.from_regex(r"[6-9][0-9]{9}", fullmatch=True), LANGUAGE)
def test_a_mobile_number(number, language):
    assert understood(said("digits", number, language), "digits", language, length=10) == {"digits": number}


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), LANGUAGE)
def test_a_booking_number(number, language):
    assert understood(said("digits", number, language), "digits", language, length=8) == {"digits": number}


@given(st.from_regex(r"[1-9][0-9]{5}", fullmatch=True), LANGUAGE)
def test_a_pin_code(number, language):
    assert understood(said("digits", number, language), "digits", language, length=6) == {"digits": number}


@settings(max_examples=300)
@given(st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2030-12-31")), BOOKABLE, LANGUAGE)
def test_a_day(now, ahead, language):
    now = now.replace(tzinfo=NOW.tzinfo)
    day = (now + timedelta(days=ahead)).date().isoformat()
    text = said("day", day, language, now)
    assert understood(text, "date", language, now) == {"date": day}, text


@given(st.integers(8, 19), st.integers(0, 59), LANGUAGE)
def test_a_clock_time(hour, minute, language):
    text = said("clock", f"{hour:02}:{minute:02}", language)
    assert understood(text, "date", language) == {"time": f"{hour:02}:{minute:02}"}, text


@settings(max_examples=300)
@given(BOOKABLE, st.integers(8, 19), st.sampled_from([0, 15, 30, 45]), LANGUAGE)
def test_a_day_with_its_time(ahead, hour, minute, language):
    moment = (NOW + timedelta(days=ahead)).replace(hour=hour, minute=minute, tzinfo=None)
    text = said("when", moment.isoformat(), language)
    assert understood(text, "date", language) == {
        "date": moment.date().isoformat(),
        "time": f"{hour:02}:{minute:02}",
    }, text


@settings(max_examples=200)
@given(st.lists(st.tuples(BOOKABLE, st.integers(8, 19)), min_size=1, max_size=3, unique=True), LANGUAGE, st.data())
def test_an_offer_said_back_is_that_offer(slots, language, data):
    offers = tuple((NOW + timedelta(days=d)).replace(hour=h, tzinfo=None) for d, h in sorted(slots))
    at = data.draw(st.integers(0, len(offers) - 1))
    text = said("when", offers[at].isoformat(), language)
    assert understood(text, "slot", language, offers=offers) == {"choice": at + 1}, text


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("part", ["morning", "afternoon", "evening"])
def test_a_part_of_the_day(part, language):
    assert understood(said("daypart", part, language), "date", language) == {"daypart": part}


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("service", [s.id for s in CATALOGUE.services])
def test_a_service(service, language):
    assert understood(said("service", service, language), "service", language) == {"service": service}


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("city", [c.id for c in CATALOGUE.cities])
def test_a_city(city, language):
    assert understood(said("city", city, language), "city", language) == {"city": city}
