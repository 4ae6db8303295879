"""The wording of notices as people have changed it, for all who compose notices in a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from booking.wording import Notices


@dataclass(frozen=True)
class Edit:
    """What is written about an event: its texts by language, and the operators' ids of these by `channel.language`."""

    texts: Mapping[str, str]
    template_ids: Mapping[str, str]


class Live:
    """Thread-safe: all edits are replaced at once, and what was composed with one set of them is of that set only."""

    def __init__(self) -> None:
        self._edits: Mapping[str, Edit] = {}
        self._made: dict[int, tuple[Notices, Notices]] = {}

    def take(self, edits: Mapping[str, Edit]) -> None:
        """From now on these, by event."""
        if edits != self._edits:
            self._edits, self._made = dict(edits), {}

    def of(self, own: Notices) -> Notices:
        """`own` with the edits. An edited text has the ids that were given with it, and none of the configured."""
        made = self._made  # it may be replaced meanwhile; then this one is thrown away
        known = made.get(id(own))
        if known is None:
            known = made[id(own)] = (own, edited(own, self._edits))
        return known[1]


def edited(own: Notices, edits: Mapping[str, Edit]) -> Notices:
    """`own` with the texts and ids of `edits`, for good; events that it does not know are left out."""
    some = {event: edit for event, edit in edits.items() if event in own.texts}
    kept = {key: id for key, id in own.template_ids.items() if key.split(".")[1] not in some}
    given = {
        f"{channel}.{event}.{language}": id
        for event, edit in some.items()
        for key, id in edit.template_ids.items()
        for channel, _, language in [key.partition(".")]
    }
    texts = {**own.texts, **{event: edit.texts for event, edit in some.items()}}
    return replace(own, texts=texts, template_ids={**kept, **given}, live=None)


def of_event(own: Notices, event: str) -> Edit:
    """What `own` has about an event, in the form of an edit."""
    keys = ((key, key.split(".")) for key in own.template_ids if key.count(".") == 2)
    ids = {f"{parts[0]}.{parts[2]}": own.template_ids[key] for key, parts in keys if parts[1] == event}
    return Edit(dict(own.texts[event]), ids)
