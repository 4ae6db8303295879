"""The pages of the flow: who sees them, what stands on them, periods, numbers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from booking.conversations import Line
from models.store import Store
from tests.booking.test_questions import bot, heard, talked
from tests.console.accounts.house import ESHA, PREM, RAVI, START, Browser, Clock, entered
from tests.console.flow.house import HOME, SUNITA, furnished
from tests.console.prompts.house import drafted, own, save
from tests.console.prompts.test_publishing import publish


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def flow(store: Store, clock: Clock) -> Flask:
    return furnished(store, clock)


@pytest.fixture
def esha(flow: Flask) -> Browser:
    return entered(flow, ESHA)


def test_an_agent_may_not_look_at_the_flow_and_editors_publishers_and_supervisors_may(flow: Flask) -> None:
    assert entered(flow, RAVI).get(HOME).status_code == 403
    assert Browser(flow).get(HOME).status_code == 302
    for login in (ESHA, PREM, SUNITA):
        assert entered(flow, login).get(HOME).status_code == 200


def test_every_node_is_drawn_once_and_stands_in_a_table(esha: Browser) -> None:
    nodes = sorted(own().graph.nodes)
    assert sorted(re.findall(r'data-node="(\w+)"', esha.get(HOME).text)) == nodes
    assert (
        sorted(re.findall(r'<th scope="row"><a href="/admin/flow/node/(\w+)', esha.get(f"{HOME}/table").text)) == nodes
    )


def test_a_node_has_its_words_in_both_languages_and_leads_to_its_prompts(esha: Browser) -> None:
    page = esha.get(f"{HOME}/node/bye").text
    for key, text in {"hi": "धन्यवाद", "en": "Thank you"}.items():
        assert f'<p lang="{key}">' in page
        assert text in page
    assert 'href="/admin/prompts?q=bye.plain"' in page
    assert "if <code>has number</code>" in page


def test_who_may_not_open_prompts_or_conversations_gets_no_links_to_them(flow: Flask, store: Store) -> None:
    id = talked(store, heard("help"), at=START)
    for login, prompts, conversations in ((ESHA, True, False), (SUNITA, False, True)):
        page = entered(flow, login).get(f"{HOME}/node/help").text
        assert ("/admin/prompts?q=" in page) is prompts
        assert (f"/desk/conversation/{id}" in page) is conversations


def test_the_words_are_those_of_the_present_edition(flow: Flask, esha: Browser) -> None:
    draft = drafted(esha)
    save(esha, draft, "prompt/help.ask", en="What shall we do for you today?")
    assert "What shall we do for you today?" not in esha.get(HOME).text
    assert publish(entered(flow, PREM), draft)[0] == 303
    assert "What shall we do for you today?" in esha.get(HOME).text


def test_numbers_stand_on_the_node_and_beside_it(esha: Browser, store: Store) -> None:
    talked(store, heard("help", False), heard("help"), bot("bridge"), at=START, outcome="handoff")
    talked(store, heard("help"), heard("city", kind="hung_up"), at=START, outcome="cut_off")
    found = esha.get(f"{HOME}/numbers").get_json()["nodes"]
    assert found["help"] == {"visits": 2, "line": "50 % at once · 50 % asked again · 50 % to agents"}
    assert found["city"] == {"visits": 1, "line": "100 % hung up"}
    assert found["day"] == {"visits": 0, "line": ""}
    assert "book" not in found  # calls pass it without a stop
    page = esha.get(f"{HOME}/node/help").text
    assert "Conversations of this period: 2" in page
    assert "50 % at once · 50 % asked again · 50 % to agents" in page


def test_a_call_that_is_promised_a_call_back_was_handed_over(esha: Browser, store: Store) -> None:
    talked(store, heard("city"), bot("after_agent"), heard("after_agent"), bot("bye"), at=START)
    assert "to agents" in esha.get(f"{HOME}/numbers").get_json()["nodes"]["city"]["line"]


def test_numbers_are_those_of_the_period(esha: Browser, store: Store, clock: Clock) -> None:
    for days in (0, 3, 20, 200):
        talked(store, heard("help"), at=START - timedelta(days=days))
    visits = [esha.get(f"{HOME}/numbers?of={of}").get_json()["nodes"]["help"]["visits"] for of in ("today", "7", "30")]
    assert visits == [1, 2, 3]
    chosen = esha.get(f"{HOME}/numbers?of=days&since=2026-11-01&until=2026-11-20").get_json()
    assert chosen["nodes"]["help"]["visits"] == 2


def test_numbers_are_counted_anew_only_after_some_seconds(esha: Browser, store: Store, clock: Clock) -> None:
    numbers = f"{HOME}/numbers"
    assert esha.get(numbers).get_json()["nodes"]["help"]["visits"] == 0
    talked(store, heard("help"), at=START)
    assert esha.get(numbers).get_json()["nodes"]["help"]["visits"] == 0
    clock.later(seconds=20)
    assert esha.get(numbers).get_json()["nodes"]["help"]["visits"] == 1


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("since=2026-11-20&until=", "Give both days as a date."),
        ("since=%3Cb%3E&until=2026-11-20", "Give both days as a date."),
        ("since=2026-11-20&until=0001-01-01", "Give both days as a date."),
        ("since=2026-11-20&until=2026-11-19", "The last day cannot be before the first."),
        ("since=2025-11-19&until=2026-11-20", "Choose at most 366 days at once."),
    ],
)
def test_days_that_are_none_get_a_sentence_and_stay_typed(esha: Browser, days: str, sentence: str) -> None:
    answer = esha.get(f"{HOME}?of=days&{days}")
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "Nothing is counted" in answer.text
    assert 'value="2026-11-20"' in answer.text
    assert esha.get(f"{HOME}/table?of=days&{days}").status_code == 400


def test_a_node_that_is_none_is_missing_and_markup_in_a_query_stays_text(esha: Browser) -> None:
    assert esha.get(f"{HOME}/node/nowhere").status_code == 404
    assert "<script>x" not in esha.get(f"{HOME}?of=<script>x").text


def test_a_node_that_an_older_flow_had_does_no_harm(esha: Browser, store: Store) -> None:
    talked(store, heard("help"), heard("gone_since"), Line("caller", "heard", "", "help"), at=START)
    assert esha.get(f"{HOME}/node/help").status_code == 200
    assert esha.get(f"{HOME}/numbers").get_json()["nodes"]["help"]["visits"] == 2


def test_only_our_own_pages_may_stand_in_the_frame(esha: Browser) -> None:
    policy = esha.get(HOME).headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
