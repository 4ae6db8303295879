"""Callers for whom the bot has no room: to an agent at once, where one can be expected to answer soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking import callers, conversations
from booking.conversations import Line
from booking.desk.line import Reason, enter
from booking.desk.matching import on_shift
from booking.desk.rules import DeskRules
from booking.desk.waits import place
from dialogs.state import State
from ivr.desk.entering import entry_of, placed
from ivr.desk.sentences import said
from ivr.editions import of_conversation
from ivr.helpline import Helpline
from models.calls import Call
from models.conversations import Conversation
from models.presence import Presence
from models.queue import Handoff
from prompts.sentence import Sentence

REASON: Reason = "overload"
KEYS = ("busy.sorry", "busy.agent")


class TooLong(Exception):  # noqa: N818
    """The caller would wait longer than is fair to one who has said nothing yet."""


def handed_over(
    session: Session, now: datetime, rules: DeskRules, helpline: Helpline, call: str
) -> tuple[Handoff, tuple[Sentence, ...]] | None:
    """The place of an opened call that the bot cannot take, and what the caller hears first. None: nobody takes calls,
    or the conversation has begun. Raises TooLong; nothing must be stored then."""
    row = session.get(Call, call, populate_existing=True)
    if row is None or row.conversation_id is None or row.ended_at is not None:
        return None
    talk = conversations.load(session, row.conversation_id)
    if talk.version or not on_shift(session.scalars(select(Presence)), now, rules):
        return None
    known = callers.language_of(session, row.from_number)
    state = State(conversation=talk.id, language=known or "hi", caller=row.from_number)
    found = placed(enter(session, now, rules, replace(entry_of(row, state), reason=REASON)))
    wait_s = place(session, now, rules, found).wait_s
    if wait_s is None or wait_s > rules.overload_wait_s:
        raise TooLong
    here = of_conversation(helpline, session, talk.id)
    spoken = tuple(s for language in ((known,) if known else ("hi", "en")) for s in said(here, language, *KEYS))
    _stored(session, now, talk, state, spoken)
    return found, spoken


def _stored(session: Session, now: datetime, talk: Conversation, state: State, spoken: tuple[Sentence, ...]) -> None:
    ended = replace(state, ended="handoff", outcome="handoff")
    conversations.save(session, talk.id, ended.to_json(), expected_version=talk.version, now=now)
    conversations.add_turns(session, now, talk.id, [Line("bot", "say", s.text) for s in spoken])
    conversations.finish(session, now, talk.id, "handoff", REASON)
