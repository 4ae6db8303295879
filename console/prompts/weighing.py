"""What changed phrases would do: sentences that they take from another meaning, and phrases that come to nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from booking import heard
from console.deps import deps
from console.prompts.deps import prompt_deps
from dialogs.understand import Lexicon, Meaning, build_lexicon
from dialogs.understand.compare import Said, Shift
from dialogs.understand.sentences import stolen, useless
from prompts.contents import Spot, Value, phrase_trees

# Questions with answers that phrases can change and that are nobody's own story, number or address.
ANSWERS = ("intent", "service", "city", "date", "yesno", "confirm", "cancel", "rating", "language", "complaint")


@dataclass(frozen=True)
class Doubts:
    """The sentences that mean something else with the change, and the new phrases that do not mean what their list
    does, each with what they mean."""

    stolen: Sequence[Shift] = ()
    useless: Sequence[tuple[Said, Meaning]] = ()

    def __bool__(self) -> bool:
        return bool(self.stolen or self.useless)

    @property
    def mark(self) -> str:
        """A mark of exactly these doubts: who saves in spite of them has seen them."""
        shifts = [(one.said.text, one.said.expect, one.after.gold()) for one in self.stolen]
        return sha256(repr((shifts, [said.text for said, _ in self.useless])).encode()).hexdigest()


def weighed(before: Mapping[Spot, Value], after: Mapping[Spot, Value]) -> Doubts:
    """The doubts about a change of what may be heard; none where it changes no phrases."""
    if phrase_trees(before) == phrase_trees(after):
        return Doubts()
    old, new = lexicon(before), lexicon(after)
    return Doubts(stolen(old, new, _callers()), useless(old, new))


def lexicon(found: Mapping[Spot, Value]) -> Lexicon:
    """The phrases of an edition or a draft, ready to understand with."""
    return build_lexicon(prompt_deps().names.catalogue, phrase_trees(found))


def _callers() -> list[Said]:
    """What callers said lately. Slots and choices among a few are left out: what was offered is not known any more."""
    nodes = {n.id: n for n in prompt_deps().graph.nodes.values() if n.expect in ANSWERS and n.options != "among"}
    with deps().store.read() as session:
        found = heard.lately(session, deps().now(), nodes)
    return [Said(one.text, nodes[one.node].expect, one.language, length=nodes[one.node].length) for one in found]
