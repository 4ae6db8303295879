"""What the agent's page shows and what its buttons do, on both stores."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from booking.accounts.roles import ADMINISTRATOR, SUPERVISOR
from booking.desk.answers import join
from booking.desk.dispatch import dispatch
from booking.desk.endings import DISPOSITIONS, hung_up
from booking.desk.line import Entry, enter
from booking.desk.presence import BREAKS, pause
from console.desk.panels import PANELS, QUESTIONS_BACK
from console.desk.parts import WORDS
from dialogs.missing import ITEMS
from ivr.desk.entering import QUEUES
from models.audit import AuditEntry
from models.queue import Handoff
from models.store import Store
from tests.console.accounts.house import Browser, Clock, account
from tests.console.desk.at_the_desk import RULES, desk, does, is_ready, offered, presence, signed_in, talks_with, text
from tests.console.desk.scene import waits


def handoff(store: Store, id: int) -> Handoff:
    with store.read() as session:
        return session.get_one(Handoff, id)


def test_an_agent_becomes_ready_takes_a_break_and_leaves(flask: Flask, store: Store, ravi: str) -> None:
    browser = signed_in(flask)
    assert "Not at the desk" in text(browser.get("/desk"))
    answer = does(browser, "/desk/ready")
    assert "Ready" in text(answer)
    assert answer.headers["HX-Trigger"] == "mitan:agents, mitan:queue"
    assert (presence(store, ravi).state, presence(store, ravi).languages) == ("ready", ["hi", "en"])
    assert "On a break · Lunch" in text(does(browser, "/desk/break", reason="lunch"))
    answer = does(browser, "/desk/break", reason="siesta")
    assert answer.status_code == 409
    assert "Choose one of these" in text(answer)
    assert "Not at the desk" in text(does(browser, "/desk/leave"))


def test_without_a_script_the_buttons_lead_back_to_the_page(flask: Flask, store: Store, ravi: str) -> None:
    browser = signed_in(flask)
    assert browser.post("/desk/ready", on="/desk").headers["Location"] == "/desk"
    assert presence(store, ravi).state == "ready"


def test_a_page_that_shows_it_already_is_told_so(flask: Flask, store: Store, clock: Clock, ravi: str) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    for path in ("/desk/status", "/desk/now"):
        page = browser.get(path).get_data(as_text=True)
        again = page.split(f"{path}?has=")[1].split('"')[0]
        assert browser.get(f"{path}?has={again}").status_code == 204
        with store.begin() as session:
            pause(session, clock.now(), ravi, "tea")
        assert browser.get(f"{path}?has={again}").status_code == 200
        is_ready(store, ravi, clock)


def test_a_bad_telephone_is_said_beside_the_field_and_nothing_typed_is_lost(
    flask: Flask, store: Store, ravi: str
) -> None:
    browser = signed_in(flask)
    answer = does(browser, "/desk/post", languages="hi", phone="98260 123 <b>")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="98260 123 &lt;b&gt;"' in page
    assert "does not look like a telephone number" in page
    assert "at least one language" in text(does(browser, "/desk/post", phone=""))
    assert "Saved" in text(does(browser, "/desk/post", languages="hi", phone="9826012345"))
    assert (presence(store, ravi).phone, presence(store, ravi).languages) == ("+919826012345", ["hi"])


def test_an_offered_caller_is_told_with_what_is_known(flask: Flask, store: Store, clock: Clock, ravi: str) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    id = offered(store, clock, reason="ladder")
    assert f"/desk/call/{id}/offer" in browser.get("/desk/now").get_data(as_text=True)
    told = text(browser.get(f"/desk/call/{id}/offer"))
    assert "A call for you" in told
    about = ("Birth certificate", "Raipur", "morning", "Stuck at")
    for known in ("+91 98261 00007", "हिन्दी", "Hard to understand", *about):
        assert known in told
    line = text(browser.get("/desk/line"))
    assert "rings at रवि वर्मा" in line
    assert "…0007" in line
    assert "98261 00007" not in line  # the line is seen by everybody
    assert does(browser, f"/desk/call/{id}/refuse").status_code == 204
    assert presence(store, ravi).state == "ready"
    answer = does(browser, f"/desk/call/{id}/refuse")
    assert answer.status_code == 409
    assert "the call has moved on" in text(answer)


def test_the_card_shows_what_was_said_what_is_filled_and_what_is_missing(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    assert f"/desk/call/{id}" in browser.get("/desk/now").get_data(as_text=True)
    page = browser.get(f"/desk/call/{id}")
    card, html = text(page), page.get_data(as_text=True)
    for known in ("Birth certificate", "Raipur", "जन्म प्रमाण पत्र बनवाना है बच्चे का", "The first call from this number"):
        assert known in card
    assert html.count("not understood") == 2
    for item in ("Time", "Name and address", "PIN code"):
        assert f"{item} missing" in card
    for button in ("Hold", "Add a colleague", "Pass on", "Back to Mitan", "End the call", "Mute me"):
        assert button in card
    assert all(WORDS["en"][f"came_{one}"] in card for one in DISPOSITIONS)
    with store.read() as session:
        seen = session.scalars(select(AuditEntry.subject).where(AuditEntry.what == "handoff.seen")).all()
    assert seen == [f"handoff:{id}"]


def test_turns_that_follow_are_fetched_after_the_last_one_seen(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    first = browser.get(f"/desk/call/{id}/said?after=6")
    assert "मंगल बाज़ार" in text(first)
    assert "जन्म प्रमाण" not in text(first)
    assert "after=8" in first.get_data(as_text=True)
    assert text(browser.get(f"/desk/call/{id}/said?after=8")).strip() == ""


def test_a_call_is_shown_to_its_agent_and_to_supervisors_only(
    flask: Flask, store: Store, clock: Clock, ravi: str, sunita: str
) -> None:
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    account(store, "asha", SUPERVISOR)
    account(store, "admin", ADMINISTRATOR)
    for login, status in (("ravi", 200), ("sunita", 403), ("asha", 200), ("admin", 403)):
        browser = signed_in(flask, login)
        for part in ("", "/said", "/facts", "/caller", "/controls", "/panel/transfer"):
            assert browser.get(f"/desk/call/{id}{part}").status_code == status, (login, part)
    assert signed_in(flask, "asha").get("/desk/call/9999").status_code == 404
    assert signed_in(flask).get(f"/desk/call/{id}/panel/secrets").status_code == 404


def test_what_another_agent_tries_with_the_call_is_refused(
    flask: Flask, store: Store, clock: Clock, ravi: str, sunita: str
) -> None:
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    other = signed_in(flask, "sunita")
    for deed, fields in (
        ("hold", {"on": "1"}),
        ("second", {"agent": sunita}),
        ("transfer", {"to": "queue:general"}),
        ("back", {"node": ""}),
        ("hang-up", {}),
        ("finish", {"disposition": "booked"}),
    ):
        assert does(other, f"/desk/call/{id}/{deed}", **fields).status_code in (403, 409), deed
    assert (handoff(store, id).state, handoff(store, id).agent) == ("talking", ravi)


def test_a_call_is_passed_on_with_a_line_for_the_next_agent(
    flask: Flask, store: Store, clock: Clock, ravi: str, sunita: str
) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    assert "No colleague is free now" in text(browser.get(f"/desk/call/{id}/panel/transfer"))
    answer = does(browser, f"/desk/call/{id}/transfer", to=f"agent:{sunita}", why="wants her sister's papers too")
    assert answer.status_code == 409  # nobody there
    assert 'value="wants her sister&#39;s papers too"' in answer.get_data(as_text=True)
    is_ready(store, sunita, clock)
    assert "सुनीता साहू" in text(browser.get(f"/desk/call/{id}/panel/transfer"))
    assert (
        does(browser, f"/desk/call/{id}/transfer", to=f"agent:{sunita}", why="her sister's papers").status_code == 200
    )
    assert handoff(store, id).offered_to == sunita
    assert "her sister's papers" in text(signed_in(flask, "sunita").get(f"/desk/call/{id}/offer"))
    after = text(browser.get(f"/desk/call/{id}"))
    assert "Rings at another agent" in after
    assert "Add a colleague" not in after  # nor any other button of a call in hand


def test_a_colleague_is_asked_into_the_call(flask: Flask, store: Store, clock: Clock, ravi: str, sunita: str) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    is_ready(store, sunita, clock)
    assert "Choose first to whom" in text(does(browser, f"/desk/call/{id}/second"))
    assert does(browser, f"/desk/call/{id}/second", agent=sunita).status_code == 200
    assert "सुनीता साहू · is being called" in text(browser.get(f"/desk/call/{id}/controls"))
    assert "A colleague asks you into a call" in text(signed_in(flask, "sunita").get(f"/desk/call/{id}/offer"))


def test_a_second_agent_may_leave_the_call_and_nothing_else_ends_it(
    flask: Flask, store: Store, clock: Clock, ravi: str, sunita: str
) -> None:
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    is_ready(store, sunita, clock)
    with store.begin() as session:
        join(session, clock.now(), id, sunita)
    other = signed_in(flask, "sunita")
    card = text(other.get(f"/desk/call/{id}"))
    assert "Leave the call" in card
    assert "Pass on" not in card
    assert "रवि वर्मा · in the call" in card
    assert does(other, f"/desk/call/{id}/hang-up").status_code == 409
    assert does(other, f"/desk/call/{id}/part").status_code == 204
    assert (presence(store, sunita).state, handoff(store, id).state) == ("ready", "talking")


def test_an_agent_with_a_telephone_of_his_own_is_told_which_one_rings(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock, phone="9826012345")
    id = talks_with(store, clock, ravi)
    assert 'data-phone="mute"' not in browser.get(f"/desk/call/{id}").get_data(as_text=True)
    assert does(browser, f"/desk/call/{id}/finish", disposition="answered").status_code == 204
    again = offered(store, clock, "c8")
    told = browser.get(f"/desk/call/{again}/offer")
    assert "Your telephone +919826012345 is ringing" in text(told)
    assert 'data-phone="answer"' not in told.get_data(as_text=True)


def test_the_caller_goes_back_to_the_bot_at_a_chosen_question(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    assert "Where it was left" in text(browser.get(f"/desk/call/{id}/panel/back"))
    assert does(browser, f"/desk/call/{id}/back", node="nowhere").status_code == 409
    assert does(browser, f"/desk/call/{id}/back", node="day").status_code == 200
    assert (handoff(store, id).state, handoff(store, id).returned_to) == ("returned", "day")


def test_a_carrier_that_does_not_do_it_is_said(flask: Flask, store: Store, clock: Clock, ravi: str) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    answer = does(browser, f"/desk/call/{id}/hold", on="1")
    assert answer.status_code == 409
    assert "not on the line any more" in text(answer)
    assert "Talking" in text(answer)


def test_after_the_call_its_result_is_written_and_the_agent_is_ready(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    id = talks_with(store, clock, ravi)
    with store.begin() as session:
        hung_up(session, clock.now(), id)
    assert "Work after the call" in text(browser.get("/desk/status"))
    assert "The call is over" in text(browser.get(f"/desk/call/{id}/controls"))
    answer = does(browser, f"/desk/call/{id}/finish", note="will bring the slip")
    assert answer.status_code == 409
    assert "Choose a result first" in text(answer)
    assert (
        does(browser, f"/desk/call/{id}/finish", disposition="booked", note="Aadhaar 1234 5678 9012").status_code == 204
    )
    row = handoff(store, id)
    assert (row.disposition, row.note) == ("booked", "Aadhaar xxxx xxxx xxxx")
    assert presence(store, ravi).state == "ready"


def test_a_withheld_number_and_an_empty_conversation_are_shown(
    flask: Flask, store: Store, clock: Clock, ravi: str
) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    with store.begin() as session:
        id = enter(session, clock.now(), RULES, Entry("none", None, None, "hi")).id
    dispatch(store, clock.now(), RULES)
    assert "Number withheld" in text(browser.get(f"/desk/call/{id}/offer"))
    card = text(browser.get(f"/desk/call/{id}"))
    assert "nothing earlier is known" in card
    assert "Nothing was said yet" in card


def test_the_line_is_drawn_once_for_all_until_something_changes(
    store: Store, clock: Clock, ravi: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    numbers: dict[str, int] = {"queue": 1}
    flask = desk(store, clock, tmp_path_factory.getbasetemp(), lambda: dict(numbers))
    browser = signed_in(flask)
    assert "Nobody is waiting" in text(browser.get("/desk/line"))
    waits(store, clock.now(), "c7")
    assert "Nobody is waiting" in text(browser.get("/desk/line"))
    assert "जन्म प्रमाण पत्र" in text(browser.get("/desk/line?lang=hi"))  # each language for itself
    numbers["queue"] = 2
    assert "Birth certificate" in text(browser.get("/desk/line?lang=en"))


def test_the_mobile_from_which_somebody_calls_is_known(flask: Flask, store: Store, clock: Clock, ravi: str) -> None:
    browser = signed_in(flask)
    is_ready(store, ravi, clock)
    card = text(browser.get(f"/desk/call/{talks_with(store, clock, ravi)}"))
    assert "Mobile 9826100007" in card
    assert "Mobile missing" not in card


def test_browsers_find_the_mark_where_they_look_for_it(flask: Flask) -> None:
    browser = Browser(flask)
    there = browser.get("/favicon.ico").headers["Location"]
    assert browser.get(there).content_type.startswith("image/svg+xml")


def test_every_word_is_there_in_both_languages(flask: Flask, store: Store) -> None:
    assert WORDS["hi"].keys() == WORDS["en"].keys()
    named = {f"break_{b}" for b in BREAKS} | {f"came_{d}" for d in DISPOSITIONS} | {f"item_{i}" for i in ITEMS}
    named |= {f"queue_{q}" for q in QUEUES}
    named |= {f"reason_{r}" for r in ("asked", "ladder", "confidential", "rule", "overload")}
    assert named <= WORDS["en"].keys()
    assert set(PANELS) == {"second", "transfer", "back"}
    assert len(QUESTIONS_BACK) == len(set(QUESTIONS_BACK))
