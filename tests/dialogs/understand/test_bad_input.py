"""Whatever comes in: an honest "not understood", never an exception, in bounded time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.understand.lines import QUESTIONS
from tests.dialogs.understand.conftest import SATURDAY

NOTHING = [
    "", " ", "\x00\x01\x1f", "ा ि ी ्", "。。。", "你好 世界", "مرحبا", "🙂🙂🙂", "'; DROP TABLE bookings; --",
    "{{7*7}}",

    "<script>alert(x)</script>", "../../etc/passwd", "%s%s%n", "\u200d\u200c\ufeff", "a" * 10_000, "रायपुर " * 2_000,
    "हाँ नहीं " * 200, "-" * 500,
]  # fmt: skip


OWN_WORDS = ("text", "about")  # there any words are an answer
KINDS = [q for q in QUESTIONS if q not in OWN_WORDS]


@pytest.mark.parametrize("text", NOTHING, ids=lambda t: repr(t[:20]))
@pytest.mark.parametrize("expect", KINDS)
def test_what_is_no_answer_is_not_understood(text, expect, gold):
    assert gold(text, expect, length=10, offers=(SATURDAY, SATURDAY)) == {}


@pytest.mark.parametrize("expect", [q for q in KINDS if q not in ("digits", "rating", "date", "slot")])
def test_numbers_alone_answer_no_question_that_asks_for_none(expect, gold):
    assert gold("1234567890", expect) == {}


@pytest.mark.parametrize("text", ["", "。。。", "🙂🙂🙂", "\x00\x01", "-" * 500, "1234567890", "\u200d\u200c\ufeff"])
@pytest.mark.parametrize("expect", OWN_WORDS)
def test_where_any_words_are_taken_there_must_be_some(expect, text, gold):
    assert gold(text, expect) == {}


@pytest.mark.parametrize("expect", OWN_WORDS)
@pytest.mark.parametrize("text", ["<script>alert(x)</script>", "'; DROP TABLE bookings; --", "你好 世界"])
def test_own_words_are_kept_as_they_are(expect, text, gold):
    assert gold(text, expect) == {"text": text}


@settings(max_examples=200, deadline=1000)
@given(text=st.text(max_size=200), expect=st.sampled_from(QUESTIONS), length=st.sampled_from([None, 6, 8, 10]))
def test_no_text_raises(lexicon, text, expect, length):
    from dialogs.understand import Context, Hearing, understand

    understand([Hearing(text)], expect, Context(lexicon, "hi", SATURDAY, (SATURDAY,), length))


WORDS = st.sampled_from(
    "नहीं हाँ दो नौ डबल ट्रिपल सौ हजार लाख साढ़े सवा बजे बजकर कल परसों सोमवार तारीख अगले महीने रायपुर भिलाई चरौदा राशन "
    "कार्ड जन्म प्रमाण पत्र sorry not double twenty five half past quarter to 25/11 5:30 99 बार".split()
)


@settings(max_examples=300, deadline=1000)
@given(words=st.lists(WORDS, max_size=40), expect=st.sampled_from(QUESTIONS))
def test_no_row_of_the_words_themselves_raises(lexicon, words, expect):
    from dialogs.understand import Context, Hearing, understand

    understand([Hearing(" ".join(words))], expect, Context(lexicon, "hi", SATURDAY, (SATURDAY,), 10))


def test_the_longest_admitted_input_is_read_in_bounded_time(gold):
    for text in ("डबल ट्रिपल " * 40, "बीस एक " * 40, "twenty one nahi " * 26, "प्रमाणं पत्रं " * 40):
        for expect in QUESTIONS:
            begun = time.process_time()
            gold(text, expect, length=10)
            assert time.process_time() - begun < 0.5
