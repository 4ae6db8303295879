"""What an agent still has to ask, for every matter that a caller may have begun."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialogs.flow import Graph, Node
from dialogs.missing import ABOUT, ITEMS, OF_A_RECORD, ROUTER, missing
from dialogs.state import State
from tests.dialogs.parts import flow

BOOKING = {
    "service": "birth_certificate",
    "city": "raipur",
    "date": "2026-11-23",
    "slot": "2026-11-23T10:00",
    "held": True,
    "note": "n1",
    "pin": "492001",
    "mobile": "9826401715",
}
RECORD = {"records": [{"kind": "booking", "number": "10000007"}]}


def of(own: str | None = "9826401715", **filled: Any) -> tuple[str, ...]:
    return missing(flow(), State(mobile=own, filled=filled))


def without(*items: str) -> dict[str, Any]:
    return {name: value for name, value in BOOKING.items() if name not in items}


def test_before_a_word_was_said_the_wish_is_missing() -> None:
    assert of() == ("wish",)
    assert of(language_known=True, reason="asked", mobile="9826401715") == ("wish",)


def test_who_wants_to_book_needs_everything_in_the_order_of_the_flow() -> None:
    assert of(intent="book") == ("service", "city", "slot", "note", "pin", "mobile")


@pytest.mark.parametrize("item", ["service", "city", "note", "pin", "mobile"])
def test_the_one_item_that_is_not_filled_is_missing(item: str) -> None:
    assert of(None, **without(item)) == (item,)


def test_a_day_without_a_time_is_no_slot() -> None:
    assert of(**without("slot", "held")) == ("slot",)
    assert of(**without("slot", "held", "date")) == ("slot",)


def test_a_city_in_areas_needs_one() -> None:
    assert of(**{**BOOKING, "city": "korba"}) == ("area",)
    assert of(**{**BOOKING, "city": "korba", "area": "korba_east"}) == ()


def test_several_services_or_cities_are_none_yet() -> None:
    assert of(**without("service"), services=["pan_card", "child_aadhaar"]) == ("service",)
    assert of(**without("city"), among_cities=["durg", "bhilai"]) == ("city",)
    assert of(**without("service"), closed="pan_card") == ("service",)


def test_an_address_to_be_asked_by_phone_is_not_missing() -> None:
    assert of(**without("note"), note_later=True) == ()


def test_nothing_is_missing_before_the_read_back_and_a_hold_is_not_the_callers_affair() -> None:
    assert of(**BOOKING) == ()
    assert of(**without("held")) == ()


def test_the_waiting_list_needs_no_time() -> None:
    assert of(task="waiting", service="pan_card") == ("city", "note", "pin", "mobile")


def test_moving_needs_a_booking_and_a_time() -> None:
    assert of(task="move") == ("record", "slot")
    assert of(task="move", **RECORD) == ("slot",)
    assert of(task="move", slot="2026-11-23T10:00", **RECORD) == ()


def test_a_complaint_needs_what_it_is_about_where_and_what_happened() -> None:
    assert of(task="complaint") == ("complaint", "about", "place", "what_note", "mobile")
    told = {"complaint": "bribe", "about_id": "department.revenue", "place_later": True, "what_later": True}
    assert of(task="complaint", **told) == ("mobile",)
    assert of(task="complaint", mobile="9826401715", complaint="delay", about="x", place="y") == ("what_note",)


def test_matters_of_a_record_need_the_record() -> None:
    assert of(task="track") == of(task="cancel") == of(task="executive") == ("record",)
    assert of(task="cancel", **RECORD) == ()
    assert of(task="appeal") == ("record", "what_note")
    assert of(task="appeal", what_later=True, **RECORD) == ()
    assert of(task="feedback", **RECORD) == ("rating",)


def test_who_only_asks_about_a_service_needs_no_slot_until_more_is_said() -> None:
    assert of(intent="service_info") == ("service",)
    assert of(intent="service_info", service="pan_card") == ()
    assert of(intent="service_info", service="pan_card", city="raipur") == ("slot", "note", "pin", "mobile")


def test_a_list_of_papers_needs_a_mobile() -> None:
    assert of(None, task="documents", service="pan_card") == ("mobile",)
    assert of(task="documents", service="pan_card") == ()


def test_every_router_of_the_flow_gives_items_with_a_name() -> None:
    graph = flow().graph
    assert {item for way in _ways(graph, graph.nodes[ROUTER]) for item in way} <= {*ITEMS}


def test_the_matters_of_a_record_are_those_of_the_flow() -> None:
    tasks = {node.set["task"] for node in flow().graph.nodes.values() if "task" in node.set}
    routed = {way.when.removeprefix("task is ") for way in flow().graph.nodes[ROUTER].ways if "task is" in way.when}
    assert tasks - routed == OF_A_RECORD.keys()


def test_the_state_of_a_conversation_is_enough() -> None:
    state = State(filled={"intent": "book"}, node="bridge", ended="handoff")
    assert missing(flow(), State.from_json(replace(state, turns=3).to_json()))[0] == "service"


def _ways(graph: Graph, router: Node) -> list[set[str]]:
    """Of each way that asks for something, the item."""
    found = []
    for way in router.ways:
        target = graph.nodes[way.to]
        if way.when.startswith("task is"):
            found += _ways(graph, target)
        elif way.when and target.kind in ("ask", "record"):
            found.append({ABOUT.get(target.fills, target.fills)})
    return found
