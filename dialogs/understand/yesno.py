"""Yes or no, with idioms ("क्यों नहीं", "no problem"), tags ("है ना") and changes of mind ("नहीं मतलब हाँ")."""

from __future__ import annotations

from dialogs.understand.said import Said

_NEITHER = ("dont_know", "hold_on")
_FIRM_YES = ("yes", "correct", "sure", "no_problem", "no_mistake", "goes", "do_it", "okay", "send")
_FIRM_NO = ("no", "nahi", "mat", "no_need", "leave_it", "dont_want", "wrong", "not", "none", "cancel")
_QUESTIONS = ("howmuch", "which", "when", "where", "how", "howlong", "what")


def _votes(said: Said) -> list[tuple[int, str]]:
    out: list[tuple[int, str]] = []
    for at, part in enumerate(said.parts):
        if part.concept in _FIRM_NO:
            out.append((at, "no"))
        elif part.concept in _FIRM_YES:
            out.append((at, "yes"))
    return out


def read_yesno(said: Said) -> str | None:
    """ "yes", "no" or None where the words are neither (a backchannel, a question, "I don't know")."""
    if said.has(*_NEITHER) or not said.parts or unknown(said) or said.matches("yes .1 or"):
        return None
    if said.has("backchannel") and not said.has("nahi", "no", "correct", "okay", "do_it"):
        return None
    votes = _votes(said)
    if not votes:
        return "yes" if _only_ji(said) else None
    if said.has(*_QUESTIONS) and not said.has("yes", "no", "nahi", "sure"):
        return None
    return _decided(said, votes)


def unknown(said: Said) -> bool:
    """ "नहीं पता": does not know; but "नहीं, पता गलत है" is about the address."""
    return said.matches("nahi pata") and not said.has("wrong", "change", "fix_word", "correct")


_POLITE = ("जी", "ji", "हम", "सर", "मैडम", "sir", "madam", "वही", "यही", "wahi", "yahi", "बस")


def _only_ji(said: Said) -> bool:
    return (
        bool(said.parts)
        and len(said.parts) <= 3
        and all(p.text in _POLITE for p in said.parts)
        and any(p.text in ("जी", "ji") for p in said.parts)
    )


def _decided(said: Said, votes: list[tuple[int, str]]) -> str:
    """The last firm word decides; a refusal after its yes-word ("ठीक नहीं") or before it ("don't do it") makes a no."""
    concepts = [p.concept for p in said.parts]
    noes = [at for at, v in votes if v == "no"]
    yeses = [at for at, v in votes if v == "yes"]
    if not noes or not yeses:
        return "yes" if yeses else "no"
    if said.has("mat") and not any(
        at > max(i for i, c in enumerate(concepts) if c == "mat") and concepts[at] in ("yes", "correct") for at in yeses
    ):
        return "no"
    last_yes, last_no = yeses[-1], noes[-1]
    if last_no > last_yes:
        return "no"
    if concepts[last_no] == "not" and last_yes - last_no <= 3:
        return "no"
    if concepts[last_no] in ("leave_it", "no_need", "dont_want", "wrong", "cancel", "none"):
        return "no" if concepts[last_yes] in ("do_it", "okay") else "yes"
    if concepts[last_yes] in ("do_it", "okay", "goes") and not _repaired(concepts[last_no:last_yes]):
        return "yes" if concepts[last_yes] == "okay" and last_yes - last_no > 1 else "no"
    return "yes"


def _repaired(between: list[str]) -> bool:
    return any(c in ("repair", "yes", "correct", "sure") for c in between)
