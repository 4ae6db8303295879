"""The check of the wording of notices, before anybody is sent one: every template with its longest values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from booking.templates import LONGEST, TEXT, VARIABLE, Variable, cleaned, faults
from booking.wording import Notices, notices
from models.seed.read import read

Names = Mapping[str, Mapping[str, str]]
CHANNELS = ("sms", "whatsapp", "mail")


def problems(wording: Notices, names: Mapping[str, Names] | None = None) -> list[str]:
    """Everything that is wrong with `wording`, a sentence each, naming the event, variable or name.

    `names` are further names by variable that must fit uncut (default: the project's own).
    """
    typed = wording.typed
    return [
        *_variables(typed),
        *(str(fault) for event, texts in wording.texts.items() for fault in faults(event, texts, typed)),
        *_events(wording),
        *_names(wording, typed, seeded() if names is None else names),
        *_ids(wording),
    ]


def seeded() -> dict[str, Names]:
    """Cities, offices and services' documents as seeded, by the variable in which they are told."""
    cities = {row["id"]: {"hi": row["hi"], "en": row["en"]} for row in read("cities")}
    offices = {row["office"]: {"hi": row["hi"], "en": row["en"]} for row in read("escalation")}
    wording = notices()
    lists = {row["id"]: {lang: wording.word(lang, row["documents"]) for lang in LONGEST} for row in read("services")}
    return {"city": cities, "office": offices, "documents": lists}


def _variables(typed: Mapping[str, Variable]) -> Iterator[str]:
    for name, variable in typed.items():
        longest = max(variable.longest.values())
        if variable.kind == "text" and longest > TEXT:
            yield f"variables.{name}: a text has at most {TEXT} characters"
        if variable.kind != "list" and longest > VARIABLE:
            yield f"variables.{name}: operators allow {VARIABLE} characters"


def _events(wording: Notices) -> Iterator[str]:
    named = {*wording.at_once, *wording.replaces}
    named |= {event for some in (*wording.until.values(), *wording.replaces.values()) for event in some}
    yield from (f"{event}: is named, but has no text" for event in sorted(named - wording.texts.keys()))


def _names(wording: Notices, typed: Mapping[str, Variable], further: Mapping[str, Names]) -> Iterator[str]:
    own = {"name": {"brand": wording.brand}, "service": wording.services, "outcome": wording.outcomes}
    for variable, names in (*own.items(), *further.items()):
        for key, words in names.items():
            for language in LONGEST:
                word = words.get(language, "")
                if not word or cleaned(typed[variable], language, word) != word:
                    longest = typed[variable].longest[language]
                    yield f"{variable} {key}.{language}: {word!r} is empty, over {longest} characters, or has bad ones"
    for key, words in wording.documents.items():
        yield from (f"documents.{key}: no name in {lang}" for lang in LONGEST if not words.get(lang))


def _ids(wording: Notices) -> Iterator[str]:
    known = {f"{c}.{event}.{language}" for c in CHANNELS for event in wording.texts for language in LONGEST}
    yield from (
        f"notices.template_ids: {key!r} names no template" for key in sorted(wording.template_ids.keys() - known)
    )
