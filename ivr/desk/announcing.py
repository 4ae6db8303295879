"""What a waiting caller hears: the place in the line, the expected wait in plain words, the keys, and the questions."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from booking.desk.waits import Place
from ivr.desk.asked import Asked
from ivr.desk.sentences import said
from ivr.helpline import Helpline
from prompts.sentence import Sentence

MINUTE_S = 60
FEW_MIN, STEP_MIN, HALF_HOUR_MIN = 10, 5, 30  # up to ten to the minute, then in fives: nobody believes "seventeen"
CALL_BACK, BOT, STAY = "desk.call_back", "desk.bot", "desk.stay"
Said = tuple[Sentence, ...]


class Announcing:
    """The sentences of one caller who waits, in the caller's language."""

    def __init__(self, helpline: Helpline, language: str) -> None:
        self._helpline, self._language = helpline, language

    def say(self, *keys: str) -> Said:
        """Prompts without values."""
        return said(self._helpline, self._language, *keys)

    def place(self, place: Place, *, keys: bool, long_s: float | None = None, bot: bool = True) -> Said:
        """Where the caller stands and how long it takes; with `keys` what can be pressed (the way to the bot where
        there is one, `bot`). To a wait of `long_s` seconds or more nothing but the call back is offered."""
        long = long_s is not None and (place.wait_s is None or place.wait_s >= long_s)
        where = self._where(place)
        if long:
            many = () if place.wait_s is None else self.say("desk.long")
            return (*many, *where, *self.say(CALL_BACK, STAY))
        keyed = self.say(CALL_BACK, *((BOT,) if bot else ()), STAY)
        return (*where, *keyed) if keys else where

    def question(self, asked: Asked) -> Said:
        """The open question with its keys."""
        if asked.question == "number":
            own = "typed" if asked.typed else "own"
            number = said(self._helpline, self._language, f"call_back.{own}", number=asked.number)
            return (*number, *self.say(f"call_back.{own}_keys"))
        if asked.question == "typing":
            return self.say("call_back.rest" if asked.typed else "call_back.type")
        return self._times(asked.slots)

    def promised(self, due: datetime, ends: datetime) -> Said:
        """That the call back is promised, and a goodbye."""
        values = {"due": due.isoformat(), "ends": ends.isoformat()}
        return (*said(self._helpline, self._language, "call_back.done", **values), *self.say("bye.plain"))

    def _where(self, place: Place) -> Said:
        wait = self._wait(place.wait_s) if place.wait_s != 0 else ()
        if place.place == 1:
            return (*self.say("desk.next"), *wait)
        return (*said(self._helpline, self._language, "desk.place", place=place.place), *wait)

    def _wait(self, seconds: float | None) -> Said:
        if seconds is None:
            return self.say("desk.unknown")
        minutes = ceil(seconds / MINUTE_S)
        if minutes > HALF_HOUR_MIN:
            return self.say("desk.half_hour")
        if minutes > FEW_MIN:
            minutes = ceil(minutes / STEP_MIN) * STEP_MIN
        return said(self._helpline, self._language, "desk.minute" if minutes == 1 else "desk.minutes", minutes=minutes)

    def _times(self, slots: tuple[str, ...]) -> Said:
        """The times with their keys; the day once when it is the same."""
        days = {datetime.fromisoformat(slot).date() for slot in slots}
        if len(days) > 1:
            asked, each = self.say("call_back.when"), "call_back.time_day"
        else:
            asked, each = said(self._helpline, self._language, "call_back.when_day", day=slots[0]), "call_back.time"
        for key, slot in enumerate(slots, 1):
            asked += said(self._helpline, self._language, each, at=slot, key=key)
        return asked
