"""What a complaint is about: delay, a bribe, behaviour, quality of work, or something else."""

from __future__ import annotations

from dialogs.understand.said import Said


def _affirmed(said: Said, concept: str) -> bool:
    """Whether `concept` was said and not denied ("पैसे नहीं माँगे")."""
    for at, part in enumerate(said.parts):
        if part.concept == concept:
            before, after = said.parts[max(0, at - 3) : at], said.parts[at + 1 : at + 3]
            denied = any(p.concept in ("not", "no") for p in before) or any(p.concept in ("nahi", "mat") for p in after)
            if not denied:
                return True
    return False


_TOPIC = 4  # parts: only the matter is named ("the behaviour of the staff")


def read_complaint(said: Said) -> str | None:
    """The kind of complaint, or None when nothing is complained about."""
    for kind, fits in _KINDS:
        if fits(said):
            return kind
    return None


def _bribe(said: Said) -> bool:
    if _affirmed(said, "bribe"):
        return True
    if said.has("took_money") and not said.has("deducted"):
        return True
    if said.matches("want .1 money|extra") and not said.has("back", "deducted"):
        return True
    if said.matches("^ .2 money .1 about|info") or (
        said.has("extra") and said.matches("# .2 done_past|took|ask_money")
    ):
        return True
    if said.matches("without .1 money") or (said.has("receipt") and said.has("money")):
        return True
    if said.has("money") and said.has("then_only"):
        return True
    if said.has("money", "paid") and said.has("pay", "paid", "give") and said.has("unless", "work"):
        return True
    if _affirmed(said, "ask_money") and said.has("money", "extra"):
        return not said.matches("money .2 nahi|not .1 ask_money")
    return (
        _affirmed(said, "extra")
        and said.has("money")
        and not said.has("deducted")
        and said.has("ask_money", "take", "give", "done_past")
    )


def _behaviour(said: Said) -> bool:
    return (
        _affirmed(said, "rude")
        or (said.has("behaviour", "polite") and said.has("bad", "nahi", "not", "wrong", "good"))
        or (said.has("behaviour") and len(said.parts) <= _TOPIC)
        or said.matches("bad .2 talk|behaviour|speak_verb")
        or said.matches("talk|speak_verb|_ .1 bad $")
        or said.matches("talk .. bad|wrong")
        or said.matches("good .1 nahi .1 talk")
        or said.matches("wrong .3 talk")
        or said.matches("talk .1 nahi")
        or said.matches("nahi .1 talk")
    )


def _quality(said: Said) -> bool:
    if _affirmed(said, "quality_word") or (said.has("stamp", "f_name") and said.has("nahi", "not", "wrong")):
        return True
    return said.has("wrong", "spelling", "lost") and not said.has("deducted") and not said.has("talk")


def _delay(said: Said) -> bool:
    if said.has("website") and not said.has("late", "duration", "week", "month", "nobody_came"):
        return False
    if (
        _affirmed(said, "late")
        or said.matches("next week|month|day_word")
        or said.has("nobody_came", "still_not")
        or said.matches("come .2 tomorrow")
    ):
        return True
    return (
        said.has("duration", "week", "month", "year", "yet", "day_word")
        and (said.has("not_given", "nahi", "not", "done_past", "waiting", "yet"))
    ) or (said.has("not_given") and not said.has("deducted", "not_working", "website"))


def _other(said: Said) -> bool:
    if said.has("not_working", "deducted", "problem", "other_matter", "website", "not_given", "lost"):
        return True
    return said.has("bad")


_KINDS = (("bribe", _bribe), ("behaviour", _behaviour), ("quality", _quality), ("delay", _delay), ("other", _other))
