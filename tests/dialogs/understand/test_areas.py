"""Areas of a city, record numbers with their check digit, and yes and no to a cancellation."""

from __future__ import annotations

import pytest
import yaml
from stdnum import verhoeff

from dialogs.understand import Context, Hearing, build_lexicon, understand
from dialogs.understand.lexicon import Lexicon
from tests.dialogs.parts import with_areas
from tests.dialogs.seed import catalogue
from tests.dialogs.understand.conftest import ROOT, SATURDAY

AMONG = ("korba_east", "korba_west")


@pytest.fixture(scope="module")
def areas_known() -> Lexicon:
    phrases = {p.parent.name: yaml.safe_load(p.read_text("utf-8")) for p in (ROOT / "prompts").glob("*/phrases.yaml")}
    return build_lexicon(with_areas(catalogue()), phrases)


@pytest.mark.parametrize(
    ("language", "text", "area"),
    [
        ("hi", "कोरबा पूर्व", "korba_east"),
        ("hi", "निहारिका में", "korba_east"),
        ("hi", "हम दर्री में रहते हैं", "korba_west"),
        ("hi", "दररी", "korba_west"),
        ("hi", "दूसरा वाला", "korba_west"),
        ("en", "niharika", "korba_east"),
        ("en", "the first one", "korba_east"),
        ("en", "korba west please", "korba_west"),
        ("hi", "कोरबा", None),
        ("en", "somewhere else", None),
    ],
)
def test_an_area_by_its_name_a_place_in_it_or_its_position(
    areas_known: Lexicon, language: str, text: str, area: str | None
) -> None:
    context = Context(areas_known, language, SATURDAY, among=AMONG)
    assert understand([Hearing(text)], "area", context).area == area


def record_number(text: str, lexicon: Lexicon, language: str = "hi") -> str | None:
    def fits(digits: str) -> bool:
        return len(digits) in (8, 9) and bool(verhoeff.is_valid(digits))

    return understand([Hearing(text)], "digits", Context(lexicon, language, SATURDAY, fits=fits)).digits


@pytest.mark.parametrize(
    "text",
    [
        "दो शून्य चार एक आठ आठ तीन तीन",
        "बीस इकतालीस अठासी तैंतीस",
        "दो शून्य चार एक डबल आठ डबल तीन",
        "मेरा नंबर है बीस इकतालीस डबल आठ तैंतीस",
    ],
)
def test_of_several_readings_the_number_is_the_one_whose_check_digit_fits(areas_known: Lexicon, text: str) -> None:
    assert record_number(text, areas_known) == "20418833"


def test_a_number_that_fits_in_no_reading_is_given_as_it_was_said(areas_known: Lexicon) -> None:
    assert record_number("two zero four one eight eight three four", areas_known, "en") == "20418834"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("हाँ रद्द कर दीजिए", "yes"),
        ("रद्द कर दो", "yes"),
        ("नहीं रद्द मत कीजिए", "no"),
        ("रहने दीजिए", "no"),
        ("yes cancel it", "yes"),
        ("no don't cancel", "no"),
    ],
)
def test_to_cancel_is_a_yes_where_that_was_asked(text: str, answer: str, gold) -> None:
    assert gold(text, "cancel") == {"yesno": answer}


@pytest.mark.parametrize("text", ["cancel my booking", "मेरी बुकिंग कैंसिल कर दीजिए"])
def test_a_wish_to_cancel_is_no_refusal_of_another_question(text: str, gold) -> None:
    assert gold(text, "yesno") == {}
    assert gold(text, "intent")["intent"] == "cancel"


@pytest.mark.parametrize(
    ("text", "service"),
    [("आय प्रमाण पत्र", "income_certificate"), ("तहसील कार्यालय", None), ("राशन की दुकान", None), ("बिजली विभाग", None)],
)
def test_a_complaint_is_about_our_service_only_beyond_doubt(text: str, service: str | None, gold) -> None:
    assert gold(text, "about") == {"text": text, **({"service": service} if service else {})}
