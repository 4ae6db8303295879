from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.actors import Role
from booking.stages import ACTIVE, APPOINTED, DEEDS, FINAL, NEXT, STAGES, allowed, open_to

ROLES = get_args(Role)
ORDINARY = (
    "booked assigned visited fee_paid submitted in_verification approved certificate_ready out_for_delivery delivered"
)
BESIDE = {"rejected", "documents_needed", "cancelled", "citizen_absent", "executive_absent"}


def test_the_stages_are_those_of_the_scheme() -> None:
    assert set(STAGES) == {*ORDINARY.split(), *BESIDE}


def test_every_change_leads_to_a_stage_of_the_table_by_roles_that_exist() -> None:
    for changes in STAGES.values():
        for to, roles in changes.items():
            assert to in STAGES
            assert roles
            assert roles <= set(ROLES)


def test_the_ordinary_course_is_what_comes_next_and_is_allowed() -> None:
    for stage, following in pairwise(ORDINARY.split()):
        assert NEXT[stage] == following
    for stage, following in NEXT.items():
        assert following is None or STAGES[stage][following]


def test_every_stage_says_what_comes_next_and_only_final_ones_nothing() -> None:
    assert set(NEXT) == set(STAGES)
    assert {stage for stage, following in NEXT.items() if following is None} == FINAL


def test_stages_are_active_or_final() -> None:
    assert set(STAGES) == ACTIVE | FINAL
    assert not ACTIVE & FINAL
    assert APPOINTED < ACTIVE
    assert set(DEEDS) < set(STAGES)


def test_every_stage_can_be_reached_and_every_active_one_can_end() -> None:
    def reach(start: str) -> set[str]:
        seen, todo = {start}, [start]
        while todo:
            for to in STAGES[todo.pop()]:
                if to not in seen:
                    seen.add(to)
                    todo.append(to)
        return seen

    assert reach("booked") == set(STAGES)
    assert all(reach(stage) & FINAL for stage in ACTIVE)


@pytest.mark.parametrize(
    ("stage", "to", "role"),
    [
        ("booked", "booked", "caller"),
        ("booked", "cancelled", "caller"),
        ("booked", "assigned", "job"),
        ("assigned", "visited", "executive"),
        ("assigned", "citizen_absent", "executive"),
        ("citizen_absent", "booked", "caller"),
        ("executive_absent", "assigned", "job"),
        ("documents_needed", "booked", "caller"),
        ("in_verification", "rejected", "office"),
        ("rejected", "in_verification", "office"),
        ("out_for_delivery", "certificate_ready", "executive"),
    ],
)
def test_who_may(stage: str, to: str, role: Role) -> None:
    assert allowed(stage, to, role)
    assert to in open_to(stage, role)


@pytest.mark.parametrize(
    ("stage", "to", "role"),
    [
        ("booked", "delivered", "admin"),
        ("booked", "visited", "executive"),  # nobody was assigned
        ("booked", "cancelled", "job"),
        ("booked", "cancelled", "executive"),
        ("assigned", "executive_absent", "executive"),
        ("assigned", "visited", "caller"),
        ("visited", "cancelled", "caller"),
        ("submitted", "cancelled", "admin"),
        ("in_verification", "approved", "agent"),
        ("in_verification", "approved", "executive"),
        ("delivered", "booked", "admin"),
        ("cancelled", "booked", "admin"),
        ("no_stage", "booked", "admin"),
        ("booked", "no_stage", "admin"),
        ("", "", "admin"),
    ],
)
def test_who_may_not(stage: str, to: str, role: Role) -> None:
    assert not allowed(stage, to, role)
    assert to not in open_to(stage, role)


def test_a_caller_only_ever_moves_and_cancels() -> None:
    assert {to for stage in STAGES for to in open_to(stage, "caller")} == {"booked", "cancelled"}


def test_only_the_office_decides() -> None:
    for to in ("approved", "rejected"):
        deciders = {role for stage in STAGES for role in ROLES if allowed(stage, to, role)}
        assert deciders == {"office", "admin"}


@given(st.text(), st.text(), st.sampled_from(ROLES))
def test_words_that_are_no_stages_are_never_allowed(stage: str, to: str, role: Role) -> None:
    assert allowed(stage, to, role) == (role in STAGES.get(stage, {}).get(to, ()))
