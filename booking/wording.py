"""The wording of notices: data from `models/seed/notices.yaml`, with the brand and the rules of this helpline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from babel.dates import format_date, format_datetime

from booking.actors import Actor
from booking.privacy import masked
from booking.quiet import QuietHours
from booking.templates import GSM, Variable, cleaned, pieces, placeholders
from booking.zone import local
from models.catalogue import CityRow, ServiceRow
from models.seed.read import read

if TYPE_CHECKING:
    from booking.live_wording import Live

ByLanguage = Mapping[str, str]
PLAIN = "_plain"  # ending of the text for an event of which not every value is known
LOCALES = {"hi": "hi_IN", "en": "en_IN"}


@dataclass(frozen=True)
class Message:
    """A notice ready to be written: its text, its template's id ("": none registered) and its variables as sent."""

    text: str
    template_id: str
    variables: dict[str, str]


@dataclass(frozen=True)
class Notices:
    """The wording of notices by language and what holds for each event.

    `texts` by event; `services` and `documents` are short names by id; `when` date patterns; `variables` types and
    lengths; `at_once` events that are sent in the quiet hours, too, when they answer the citizen; `until` events that
    are useless after the start of the `visit` or the end of the `offer`; `replaces` events whose notices an event
    withdraws; `template_ids` the operators' ids by `channel.event.language`; `channels` those on which everybody is
    told who can be reached there.
    `live` are the texts and ids that people have put in the place of these (None: nobody can).
    """

    brand: ByLanguage
    texts: Mapping[str, ByLanguage]
    services: Mapping[str, ByLanguage]
    when: Mapping[str, Mapping[str, str]]
    variables: Mapping[str, Mapping[str, Any]]
    helpline: str = "14545"
    at_once: Collection[str] = ()
    until: Mapping[str, Collection[str]] = field(default_factory=dict)
    replaces: Mapping[str, Collection[str]] = field(default_factory=dict)
    outcomes: Mapping[str, ByLanguage] = field(default_factory=dict)
    documents: Mapping[str, ByLanguage] = field(default_factory=dict)
    template_ids: Mapping[str, str] = field(default_factory=dict)
    quiet: QuietHours = field(default_factory=QuietHours)
    channels: tuple[str, ...] = ("sms",)
    live: Live | None = field(default=None, compare=False)

    def branded(self, hi: str, en: str, helpline: str | None = None) -> Notices:
        """The same wording for a helpline of another name or number."""
        return replace(self, brand={"hi": hi, "en": en}, helpline=helpline or self.helpline)

    def answers(self, event: str, by: Actor) -> bool:
        """Whether a notice about `event` answers what the citizen has just done."""
        return by.with_citizen and event in self.at_once

    def due(self, now: datetime, at_once: bool, expires_at: datetime | None = None) -> datetime:
        """When a notice may be sent: after the quiet hours, unless it is to be sent `at_once` or would be useless by
        then (who comes at the hour at which they end)."""
        end = self.quiet.after(now)
        cannot_wait = at_once or (expires_at is not None and now < expires_at <= end)
        return now if cannot_wait else end

    @property
    def present(self) -> Notices:
        """The same with the texts and ids as people have them by now."""
        return self.live.of(self) if self.live else self

    @cached_property
    def typed(self) -> dict[str, Variable]:
        """The variables by name."""
        return {name: Variable.of(data) for name, data in self.variables.items()}

    def compose(self, event: str, language: str, values: Mapping[str, Any], channel: str = "sms") -> Message:
        """The message about `event`. A value that is not known (None or empty), or not in the alphabet of the language,
        needs a text `EVENT_plain` without it.

        Values may be records, names by language, moments (as date and time), days, lists of documents or plain words.
        Raises KeyError for a value that is not given, ValueError for one that is empty and without such a text.
        """
        if self.live:  # one wording for the whole message, whatever is changed meanwhile
            return self.present.compose(event, language, values, channel)
        typed = self.typed
        key, said = event, self._said(event, language, values, typed)
        if not all(_sayable(language, value) for value in said.values()) and f"{event}{PLAIN}" in self.texts:
            key = f"{event}{PLAIN}"
            said = self._said(key, language, values, typed)
        if empty := [name for name, value in said.items() if not value]:
            raise ValueError(f"notice {event}: {', '.join(empty)} is not known")
        variables = {k: v for name, value in said.items() for k, v in pieces(name, value).items()}
        template = self.template_ids.get(f"{channel}.{key}.{language}", "")
        return Message(self.texts[key][language].format(**said), template, variables)

    def _said(
        self, key: str, language: str, values: Mapping[str, Any], typed: Mapping[str, Variable]
    ) -> dict[str, str]:
        own = {"name": self.brand[language], "helpline": self.helpline}
        names = dict.fromkeys(placeholders(self.texts[key][language]))
        given = {**own, **values}
        return {name: cleaned(typed[name], language, masked(self.word(language, given[name]))) for name in names}

    def word(self, language: str, value: Any) -> str:
        """A value as it is written in `language`."""
        if value is None:
            return ""
        if isinstance(value, ServiceRow):
            return self.services.get(value.id, {}).get(language) or (value.hi if language == "hi" else value.en)
        if isinstance(value, CityRow):
            return value.hi if language == "hi" else value.en
        if isinstance(value, datetime):
            return self.moment(language, value)
        if isinstance(value, date):
            return str(format_date(value, self.when[language]["day"], locale=LOCALES[language]))
        if isinstance(value, Mapping):
            return str(value[language])
        if isinstance(value, list | tuple):
            return ", ".join(self.word(language, self.documents.get(str(item), item)) for item in value)
        return str(value)

    def moment(self, language: str, moment: datetime) -> str:
        """Day and time, short: `23/11 सुबह 9 बजे`, `Mon 23 Nov, 9 AM`."""
        start = local(moment)
        pattern = self.when[language]["minute" if start.minute else "hour"]
        return _formatted(start, pattern, LOCALES[language])


def _sayable(language: str, value: str) -> bool:
    # One Hindi word in an English SMS would make three of it.
    return bool(value) and (language != "en" or set(value) <= GSM)


@lru_cache(maxsize=1024)  # the same start times are told again and again
def _formatted(moment: datetime, pattern: str, locale: str) -> str:
    return str(format_datetime(moment, pattern, tzinfo=moment.tzinfo, locale=locale))


@cache
def notices() -> Notices:
    """The project's own wording (`models/seed/notices.yaml`)."""
    return Notices(**read("notices"))
