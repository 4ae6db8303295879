"""Taking an answer: a meaning or a key becomes filled items and the next node."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dialogs.commands import command, key_command
from dialogs.doubt import ask_back
from dialogs.flow import Node
from dialogs.ladder import miss
from dialogs.menus import answer
from dialogs.understand import Meaning
from dialogs.walk import Walk

_ITEMS = ("date", "time", "daypart", "complaint", "rating", "area")


def take(walk: Walk, meaning: Meaning, language: str | None = None) -> None:
    """Take what was heard at the current question; `language` is the one it was heard in."""
    if meaning.confidence < walk.flow.limits.floor or not meaning.understood:
        _not_taken(walk, meaning)
        return
    if walk.node.both and language and not meaning.language:
        walk.change(language=language)
    found = _in_own_words(walk, meaning)
    if meaning.confidence < walk.flow.limits.doubtful and ask_back(walk, found):
        return
    if not command(walk, found):
        accept(walk, found)


def _in_own_words(walk: Walk, meaning: Meaning) -> dict[str, object]:
    """The meaning; where the caller's own words are kept as well, with them."""
    found = meaning.gold()
    if walk.node.also == "text" and not {"intent", "yesno", "language"} & found.keys():
        found["text"] = meaning.heard
    return found


def _not_taken(walk: Walk, meaning: Meaning) -> None:
    """What is no answer may still have been heard: a place that is not covered, any day at all, a day that is past."""
    on = walk.node.on
    if meaning.elsewhere and "elsewhere" in on:
        walk.go(on["elsewhere"])
    elif meaning.vague == "any" and "any" in on:
        walk.go(on["any"])
    else:
        miss(walk, "day.past" if meaning.vague == "past" else "miss.sorry")


def take_doubt(walk: Walk, meaning: Meaning) -> None:
    """Take the answer to "did you say …?"."""
    doubted = dict(walk.state.doubt or {})
    found = meaning.gold() if meaning.confidence >= walk.flow.limits.floor else {}
    answered = found.pop("yesno", None)
    walk.change(doubt=None)
    if answered == "yes":
        if not command(walk, doubted):
            accept(walk, doubted)
    elif found:
        if not command(walk, found):
            accept(walk, found)
    else:
        miss(walk, "miss.again" if answered == "no" else "miss.sorry")


def take_keys(walk: Walk, keys: str) -> None:
    """Take pressed keys: one at a menu, a whole string where digits are asked."""
    node = walk.node
    if walk.state.doubt and keys in ("1", "2"):
        take_doubt(walk, Meaning(yesno="yes" if keys == "1" else "no"))
    elif node.kind == "ask" and node.expect == "digits" and keys != "*":
        accept(walk, {"digits": keys}) if keys.isdecimal() else miss(walk, "keys.sorry")
    elif not key_command(walk, keys):
        found = answer(walk.flow, node, walk.state, keys, walk.now)
        accept(walk, found) if found else miss(walk, "keys.sorry")


def accept(walk: Walk, found: Mapping[str, Any]) -> None:
    """Fill in what `found` says and go on; what does not fit the question is a miss."""
    node = walk.node
    items = _items(walk, node, found)
    if items is None:
        miss(walk, node.wrong or "miss.sorry")
        return
    target = _target(walk, node, found, items)
    if target is None:
        miss(walk, "miss.sorry")
        return
    # Only questions that fill an item are gone back to: a read-back of what is missing would make no sense.
    trail = (*walk.state.trail, node.id)[-20:] if node.fills else walk.state.trail
    walk.change(trail=trail, doubt=None)
    if found.get("language"):
        _speak(walk, str(found["language"]))
    walk.fill(items)
    walk.go(target if target != "next" else walk.way(walk.node))


def _speak(walk: Walk, language: str) -> None:
    walk.change(language="en" if language == "en" else "hi")
    walk.fill({"language_known": True})
    if language == "hne":
        walk.say("language.hne")


