from hypothesis import given
from hypothesis import strategies as st

from dialogs.understand import numbers as n
from dialogs.understand.data import load
from dialogs.understand.digits import read_digits
from dialogs.understand.said import said
from dialogs.understand.text import clean, tokens

SPELLINGS = {int(k): [str(w) for w in v] for k, v in load("numbers.yaml")["hindi"].items()}
EVERY = [(number, word) for number, words in SPELLINGS.items() for word in words]
DIGITS = st.sampled_from(range(10))


def number_of(text):
    found = n.amount(tokens(text))
    return found[0] if found else None


def hindi_amount(number, pick):
    out = []
    for scale, word in ((100_000, "लाख"), (1000, "हज़ार"), (100, "सौ")):
        if number >= scale:
            out += [pick(SPELLINGS[number // scale]), word]
            number %= scale
    return " ".join([*out, *([pick(SPELLINGS[number])] if number else [])])


def test_every_listed_spelling_from_0_to_99_is_its_number():
    assert len(SPELLINGS) == 100
    assert [(w, number_of(w)) for number, w in EVERY if number_of(w) != number] == []


def test_no_spelling_stands_for_two_numbers():
    cleaned = [(clean(w), number) for number, w in EVERY]
    assert len({w for w, _ in set(cleaned)}) == len(set(cleaned))


def test_every_english_number_from_0_to_99_is_itself():
    assert [number_of(n.spoken(i, "en")) for i in range(100)] == list(range(100))


@given(st.integers(1, 9_999_999), st.data())
def test_amounts_in_any_spelling_are_understood(number, data):
    assert number_of(hindi_amount(number, lambda words: data.draw(st.sampled_from(words)))) == number


@given(st.sampled_from("6789"), st.lists(DIGITS, min_size=9, max_size=9), st.data())
def test_mobile_numbers_said_digit_by_digit_in_any_spelling_and_mix_are_understood(first, rest, data):
    digits = [int(first), *rest]
    spoken = [data.draw(st.sampled_from([*SPELLINGS[d], n.spoken(d, "en")])) for d in digits]
    assert read_digits(said(" ".join(spoken)), 10) == "".join(map(str, digits))


@given(st.lists(st.integers(10, 99), min_size=5, max_size=5).filter(lambda p: p[0] >= 60), st.booleans())
def test_mobile_numbers_said_in_pairs_are_understood(pairs, english):
    spoken = " ".join(n.spoken(p, "en" if english else "hi") for p in pairs)
    assert read_digits(said(spoken), 10) == "".join(map(str, pairs))


@given(st.integers(1, 9), DIGITS, DIGITS, st.sampled_from(["डबल", "double"]))
def test_doubled_digits_are_two(first, second, third, double):
    text = f"{n.spoken(first, 'hi')} {double} {n.spoken(second, 'hi')} {n.spoken(third, 'hi')} एक एक"
    assert read_digits(said(text), 6) == f"{first}{second}{second}{third}11"


def test_corrections_replace_what_they_repeat():
    assert read_digits(said("नौ आठ सात छह पाँच चार तीन दो एक दो नहीं एक एक"), 10) == "9876543211"
    assert read_digits(said("चार नौ दो नहीं तीन शून्य शून्य एक"), 6) == "493001"
    assert read_digits(said("four nine two sorry four nine five double zero one"), 6) == "495001"


def test_country_code_and_leading_zero_go():
    assert read_digits(said("+91 98264 01715"), 10) == "9826401715"
    assert read_digits(said("0 9826401715"), 10) == "9826401715"


def test_a_wrong_count_or_a_first_digit_below_six_is_not_a_mobile_number():
    for text in ("98264", "12345678901234567890", "पाँच चार तीन दो एक शून्य नौ आठ सात छह"):
        assert read_digits(said(text), 10) is None
