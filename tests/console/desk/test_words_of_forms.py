"""The words of the agents' forms: every code of the domain that can be shown has its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from booking import errors
from booking.actors import Role
from booking.appeal_rules import Ground
from booking.appeal_rules import Why as AppealWhy
from booking.complaint_stages import KINDS
from booking.complaint_stages import STAGES as COMPLAINT_STAGES
from booking.errors import BookingError, Why
from booking.stages import STAGES
from console.desk.forms import looks
from console.desk.forms.complaint_deeds import WAYS
from console.desk.forms.complaint_draft import DEPARTMENTS
from console.desk.forms.parts import WORDS, Problem

FORMS = Path(__file__).parents[3] / "console/desk/forms"
ELSEWHERE = {"stale_state", "not_owner", "error"}  # refusals that no form of an agent can meet


def test_both_languages_have_the_same_labels_and_hindi_is_devanagari() -> None:
    assert WORDS["hi"].keys() == WORDS["en"].keys()
    fields = {lang: {k: set(re.findall(r"\{\w+\}", v)) for k, v in WORDS[lang].items()} for lang in WORDS}
    assert fields["hi"] == fields["en"]
    assert [k for k, v in WORDS["hi"].items() if not re.search("[\u0900-\u097f]", v)] == []


def test_whatever_the_domain_says_has_its_words() -> None:
    codes = {e.code for e in vars(errors).values() if isinstance(e, type) and issubclass(e, BookingError)}
    needed = {f"error_{code}" for code in codes - ELSEWHERE}
    needed |= {f"stage_{s}" for s in STAGES} | {f"of_complaint_{s}" for s in COMPLAINT_STAGES}
    needed |= (
        {f"kind_{k}" for k in KINDS} | {f"department_{d}" for d in DEPARTMENTS} | {f"by_{r}" for r in get_args(Role)}
    )
    needed |= {f"way_{w}" for w in WAYS} | {f"said_{w}" for w in WAYS} | {f"ground_{g}" for g in get_args(Ground)}
    needed |= {f"appeal_{w}" for w in get_args(AppealWhy) if w not in ("", "finished", "cancelled")}
    needed |= {f"why_{w}" for w in (*get_args(Why), "full", "none") if w != "hours"}
    assert needed - WORDS["en"].keys() == set()


def test_every_event_of_a_record_has_its_words() -> None:
    root = FORMS.parents[2] / "booking"
    written = "\n".join(p.read_text("utf-8") for p in [*root.glob("*.py"), *root.glob("desk/*.py")])
    what = set(re.findall(r'\bChange\(\s*"(\w+)"', written)) | set(re.findall(r'what="(\w+)"', written))
    assert {f"did_{w}" for w in what} - WORDS["en"].keys() == set()


def test_every_label_that_a_page_uses_exists_and_every_one_is_used() -> None:
    pages = "\n".join(p.read_text("utf-8") for p in FORMS.rglob("*.html"))
    code = "\n".join(p.read_text("utf-8") for p in FORMS.glob("*.py"))
    used = set(re.findall(r"\bw\.(\w+)", pages))
    assert used <= WORDS["en"].keys()
    said = set(re.findall(r'"(\w+)"', code)) | {f"error_{c}" for c in re.findall(r'Problem\("(\w+)"', code)}
    assert {f"error_{c}" for c in re.findall(r'Problem\("(\w+)"', code)} <= WORDS["en"].keys()
    made = re.compile(r"(error|did|by|stage|of|kind|department|way|said|ground|appeal|why|no|outcome)_|\w+_title$")
    fields = {"name", "address", "pin", "language", "mobile"}
    assert {k for k in WORDS["en"] if not made.match(k)} - used - said - fields == set()


@pytest.mark.parametrize("problem", [Problem("too_long", {"n": 200}), Problem("never heard of")])
def test_a_problem_is_a_sentence_with_its_values(problem: Problem) -> None:
    text = looks.problem_text(WORDS["en"], problem.code, **problem.values)
    assert text.endswith(".")
    assert "{" not in text


@pytest.mark.parametrize(("number", "shown"), [("12345678", "1234 5678"), ("312345678", "312 345 678"),
                                               ("9812345615", "98123 45615"), ("", ""), ("12", "12")])  # fmt: skip
def test_numbers_are_shown_in_groups(number: str, shown: str) -> None:
    assert looks.spaced(number) == shown
