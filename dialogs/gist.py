"""What can be made of an answer while it is still being spoken: is it whole already, or only a sound of listening?

Pure, like `engine.step`, and changes nothing; the call asks it for the sake of its timing and never for the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from dialogs.commands import SPOKEN
from dialogs.flow import Flow
from dialogs.hear import understood
from dialogs.state import State
from dialogs.understand import Hearing
from dialogs.understand.digits import count_digits
from dialogs.understand.said import Said, said
from dialogs.walk import Walk

OPEN = ("intent", "complaint", "text", "about")  # whoever tells his story may always go on
_KEYS = {
    "yesno": "yesno", "confirm": "yesno", "service": "service", "city": "city", "date": "date", "slot": "choice",
    "digits": "digits", "rating": "rating", "language": "language", "area": "area",
    "cancel": "yesno",
}  # fmt: skip
_LISTENING = ("backchannel", "yes", "okay", "correct")
_ADDRESS = ("जी", "ji", "हम", "सर", "मैडम", "sir", "madam", "है", "hai", "अच्छा")  # "ठीक है", "जी सर"
_LONGEST_BACKCHANNEL = 4  # parts
_DENIALS = ("nahi", "no", "not", "repair", "wrong", "except", "instead_of")
_MOST_LONGER = 12  # phrases of the grammar looked at, which begin with what was heard


@dataclass(frozen=True)
class Gist:
    """What a partial hypothesis amounts to at the question asked.

    `words`: anything was recognised. `backchannel`: only हाँ, जी, अच्छा, okay and the like, which may mean "go on".
    `understood`: it answers the question or is a command. `complete`: and it is one whole answer that nothing which
    usually follows would change. `nearly`: a number with a digit missing, wrong or too many, which is more often a
    slip of the recogniser than a pause of the caller.
    """

    words: bool = False
    backchannel: bool = False
    understood: bool = False
    complete: bool = False
    nearly: bool = False


NOTHING = Gist()


def gist(
    flow: Flow, state: State, hearings: Sequence[Hearing], now: datetime, phrases: Mapping[str, tuple[str, ...]]
) -> Gist:
    """The gist of `hearings` (one a language); `phrases` is the grammar of the question by language."""
    heard = [h for h in hearings if h.text]
    if not heard or state.node not in flow.graph.nodes:
        return NOTHING
    walk = Walk(flow, state, now)
    expect = "yesno" if state.doubt else walk.node.expect
    meanings = [(h, _meaning(walk, h, expect)) for h in heard]
    found = [(h, gold) for h, gold in meanings if gold]
    whole = bool(found) and all(_whole(walk, h, gold, expect, phrases) for h, gold in found)
    same = all(_answer(gold, expect) == _answer(found[0][1], expect) for _, gold in found)
    return Gist(
        words=True,
        backchannel=all(is_backchannel(said(h.text)) for h in heard),
        understood=bool(found),
        complete=whole and same,
        nearly=expect == "digits" and any(_nearly(count_digits(said(h.text)), walk.node.length) for h in heard),
    )


def is_backchannel(heard: Said) -> bool:
    """Whether it is only the sound of somebody listening."""
    return 0 < len(heard.parts) <= _LONGEST_BACKCHANNEL and all(
        p.concept in _LISTENING or (not p.concept and p.text in _ADDRESS) for p in heard.parts
    )


def _meaning(walk: Walk, hearing: Hearing, expect: str) -> dict[str, object]:
    if not expect:
        return {}
    meaning = understood(walk, [hearing], expect, hearing.language or walk.state.language)
    if walk.node.also and not walk.state.doubt and not meaning.understood:
        meaning = understood(walk, [hearing], walk.node.also, hearing.language or walk.state.language)
    return meaning.gold()


def _answer(gold: Mapping[str, object], expect: str) -> object:
    return gold.get("intent") if gold.get("intent") in SPOKEN else gold.get(_KEYS.get(expect, ""))


def _whole(
    walk: Walk, hearing: Hearing, gold: Mapping[str, object], expect: str, phrases: Mapping[str, tuple[str, ...]]
) -> bool:
    """Whether this is one certain answer, and no phrase that goes on from here would be another one."""
    if expect in OPEN:
        return False
    answer = _answer(gold, expect)
    if answer is None or answer == "none" or isinstance(answer, list):
        return False
    if gold.get("yesno") == "yes" and _asks_on(walk):
        return False
    if gold.get("yesno") == "no" and expect == "confirm":  # "No, the date ..."
        return False
    if expect == "digits":  # a digit half heard makes a whole number, or a command, of what is neither
        digits = count_digits(said(hearing.text))
        return digits == (walk.node.length if "digits" in gold else 0)
    if expect in ("yesno", "confirm", "cancel"):
        return True
    longer = _longer(hearing.text, phrases.get(hearing.language or walk.state.language, ()))
    return all(_same(_meaning(walk, Hearing(p, 1.0, hearing.language), expect), answer, expect) for p in longer)


def _nearly(digits: int, length: int | None) -> bool:
    return length is not None and digits >= length - 1


def _asks_on(walk: Walk) -> bool:
    """Whether a yes is followed by a question that the caller may be answering already ("Yes, ...")."""
    target = walk.flow.graph.nodes.get(walk.node.on.get("yes", ""))
    return not walk.state.doubt and target is not None and target.kind == "ask"


def _same(gold: Mapping[str, object], answer: object, expect: str) -> bool:
    other: Any = _answer(gold, expect)
    return other is None or other == answer


def _longer(text: str, phrases: Iterable[str]) -> list[str]:
    """Phrases that begin with `text` and go on, but for those which take it back ("Raipur, no, Bhilai")."""
    begin = " ".join(text.lower().split()) + " "
    going_on = (p for p in phrases if p.startswith(begin))
    return [p for p in islice(going_on, _MOST_LONGER) if not said(p).has(*_DENIALS)]
