"""The wording of notices: every text of every event, its variables, and the check that finds what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from booking.notices import notices, sms_parts
from booking.templates import ALLOWED, GSM, LONGEST, VARIABLE, Variable, cleaned, pieces, placeholders, registered
from booking.wording import Notices
from booking.wording_check import problems, seeded
from booking.zone import ZONE
from models.catalogue import ServiceRow
from models.seed.read import read

WORDING = notices()
EVENTS = """
    booked assigned reassigned moved cancelled visited fee_paid submitted documents_needed rejected certificate_ready
    out_for_delivery delivered citizen_absent executive_absent reminder_evening reminder_soon feedback_ask
    complaint_registered complaint_answered complaint_escalated complaint_resolved complaint_closed appeal_registered
    appeal_decided waiting_joined waiting_offer waiting_lapsed waiting_over documents_list
    executive_day executive_new executive_off
""".split()
LATEST = datetime(2026, 12, 30, 12, 30, tzinfo=ZONE)  # among the moments with the longest words


def values(service: str = "labour_correction") -> dict[str, Any]:
    """Everything that a text may say."""
    row = next(s for s in read("services") if s["id"] == service)
    return {
        "count": 24,
        "number": "387654321",
        "service": ServiceRow(id=row["id"], hi=row["hi"], en=row["en"]),
        "city": {"hi": "भिलाई-चरौदा", "en": "Bhilai-Charoda"},
        "when": LATEST,
        "until": LATEST,
        "due": date(2026, 12, 30),
        "executive": {"hi": "चंद्रप्रकाश विश्वकर्मा सिंह", "en": "Chandraprakash Vishwakarma"},
        "card": "RPR-0001",
        "rupees": 1250,
        "reason": "the residence proof is too old",
        "missing": ["identity", "residence_proof"],
        "documents": row["documents"],
        "office": {"hi": "जिला अधिकारी", "en": "the district officer"},
        "outcome": WORDING.outcomes["dismissed"],
    }


def test_every_event_has_its_text_and_nothing_is_wrong_with_any() -> None:
    assert set(EVENTS) <= set(WORDING.texts)
    assert {event.removesuffix("_plain") for event in WORDING.texts} == set(EVENTS)
    assert problems(WORDING) == []
    assert problems(WORDING.branded("मोर संगवारी", "Mor Sangwari")) == []


@pytest.mark.parametrize("service", [s["id"] for s in read("services")])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_text_about_every_service_is_short_and_says_its_values_whole(service: str, language: str) -> None:
    for event in EVENTS:
        message = WORDING.compose(event, language, values(service))
        assert len(message.text) <= LONGEST[language], message.text
        assert sms_parts(message.text) <= (2 if language == "hi" else 1), message.text
        assert all(len(value) <= VARIABLE for value in message.variables.values()), message.variables
        assert "{" not in message.text
        if "{number}" in WORDING.texts[event][language]:
            assert "387654321" in message.text


@pytest.mark.parametrize("event", sorted(WORDING.texts))
def test_hindi_texts_have_no_english_and_english_ones_no_hindi(event: str) -> None:
    fixed = {lang: text.format(**dict.fromkeys(placeholders(text), "")) for lang, text in WORDING.texts[event].items()}
    assert not any("a" <= c.lower() <= "z" for c in fixed["hi"])
    assert set(fixed["en"]) <= GSM
    assert fixed["hi"].count("।") or event in ("booked", "moved", "documents_list", "complaint_escalated", "reminder")


@pytest.mark.parametrize(
    ("event", "unknown", "said"),
    [
        ("submitted", "due", "बनते ही"),
        ("fee_paid", "rupees", "शुल्क मिल गया"),
        ("rejected", "reason", "कारण जानने"),
        ("documents_needed", "missing", "कुछ कागज़"),
        ("complaint_escalated", "office", "ऊपर के अधिकारी"),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", [], " "])
def test_what_is_not_known_is_not_said(event: str, unknown: str, said: str, nothing: object) -> None:
    message = WORDING.compose(event, "hi", values() | {unknown: nothing})
    assert said in message.text
    assert unknown not in message.variables


def test_a_hindi_reason_does_not_make_three_sms_of_an_english_text() -> None:
    hindi = values() | {"reason": "निवास का प्रमाण पत्र पुराना है"}
    assert "पुराना है" in WORDING.compose("rejected", "hi", hindi).text
    assert WORDING.compose("rejected", "en", hindi).text.endswith("To hear why or to appeal, please call 14545.")


def test_what_must_be_said_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match="assigned: executive is not known"):
        WORDING.compose("assigned", "hi", values() | {"executive": None})


def test_the_templates_id_goes_with_its_text() -> None:
    wording = replace(WORDING, template_ids={"sms.submitted.hi": "1", "sms.submitted_plain.hi": "2"})
    assert wording.compose("submitted", "hi", values()).template_id == "1"
    assert wording.compose("submitted", "hi", values() | {"due": None}).template_id == "2"
    assert wording.compose("submitted", "en", values()).template_id == ""


def test_an_aadhaar_number_in_a_reason_is_masked() -> None:
    message = WORDING.compose("rejected", "en", values() | {"reason": "Aadhaar 1234 5678 9012 differs"})
    assert "xxxx xxxx xxxx" in message.text
    assert "9012" not in str(message.variables)


@pytest.mark.parametrize(
    ("kind", "longest", "value", "said"),
    [
        ("number", 9, "3-8765 4321", "387654321"),
        ("name", 25, "Dr. Anita O'Neil <b>", "Dr. Anita O Neil b"),
        ("name", 12, "चंद्रप्रकाश विश्वकर्मा", "चंद्रप्रकाश"),
        ("text", 30, "a\x00b\nc{d}%$#", "a b c d"),
        ("text", 10, "जाति (OBC), नया", "जाति."),
        ("text", 30, "😀 खुश 😀", "खुश"),
        ("words", 40, "  बहुत   जगह ", "बहुत जगह"),
        ("date", 22, "23/11 सुबह 10:30 बजे!", "23/11 सुबह 10:30 बजे"),
        ("list", 20, "पहचान पत्र, आय का प्रमाण", "पहचान पत्र"),
        ("list", 5, "पहचान पत्र", "पहचा."),
    ],
)
def test_values_hold_only_what_their_kind_allows(kind: Any, longest: int, value: str, said: str) -> None:
    variable = Variable(kind, {"hi": longest})
    assert cleaned(variable, "hi", value) == said
    assert len(said) <= longest


@pytest.mark.parametrize("kind", sorted(ALLOWED))
@pytest.mark.parametrize("text", ["", " ", "x" * 500, "अ " * 300, "\n\t\r", "(((((", "a,b,c" * 30, "\u202eevil", "१२३"])
def test_no_value_is_longer_than_it_may_be(kind: Any, text: str) -> None:
    for longest in (5, 14, 40):
        assert len(cleaned(Variable(kind, {"hi": longest}), "hi", text)) <= longest


def test_a_long_list_is_sent_as_several_variables_of_forty() -> None:
    assert pieces("documents", "x" * 85) == {"documents_1": "x" * 40, "documents_2": "x" * 40, "documents_3": "x" * 5}
    assert pieces("city", "Durg") == {"city": "Durg"}
    text = registered(WORDING.texts["documents_list"]["hi"], WORDING.typed, "hi")
    assert text == "{#var#}: {#var#} के लिए ये कागज़ लगेंगे: {#var#}{#var#}"


def broken(**changes: Any) -> Notices:
    return replace(WORDING, **changes)


def texts(event: str, **by_language: str) -> Mapping[str, Mapping[str, str]]:
    return {**WORDING.texts, event: by_language}


@pytest.mark.parametrize(
    ("wording", "problem"),
    [
        (broken(texts=texts("new", hi="नया {number}")), "new: no text for en"),
        (broken(texts=texts("new", hi="नया {number}", en="new")), "new.en: does not say number"),
        (broken(texts=texts("new", hi="नया {x}", en="new {x}")), "new.hi: unknown variable x"),
        (broken(texts=texts("new", hi="नया {", en="new")), "new.hi: cannot be read"),
        (broken(texts=texts("new", hi="new", en="new")), "new.hi: Hindi without Devanagari"),
        (broken(texts=texts("new", hi="नया", en="new “x”")), "new.en: not in the alphabet of an SMS: “ ”"),
        (broken(texts=texts("new", hi="नया " * 33 + "{number}", en="new {number}")), "new.hi: up to 141 characters"),
        (broken(texts=texts("new", hi="नया", en="x" * 161)), "new.en: up to 161 characters; 160 are the most"),
        (broken(texts=texts("new", hi="नया", en="new", xx="x")), "new.xx: unknown language"),
        (broken(at_once=["never"]), "never: is named, but has no text"),
        (broken(replaces={"moved": ["never"]}), "never: is named, but has no text"),
        (broken(brand={"hi": "बहुत ही लंबा नाम", "en": "Mitan"}), "name brand.hi: 'बहुत ही लंबा नाम' is empty, over 14"),
        (broken(services={"x": {"hi": "क" * 27, "en": "x"}}), "service x.hi"),
        (broken(services={"x": {"hi": "क", "en": ""}}), "service x.en: '' is empty"),
        (broken(documents={"x": {"hi": "क"}}), "documents.x: no name in en"),
        (broken(template_ids={"sms.booked.fr": "1"}), "template_ids: 'sms.booked.fr' names no template"),
        (broken(variables={**WORDING.variables, "city": {"type": "text", "max": 31}}), "variables.city: a text has"),
        (broken(variables={**WORDING.variables, "due": {"type": "date", "max": 41}}), "variables.due: operators"),
    ],
)  # fmt: skip
def test_the_check_finds(wording: Notices, problem: str) -> None:
    assert [p for p in problems(wording) if problem in p], problems(wording)


def test_the_check_finds_a_city_or_a_list_of_documents_that_would_be_cut() -> None:
    names = {"city": {"x": {"hi": "क" * 21, "en": "x"}}}
    assert problems(WORDING, names)[0].startswith("city x.hi")
    lists = seeded()["documents"]
    assert max(len(words["hi"]) for words in lists.values()) <= 67