def _target(walk: Walk, node: Node, found: Mapping[str, Any], items: Mapping[str, Any]) -> str | None:
    """Where the answer leads; "next" for the node's own way on; None when it does not answer the question."""
    if "go" in found:
        return str(found["go"])
    if "fix" in found and "fix" in node.on:
        return node.on["fix"]
    for name in (found.get("yesno"), "none" if found.get("choice") == "none" and not _wish(found) else None):
        if name in node.on:
            return node.on[str(name)]
    intent = found.get("intent")
    if intent in node.on:  # a command that means an answer here: "again" after a recording
        return node.on[str(intent)]
    if intent in walk.flow.graph.intents:
        return walk.flow.graph.intents[str(intent)]
    if items or "language" in found:
        return "next" if "yesno" not in node.on or "language" in found else node.on.get("items", "next")
    return None


def _wish(found: Mapping[str, Any]) -> bool:
    return any(k in found for k in ("date", "time", "daypart"))


def _items(walk: Walk, node: Node, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The items that an answer fills; None when digits do not have the form asked for."""
    items: dict[str, Any] = {}
    if "fix" in found:
        items.update(dict.fromkeys((node.fixes or walk.flow.graph.fixes).get(str(found["fix"]), ())))
    items.update(_wished(walk, found))
    items.update({k: found[k] for k in _ITEMS if k in found})
    items.update(_service(walk, found.get("service")))
    items.update(_city(found.get("city")))
    if isinstance(found.get("choice"), int):
        items.update(_chosen(walk, int(found["choice"])))
    elif found.get("choice") == "none":
        items["refused"] = True
    if found.get("intent") in walk.flow.graph.intents:
        items["intent"] = found["intent"]
    if "text" in found and node.fills:
        items[node.fills] = found["text"]
    items.update(found.get("fill") or {})
    if "digits" in found:
        digits = _digits(walk, node, str(found["digits"]))
        if digits is None:
            return None
        items.update(digits)
    return {node.rename.get(name, name): value for name, value in items.items()}


def _wished(walk: Walk, found: Mapping[str, Any]) -> dict[str, Any]:
    if "day" not in found:
        return {}
    return {"date": (walk.now.date() + timedelta(days=int(found["day"]))).isoformat()}


def _service(walk: Walk, ids: Any) -> dict[str, Any]:
    if not ids:
        return {}
    ids = [ids] if isinstance(ids, str) else list(ids)
    catalogue, today = walk.flow.catalogue.service, walk.now.date()
    still = [s for s in ids if s in catalogue and catalogue[s].open_on(today)]
    if not still:
        return {"closed": ids[0], "service": None, "services": None}
    if len(still) == 1:
        return {"service": still[0], "services": None, "closed": None}
    return {"service": None, "services": still, "closed": None}


def _city(ids: Any) -> dict[str, Any]:
    if not ids:
        return {}
    ids = [ids] if isinstance(ids, str) else list(ids)
    return {"city": ids[0], "among_cities": None} if len(ids) == 1 else {"city": None, "among_cities": ids}


def _chosen(walk: Walk, number: int) -> dict[str, Any]:
    if not 1 <= number <= len(walk.state.offers):
        return {}
    slot = walk.state.offers[number - 1]
    return {"date": slot[:10], "slot": slot, "refused": None}


def _digits(walk: Walk, node: Node, digits: str) -> dict[str, Any] | None:
    if node.parse == "ddmm":
        day = _day_month(walk, digits)
        return None if day is None else {"date": day}
    if node.expect != "digits":
        return {"mobile": digits} if re.fullmatch(r"[6-9]\d{9}", digits) else {}
    return {node.fills: digits} if node.fits(digits) else None


def _day_month(walk: Walk, digits: str) -> str | None:
    """The next day of that date, from keys DDMM."""
    today = walk.now.date()
    if len(digits) != 4:
        return None
    for year in (today.year, today.year + 1):
        try:
            day = date(year, int(digits[2:]), int(digits[:2]))
        except ValueError:
            continue
        if day >= today:
            return day.isoformat()
    return None
