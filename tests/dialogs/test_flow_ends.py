"""From any point, any sequence of inputs ends in a booking, a handoff or a goodbye within a bounded number of turns.

The whole flow is explored: every state that can be reached from the first word by any answer, key, silence, recording
or result of an operation. Meanings are given directly, so that no reach of the flow hides behind what is understood.
"""

from __future__ import annotations

import json
import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dialogs import engine
from dialogs.check import used_prompts
from dialogs.effects import Ask, Do, Effect, Handoff, HangUp, Record, Say
from dialogs.engine import GRACE_TURNS, reopen, step
from dialogs.events import Event, Heard, Keyed, Recorded, Result, Resumed, Silent, Started
from dialogs.flow import Flow
from dialogs.state import State
from dialogs.understand import Hearing, Meaning
from ivr.clock import ZONE
from ivr.helpline import PROMPTS
from ivr.names import CatalogueNames
from prompts.render import Prompts
from tests.dialogs.outcomes import OUTCOMES, outcomes
from tests.dialogs.parts import flow

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZONE)

INTENTS = (
    "book service_info track reschedule cancel executive_status complaint feedback appeal waiting "
    "agent repeat back help restart goodbye"
).split()
MEANINGS: tuple[dict[str, Any], ...] = (
    {},
    {"yesno": "yes"},
    {"yesno": "no"},
    {"language": "en"},
    {"language": "hne"},
    {"service": ("birth_certificate",)},
    {"service": ("caste_certificate_sc_st", "caste_certificate_obc")},
    {"service": ("shop_registration",)},
    {"city": ("raipur",)},
    {"city": ("bhilai", "bhilai_charoda")},
    {"elsewhere": "Nagpur"},
    {"vague": "any"},
    {"vague": "past"},
    {"date": "2026-11-22", "daypart": "morning"},
    {"time": "10:15"},
    {"choice": 1},
    {"choice": 3},
    {"choice": "none"},
    {"choice": "none", "date": "2026-11-24"},
    {"digits": "492001"},
    {"digits": "9826401715"},
    {"digits": "123"},
    {"fix": "city"},
    {"fix": "city", "city": ("korba",)},
    {"fix": "mobile"},
    {"fix": "time"},
    {"fix": "address"},
    *({"intent": i} for i in INTENTS),
    {"intent": "complaint", "complaint": "bribe"},
    {"intent": "next"},
    {"complaint": "delay"},
    {"rating": 4},
    {"text": "बिजली विभाग"},
    {"service": ("pan_card",), "text": "पैन कार्ड"},
    {"digits": "20418833"},
    {"digits": "1715"},
    {"area": "korba_east"},
    {"service": ("pan_card",), "confidence": 0.45},
    {"yesno": "yes", "confidence": 0.45},
    {"city": ("raipur",), "confidence": 0.1},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _meanings_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def given(_walk: object, hearings: tuple[Hearing, ...], _expect: str) -> Meaning:
        values = json.loads(hearings[0].text)
        return Meaning(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}, heard="x")

    monkeypatch.setattr(engine, "meaning_of", given)


def heard(**meaning: Any) -> Heard:
    return Heard(NOW, (Hearing(json.dumps(meaning), 1.0, "hi"),))


def answers(effects: tuple[Effect, ...], state: State | None = None) -> Iterator[Event]:
    """Everything that may happen after these effects."""
    last = effects[-1]
    if isinstance(last, Do):
        task = state.filled.get("task") if state else None
        yield from (Result(NOW, last.op, outcome, data) for outcome, data in outcomes(last.op, task))
    elif isinstance(last, Record):
        yield from (Recorded(NOW, "note", 4.0), Recorded(NOW, "", 0.0), *(Keyed(NOW, k) for k in "0*#"))
    elif isinstance(last, Ask):
        yield Silent(NOW)
        yield Resumed(NOW)
        yield from (heard(**m) for m in MEANINGS if state is None or state.speech)
        digits = ("*", "", "492001", "9826401715", "0512", "3113", "1715", "20418833", "20418834", "abc")
        keys = "1234567890*#" if last.keypad == "menu" else digits
        yield from (Keyed(NOW, k) for k in keys)


