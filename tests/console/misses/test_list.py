"""The list of misses: what stands on it, counted and chosen."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint, Flask

from booking import conversations
from booking.accounts.roles import AGENT, EDITOR
from booking.conversations import Line
from ivr.gate import open_to
from ivr.helpline import Helpline
from tests.console.accounts.house import RAVI, Browser, account, entered
from tests.console.misses.house import HOME, UNKNOWN, call, clock_of, forms


def test_what_was_not_understood_stands_there_with_its_question_and_what_was_meant(
    anywhere: Helpline, pages: Flask
) -> None:
    call(anywhere, "बुकिंग करनी है", UNKNOWN, "पैन कार्ड")
    text = entered(pages, "esha").get(HOME).text
    assert UNKNOWN in text
    assert "<code>service</code>" in text
    assert "It means “PAN card”: put it into the draft" in text
    assert "misses: 1 " in text
    assert "33.3\u00a0% of spoken answers" in text
    assert len(forms(text)) == 1


def test_what_was_asked_back_corrected_or_ended_with_an_agent_stands_there_too(
    helpline: Helpline, esha: Browser
) -> None:
    call(helpline, "पैन कार्ड बनवाना है", "बिरगाँव?", "नहीं", "रायपुर")
    call(helpline, "बुकिंग करनी है", UNKNOWN, UNKNOWN, UNKNOWN, "हाँ")
    text = esha.get(HOME).text
    assert "Asked back, and wrong 1" in text
    assert "It means “Raipur”" in text
    assert "Led to an agent 3" in text
    assert "नहीं" not in re.findall(r'<h3 lang="hi">([^<]*)', text)


@pytest.mark.parametrize(
    ("chosen", "there"),
    [("kind=missed", True), ("kind=agent", False), ("node=service", True), ("node=city", False), ("language=hi", True),
     ("language=en", False), ("days=1", True), ("state=assigned", False), ("state=ignored", False),
     ("kind=x&node=y&days=z&state=%00&language=%3Cb%3E", True)],
)  # fmt: skip
def test_the_list_is_chosen_from_by_question_kind_language_and_state(
    helpline: Helpline, esha: Browser, chosen: str, there: bool
) -> None:
    call(helpline, "बुकिंग करनी है", UNKNOWN, "पैन कार्ड")
    assert (UNKNOWN in esha.get(f"{HOME}?{chosen}").text) is there


def test_this_period_is_set_against_the_one_before(helpline: Helpline, house: Flask) -> None:
    call(helpline, "बुकिंग करनी है", UNKNOWN, UNKNOWN, "पैन कार्ड")
    clock_of(helpline).move(8 * 86400)
    esha = entered(house, "esha")
    assert UNKNOWN not in esha.get(HOME).text
    call(helpline, "बुकिंग करनी है", UNKNOWN, "पैन कार्ड")
    text = esha.get(HOME).text
    assert "before: 2" in text
    assert 'aria-label="Day by day: 1 in this period, 2 in the one before"' in text
    assert re.search(r'<th scope="row">Not understood</th><td>1</td><td>2</td>', text)


def test_numbers_are_masked_and_what_may_be_a_name_or_an_address_is_not_shown(
    helpline: Helpline, esha: Browser
) -> None:
    with helpline.store.begin() as session:
        id = conversations.start(session, helpline.clock.now(), "phone", None)
        said = {"service": "नंबर 9826401715 पे भेजो", "note": "राम कुमार", "mobile_other": "नौ आठ", "what_note": "रवि ने"}
        lines = [Line("caller", "heard", text, node) for node, text in said.items()]
        conversations.add_turns(session, helpline.clock.now(), id, lines)
    clock_of(helpline).move(60)
    text = esha.get(HOME).text
    assert "नंबर xxxx पे भेजो" in text
    assert not [found for found in ("98264", "राम कुमार", "नौ आठ", "रवि ने") if found in text]


def test_only_who_may_open_a_call_is_led_to_it(helpline: Helpline, house: Flask) -> None:
    desk = Blueprint("conversation", __name__)
    desk.add_url_rule("/desk/conversation/<id>", "one", open_to(AGENT)(lambda id: id))
    house.register_blueprint(desk)
    account(helpline.store, "both", AGENT, EDITOR)
    talk = call(helpline, "बुकिंग करनी है", UNKNOWN, "पैन कार्ड")
    assert f'href="/desk/conversation/{talk.id}"' in entered(house, "both").get(HOME).text
    assert "/desk/conversation/" not in entered(house, "esha").get(HOME).text


def test_publishers_read_and_agents_and_outsiders_do_not(helpline: Helpline, house: Flask, prem: Browser) -> None:
    call(helpline, "बुकिंग करनी है", UNKNOWN, "पैन कार्ड")
    text = prem.get(HOME).text
    assert UNKNOWN in text
    assert forms(text) == []
    ravi = entered(house, RAVI)
    (at,) = forms(entered(house, "esha").get(HOME).text)
    for path in (HOME, at):
        assert ravi.get(path).status_code == 403
        assert Browser(house).get(path).status_code == 302
    assert prem.get(at).status_code == 403
    assert prem.post(at, on=HOME, act="ignore").status_code == 403


@pytest.mark.parametrize("path", ["/service/" + "0" * 64, "/no_such/" + "0" * 64, "/service/%3Cb%3E", "/note/x"])
def test_what_is_not_there_is_not_found(esha: Browser, path: str) -> None:
    assert esha.get(f"{HOME}{path}").status_code == 404
    assert esha.post(f"{HOME}{path}", on="/account", act="ignore").status_code == 404
