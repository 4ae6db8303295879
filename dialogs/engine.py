"""The engine: `step(flow, state, event) -> (state, effects)`. Pure: the same three always give the same two."""

from __future__ import annotations

from dataclasses import replace

from dialogs.answers import take, take_doubt, take_keys
from dialogs.effects import Effect
from dialogs.events import Event, Heard, HungUp, Keyed, Recorded, Result, Resumed, Silent, Started
from dialogs.flow import Flow
from dialogs.hear import language_of, meaning_of
from dialogs.ladder import again, miss
from dialogs.state import State
from dialogs.understand import Meaning
from dialogs.walk import Walk

GRACE_TURNS = 6  # turns left after the limit, in which the caller may still hear of the call-back and say goodbye


def step(flow: Flow, state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """What becomes of `state` by `event`, and what has to be done.

    Events that no longer matter (an answer after the end, a result nobody waits for) change nothing.
    """
    walk = Walk(flow, state, event.now)
    if isinstance(event, HungUp):
        walk.change(ended=state.ended or "ended", outcome=state.outcome or "cut_off")
        return walk.state, ()
    if not state.ended:
        _dispatch(walk, event)
    return walk.state, tuple(walk.effects)


def _dispatch(walk: Walk, event: Event) -> None:
    match event:
        case Started():
            _start(walk, event)
        case Resumed():
            _resume(walk, event)
        case Result():
            _result(walk, event)
        case Heard() | Keyed() | Silent() | Recorded():
            if walk.state.node in walk.flow.graph.nodes and walk.node.kind in ("ask", "record"):
                _turn(walk, event)


def _start(walk: Walk, event: Started) -> None:
    walk.change(caller=event.caller, mobile=event.mobile, speech=event.speech)
    if event.language:
        walk.change(language=event.language)
        walk.fill({"language_known": True})
    if event.resume:
        walk.fill({"resume": dict(event.resume)})
    if event.freed:
        walk.fill({"freed": dict(event.freed)})
    walk.go(walk.flow.graph.start)


def reopen(flow: Flow, state: State, event: str) -> State:
    """The state of an ended conversation that goes on because of `event` ("dial": the agent did not answer); what the
    flow says to that is said when the call is connected again (`Resumed`)."""
    return replace(state, ended=None, node=flow.graph.events[event])


def give_back(flow: Flow, state: State, node: str) -> State:
    """The state of a conversation that an agent gives back at the question `node`, with what it has filled by now and
    turns to spend anew. Raises ValueError when the flow has no such question."""
    if node not in flow.graph.nodes:
        raise ValueError(f"the flow has no question {node!r}: see `python app.py flow`")
    return replace(state, ended=None, outcome=None, node=node, misses=0, turns=0, doubt=None, given_back=True)


def _resume(walk: Walk, event: Resumed) -> None:
    given_back = walk.state.given_back
    walk.change(speech=event.speech, given_back=False)
    if walk.state.node not in walk.flow.graph.nodes:  # it broke before a word was said
        walk.go(walk.flow.graph.start)
        return
    if given_back:
        walk.say("resume.back")
    elif walk.node.kind != "say":
        walk.say("resume.sorry")
    misses = walk.state.misses  # the ladder goes on where it was, and so does a list that was being read out
    if walk.node.kind == "ask" and walk.state.announced:
        again(walk, "keypad")
    else:
        walk.go(walk.state.node)
    walk.change(misses=misses)


def _result(walk: Walk, event: Result) -> None:
    node = walk.node
    if node.kind != "do" or node.op != event.op:
        return
    outcome = event.outcome if event.outcome in node.on else "error"
    data = dict(event.data)
    if "offers" in data:
        walk.change(offers=tuple(data.pop("offers")))
    walk.fill({"why": None, **data})
    walk.go(node.on[outcome])


def _turn(walk: Walk, event: Heard | Keyed | Silent | Recorded) -> None:
    walk.change(turns=walk.state.turns + 1)
    if _over(walk):
        return
    match event:
        case Silent():
            miss(walk, "silence.sorry")
        case Keyed():
            take_keys(walk, event.keys)
        case Recorded():
            _recorded(walk, event)
        case Heard() if walk.state.doubt:
            take_doubt(walk, _doubt_answered(walk, event))
        case Heard():
            meaning = meaning_of(walk, event.hearings, walk.node.expect)
            if walk.node.also and (not meaning.understood or set(meaning.gold()) == {"yesno"}):
                other = meaning_of(walk, event.hearings, walk.node.also)
                # "Yes, a PAN card too" is more than a yes.
                meaning = other if other.service or other.city or not meaning.understood else meaning
            take(walk, meaning, language_of(walk, meaning, event.hearings))


def _doubt_answered(walk: Walk, event: Heard) -> Meaning:
    """The answer to "did you say …?": yes, no, or at once what was meant instead."""
    answer = meaning_of(walk, event.hearings, "yesno")
    if answer.yesno == "yes" or answer.intent:
        return answer
    instead = meaning_of(walk, event.hearings, walk.node.expect)
    return instead if set(instead.gold()) - {"yesno", "intent", "choice"} else answer


def _over(walk: Walk) -> bool:
    """Whether the call has used up its turns: first to an agent, then, after some grace, to a goodbye."""
    limits = walk.flow.limits
    if walk.state.turns > limits.turns + GRACE_TURNS:
        walk.go(walk.flow.graph.commands["goodbye"])
        return True
    if walk.state.turns == limits.turns + 1:
        walk.fill({"reason": "too_long"})
        walk.go(walk.flow.graph.commands["agent"])
        return True
    return False


def _recorded(walk: Walk, event: Recorded) -> None:
    node = walk.node
    if node.kind != "record":
        return
    if event.seconds < 1:
        miss(walk, "silence.sorry")
        return
    walk.fill({node.fills: event.note})
    walk.change(trail=(*walk.state.trail, node.id))
    walk.go(walk.way(node))