def begin(parts: Flow, **started: Any) -> tuple[State, tuple[Effect, ...]]:
    return step(parts, State(conversation="c"), Started(NOW, **started))


TELLING = ("about", "about_id", "about_city")  # what is said depends on them
VARIANTS = 2  # states with different items filled that are explored of each situation


def situation(state: State) -> str:
    """Where a caller stands and what for, whatever else is filled; after a miss the way on is the same for all."""
    stuck = state.misses or state.doubt or state.announced or not state.speech
    task, records = state.filled.get("task"), state.filled.get("records") or [{}]
    matter = None if stuck else [task, records[0].get("kind") if task != "complaint" else None]
    return json.dumps([state.node, state.speech, state.misses, state.announced, bool(state.doubt), matter])


ENDINGS = "booked moved cancelled complaint appeal feedback waiting told handoff goodbye trouble".split()
BEGINNINGS = (
    {"caller": "+919826401715", "mobile": "9826401715"},
    {"caller": "+917712234567"},
    {"caller": None, "speech": False},
    {"caller": "+919826401715", "mobile": "9826401715", "language": "hi",
     "resume": {"service": "pan_card", "city": "raipur", "resumed_from": "old"}},
    {"caller": "+919826401715", "mobile": "9826401715", "language": "en", "speech": False,
     "freed": {"waiting": 1, "service": "pan_card", "city": "durg", "slot": "2026-11-23T10:00:00"}},
)  # fmt: skip


def test_every_reachable_state_says_something_and_waits_or_ends() -> None:
    parts = flow()
    queue = deque(begin(parts, **b) for b in BEGINNINGS)
    seen: Counter[str] = Counter()
    nodes: set[str] = set()
    while queue:
        state, effects = queue.popleft()
        for event in answers(effects, state):
            after, then = step(parts, state, event)
            assert then, f"{state.node}: {event} leads to silence"
            assert isinstance(then[-1], (Ask, Record, Do, HangUp, Handoff)), f"{state.node}: {event}: {then[-1]}"
            nodes.add(after.node)
            here = situation(after)
            if not after.ended and seen[here] < VARIANTS:
                seen[here] += 1
                queue.append((replace(after, turns=0, total_misses=0), then))
    questions = {n.id for n in parts.graph.nodes.values() if n.kind in ("ask", "record", "do", "end")}
    assert sorted(questions - nodes - {"callback"}) == [], "never reached"


@pytest.mark.parametrize("seed", range(40))
def test_any_caller_comes_to_an_end_within_the_limit_of_turns(seed: int) -> None:
    parts, dice = flow(), random.Random(seed)
    state, effects = begin(parts, **dice.choice(BEGINNINGS))
    steps = 0
    while not state.ended:
        state, effects = step(parts, state, dice.choice(list(answers(effects))))
        steps += 1
        assert steps < 600, f"still at {state.node} after {steps} events"
    assert state.turns <= parts.limits.turns + GRACE_TURNS + 1
    assert state.outcome in ENDINGS


@pytest.mark.parametrize("answer", [{}, {"intent": "repeat"}, {"intent": "help"}, {"intent": "back"}, {"yesno": "no"}])
def test_a_caller_who_always_says_the_same_is_not_kept_for_ever(answer: dict[str, Any]) -> None:
    parts = flow()
    state, effects = begin(parts, caller="+919826401715", mobile="9826401715")
    for _ in range(parts.limits.turns + GRACE_TURNS + 2):
        while isinstance(effects[-1], Do):
            state, effects = step(parts, state, Result(NOW, effects[-1].op, *OUTCOMES[effects[-1].op][0]))
        if state.ended:
            break
        event = Recorded(NOW, "", 0.0) if isinstance(effects[-1], Record) else heard(**answer)
        state, effects = step(parts, state, event)
    assert state.ended


