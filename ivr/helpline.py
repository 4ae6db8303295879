"""What all conversations of a process share: store, flow, prompts, operations, clock and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from booking import catalogue_version
from booking.appeal_rules import AppealRules
from booking.areas import areas
from booking.complaint_stages import ComplaintRules
from booking.desk.rules import DeskRules
from booking.hours import AgentHours
from booking.live_wording import edited
from booking.notice_wordings import edits
from booking.notices import Notices, notices
from booking.quiet import QuietHours
from booking.reminders import ReminderRules
from booking.retention import RetentionRules
from booking.rules import VisitRules
from booking.services import cities, services
from dialogs.catalogue import Area, Catalogue, City, Service
from dialogs.effects import Ask
from dialogs.flow import Flow, Limits, load
from dialogs.understand import build_lexicon
from dialogs.understand.grammar import grammar
from ivr.clock import Clock
from ivr.editions import Editions
from ivr.names import CatalogueNames
from ivr.observe.observer import Observer
from ivr.operations import Operations
from ivr.operations.desk import Limits as OperationLimits
from ivr.settings import ROOT, Settings
from ivr.wordings import Wordings
from models.conversations import Conversation
from models.store import Store
from prompts.load import PHRASES, read_yaml
from prompts.render import Prompts

PROMPTS = ROOT / "prompts"
GRAMMARS = 100  # kept, some 0.1 MB each; a question has few forms but for its offers


@dataclass(frozen=True)
class Helpline:
    """The shared parts of all conversations with one edition of prompts and phrases; immutable but for the store
    behind it."""

    settings: Settings
    store: Store
    clock: Clock
    prompts: Prompts
    flow: Flow
    names: CatalogueNames
    operations: Operations
    observer: Observer = field(default_factory=Observer, compare=False)
    editions: Editions = field(default_factory=Editions, compare=False, repr=False)
    wordings: Wordings = field(kw_only=True, compare=False, repr=False)
    _grammars: dict[tuple[Any, ...], tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def at(self, edition: int) -> Helpline:
        """This helpline (of edition 0) with the words of another and the present catalogue. Raises StoreError."""
        return self.editions.at(self, edition)

    def of(self, row: Conversation) -> Helpline:
        """This helpline with the prompts and phrases of a conversation; one that tries a draft practises, on a store of
        its own. Raises StoreError, PromptError, FlowError."""
        return self.at(row.edition) if row.trial is None else self.editions.on_trial(self, row.trial)

    def brand(self, language: str) -> str:
        """The configured name of the helpline."""
        return self.settings.brand.name_hi if language == "hi" else self.settings.brand.name_en

    def phrases(self, ask: Ask, language: str) -> tuple[str, ...]:
        """The phrases that the recogniser may expect at a question."""
        kinds = [kind for kind in (ask.expect, ask.also) if kind]
        return tuple(dict.fromkeys(p for kind in kinds for p in self._grammar(kind, language, ask)))

    def _grammar(self, kind: str, language: str, ask: Ask) -> tuple[str, ...]:
        key = (kind, language, ask.offers, ask.among, ask.length)
        found = self._grammars.get(key)
        if found is None:
            times = tuple(datetime.fromisoformat(o) for o in ask.offers)
            found = grammar(kind, language, self.flow.lexicon, offers=times, among=ask.among, length=ask.length)
            if len(self._grammars) >= GRAMMARS:
                self._grammars.pop(list(self._grammars)[-GRAMMARS // 2], None)  # not the first: those have no offers
            if len(self._grammars) < GRAMMARS:
                self._grammars[key] = found
        return found


def rules_of(settings: Settings) -> VisitRules:
    """The rules of a visit from the settings."""
    return VisitRules(**settings.visits.model_dump())


def complaint_rules_of(settings: Settings) -> ComplaintRules:
    """The rules of complaints from the settings."""
    return ComplaintRules(**settings.complaints.model_dump())


def retention_of(settings: Settings) -> RetentionRules:
    """How long what was said is kept, from the settings."""
    return RetentionRules(**settings.retention.model_dump())


def desk_rules_of(settings: Settings) -> DeskRules:
    """How callers wait for agents, from the settings."""
    return DeskRules(**settings.desk.model_dump())


def appeal_rules_of(settings: Settings) -> AppealRules:
    """The time limits of appeals from the settings."""
    return AppealRules(**settings.appeals.model_dump())


def wording_of(settings: Settings) -> Notices:
    """The wording of notices of the files, under the helpline's name and number, with its quiet hours and registered
    templates."""
    brand, own = settings.brand, settings.notices
    named = notices().branded(brand.name_hi, brand.name_en, brand.helpline)
    quiet = QuietHours(own.quiet_from_h, own.quiet_until_h)
    return replace(named, quiet=quiet, template_ids=own.template_ids, channels=own.channels)


def present_wording(settings: Settings, session: Session) -> Notices:
    """The same with what people have changed, as it stands in the store now."""
    return edited(wording_of(settings), edits(session))


def reminders_of(settings: Settings) -> ReminderRules:
    """When citizens are reminded, and asked how it was."""
    own = settings.notices
    return ReminderRules(own.reminder_evening_h, own.reminder_soon_h, own.feedback_after_h)


def catalogue_of(store: Store) -> Catalogue:
    """The catalogue as it stands in the store."""
    with store.read() as session:
        found = [
            Service(s.id, s.hi, s.en, s.fee, s.days, tuple(s.documents), s.since, s.until, s.confirmed)
            for s in services(session)
        ]
        places = [City(c.id, c.hi, c.en, c.district, tuple(c.also), _areas(session, c.id)) for c in cities(session)]
    return Catalogue(tuple(found), tuple(places))


def _areas(session: Session, city: str) -> tuple[Area, ...]:
    return tuple(Area(a.id, a.hi, a.en, tuple(a.places)) for a in areas(session, city))


def flow_of(settings: Settings, catalogue: Catalogue, root: Path = PROMPTS) -> Flow:
    """The flow with its lexicon (of the phrases under `root`), facts and limits. Raises FlowError, PromptError."""
    phrases: dict[str, Mapping[str, Any]] = {lang: read_yaml(root / lang / PHRASES) for lang in ("hi", "en")}
    visits = settings.visits
    facts = {"helpline": settings.brand.helpline, "visit_fee": visits.visit_fee, "ahead_days": visits.ahead_days}
    limits = Limits(
        turns=settings.dialog.max_turns, doubtful=settings.speech.doubtful, note_s=settings.dialog.note_max_s
    )
    return Flow(load(), catalogue, build_lexicon(catalogue, phrases), facts, limits)


def helpline(settings: Settings, store: Store, clock: Clock, observer: Observer | None = None) -> Helpline:
    """The helpline over a migrated and seeded store; `observer` is told what its conversations do."""
    observer = observer or Observer()
    with store.read() as session:
        number = catalogue_version.present(session)  # before the catalogue is read: a change meanwhile is seen later
    catalogue = catalogue_of(store)
    hours = AgentHours(settings.agents.open_h, settings.agents.close_h)
    limits = OperationLimits(complaint_rules_of(settings), appeal_rules_of(settings))
    wordings = Wordings(store, wording_of(settings))
    wordings.look()
    return Helpline(
        settings=settings,
        store=store,
        clock=clock,
        prompts=Prompts.load(PROMPTS),
        flow=flow_of(settings, catalogue),
        names=CatalogueNames(catalogue),
        operations=Operations(store, rules_of(settings), hours, wordings.notices, observer.operated, limits),
        observer=observer,
        editions=Editions(number),
        wordings=wordings,
    )
