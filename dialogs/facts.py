"""What prompts may mention and conditions may ask about: the filled items with what the catalogue says of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dialogs.flow import Flow
from dialogs.state import State


def facts(flow: Flow, state: State, now: datetime) -> dict[str, Any]:
    """Plain JSON values by name: the scheme's facts, the filled items, the offers, the chosen service's papers.

    `fee` is there only when the catalogue's figure is confirmed: an unconfirmed fact is never spoken as certain.
    """
    values: dict[str, Any] = {**flow.facts, **state.filled}
    values["own_mobile"] = state.mobile
    values["caller"] = state.caller
    values["speech"] = state.speech
    values["offers"] = list(state.offers)
    values["offer_count"] = len(state.offers)
    days = {offer[:10] for offer in state.offers}
    if len(days) == 1:
        values["offers_day"] = days.pop()
    values["today"] = now.date().isoformat()
    values["cities"] = [c.id for c in flow.catalogue.cities]
    values.update({f"offer{i}": offer for i, offer in enumerate(state.offers, 1)})
    values.update(_records(state.filled))
    if "complaint" in state.filled:
        values["what_kind"] = f"kind.{state.filled['complaint']}"
    city = flow.catalogue.city.get(str(state.filled.get("city")))
    values["areas"] = [a.id for a in city.areas] if city else []
    service = flow.catalogue.service.get(str(state.filled.get("service")))
    if service:
        values["documents"] = list(service.documents)
        values["confirmed"] = service.confirmed
        if service.confirmed:
            values["fee"] = service.fee
            values["days"] = service.days
    return values


def _records(filled: Mapping[str, Any]) -> dict[str, Any]:
    """The record spoken of (the first of `records`: a booking, complaint or appeal) as `record_*`, those after it as
    `rest`; the seat offered to one who waits as `freed_*`."""
    records = filled.get("records") or ()
    values: dict[str, Any] = {"rest": list(records[1:]), "record_count": len(records)}
    for name, spoken_of in (("record", records[0] if records else {}), ("freed", filled.get("freed") or {})):
        values.update({f"{name}_{key}": value for key, value in spoken_of.items()})
    return values


def merged(items: Mapping[str, Any], new: Mapping[str, Any], clears: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """`items` with `new` in them; an item that changed takes with it those that depended on its old value."""
    out = dict(items)
    for name, value in new.items():
        if (name in out and out[name] != value) or name not in out:
            for dependent in clears.get(name, ()):
                out.pop(dependent, None)
    out.update(new)
    return {name: value for name, value in out.items() if value is not None}