def test_three_misunderstandings_at_one_question_lead_to_an_agent() -> None:
    parts = flow()
    state, effects = begin(parts, language="hi")
    said = []
    for _ in range(4):
        state, effects = step(parts, state, heard())
        said.append([e.key for e in effects if hasattr(e, "key")])
        if isinstance(effects[-1], Do):
            break
    assert said[0] == ["miss.sorry", "help.keypad"]
    assert isinstance(effects[-1], Do)
    assert effects[-1].op == "reach_agent"
    assert effects[-1].args["reason"] == "ladder"


def test_nothing_happens_after_the_end() -> None:
    parts = flow()
    state, effects = begin(parts, language="hi")
    state, effects = step(parts, state, heard(intent="goodbye"))
    assert isinstance(effects[-1], HangUp)
    assert step(parts, state, heard(yesno="yes")) == (state, ())
    assert step(parts, state, Silent(NOW + timedelta(hours=1))) == (state, ())


def test_an_agent_who_does_not_answer_gives_the_caller_back() -> None:
    parts = flow()
    state, effects = begin(parts, language="hi", caller="+919826401715")
    state, effects = step(parts, state, heard(intent="agent"))
    state, effects = step(parts, state, Result(NOW, "reach_agent", "open"))
    assert isinstance(effects[-1], Handoff)
    state, effects = step(parts, reopen(parts, state, "dial"), Resumed(NOW))
    assert isinstance(effects[-1], Do)
    assert effects[-1].op == "promise_callback"


def test_a_late_result_of_another_operation_changes_nothing() -> None:
    parts = flow()
    state, _ = begin(parts, language="hi")
    assert step(parts, state, Result(NOW, "book", "ok", {"number": "1"})) == (state, ())


def test_state_survives_json() -> None:
    parts = flow()
    state, _ = begin(parts, **BEGINNINGS[3])
    for event in (heard(yesno="yes"), heard(date="2026-11-22"), Result(NOW, "find_slots", *OUTCOMES["find_slots"][0])):
        state, _ = step(parts, state, event)
    again = State.from_json(json.loads(json.dumps(state.to_json())))
    assert step(parts, again, heard(choice=1))[1] == step(parts, state, heard(choice=1))[1]


def test_every_prompt_can_be_said_wherever_the_flow_says_it() -> None:
    parts, prompts = flow(), Prompts.load(PROMPTS)
    names = CatalogueNames(parts.catalogue)
    queue = deque(begin(parts, **b) for b in BEGINNINGS)
    said: set[str] = set()
    seen: set[str] = set()

    def new(here: str, effects: tuple[Effect, ...]) -> bool:
        """Say what has not been said in this situation; whether it or anything said in it is new."""
        says = [e for e in effects if isinstance(e, Say) and f"{here} {e.key}" not in seen]
        for say in says:
            for language in ("hi", "en"):
                assert prompts.render(language, say.key, {**say.values, "brand": "मितान"}, names, NOW)
        first = here not in seen
        seen.update((here, *(f"{here} {say.key}" for say in says)))
        said.update(say.key for say in says)
        return first or bool(says)

    for state, effects in queue:
        new(situation(state), effects)
    while queue:
        state, effects = queue.popleft()
        for event in answers(effects, state):
            after, then = step(parts, state, event)
            telling = [t in after.filled for t in TELLING] if after.filled.get("task") == "complaint" else None
            if new(f"{situation(after)} {telling}", then) and not after.ended:
                queue.append((replace(after, turns=0, total_misses=0), then))
    # Said after the end or after many turns, or only with confirmed fees: those states are not walked through here.
    rare = ("doubt.", "trouble.", "bye.", "confirm.fee", "info.days", "agent.", "resume.back")
    assert {k for k in used_prompts(parts.graph) if not k.startswith(rare)} - said == set()
