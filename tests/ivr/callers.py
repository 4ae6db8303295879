"""The turn-taking core with a clock that is only a number: what a caller, a carrier and an ear do to it."""

from __future__ import annotations

from dialogs.gist import NOTHING, Gist
from dialogs.understand.meaning import Hearing
from ivr.decisions import FeedEar, Question, Rules
from ivr.turns import Phase, Turns

RULES = Rules()
MENU = Question("answer", "city", "city", ear=True, barge_in=True)
DIGITS = Question("answer", "pin", "digits", ear=True, barge_in=True, keypad="digits", length=6)
YESNO = Question("answer", "keep", "yesno", ear=True, barge_in=True)
OPEN = Question("answer", "help", "intent", ear=True, barge_in=True)
NOTE = Question("note", "address", "note", limit_s=30)
BYE = Question("farewell")

COMPLETE = Gist(words=True, understood=True, complete=True)
UNDERSTOOD = Gist(words=True, understood=True)
BACKCHANNEL = Gist(words=True, backchannel=True)
YES = Gist(words=True, backchannel=True, understood=True, complete=True)


class Caller:
    """One call: does what a caller, a carrier and the clock do, and collects what the core decides."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.now = 100.0
        self.turns = Turns(rules, self.now)
        self.decided: list[object] = []

    def take(self) -> list[object]:
        out, self.decided = self.decided, []
        return out

    @property
    def words(self) -> list[object]:
        """What was decided without the feeding of the ear, which comes every frame."""
        return [d for d in self.decided if not (isinstance(d, FeedEar) and not d.opens)]

    def ask(self, question: Question, prompt_s: float = 2.0) -> Caller:
        """The prompt is sent; nothing of it is heard yet."""
        self.decided += self.turns.ask(question, self.now)
        if self.turns.phase is Phase.PROMPT:
            self.send("p", prompt_s)
        return self

    def reads(self, question: Question, *seconds: float) -> Caller:
        """A prompt of several sentences is sent, marked s0, s1, ..."""
        self.decided += self.turns.ask(question, self.now)
        for number, length in enumerate(seconds):
            self.turns.sending(f"s{number}", length, self.now, number)
        self.decided += self.turns.sent(self.now)
        return self

    def send(self, mark: str, seconds: float) -> None:
        self.turns.sending(mark, seconds, self.now)
        self.decided += self.turns.sent(self.now)

    def asked(self, question: Question) -> Caller:
        """The prompt is heard to its end."""
        return self.ask(question).wait(2.0).mark()

    def mark(self, name: str = "p") -> Caller:
        self.decided += self.turns.mark(name, self.now)
        return self

    def keys(self, keys: str) -> Caller:
        for key in keys:
            self.decided += self.turns.key(key, self.now)
        return self

    def hear(self, seconds: float, voiced: bool) -> Caller:
        for _ in range(round(seconds / 0.02)):
            self.now += 0.02
            self.decided += self.turns.frame(voiced, self.now)
            self.decided += self.turns.tick(self.now)
        return self

    def speak(self, seconds: float) -> Caller:
        return self.hear(seconds, True)

    def quiet(self, seconds: float) -> Caller:
        return self.hear(seconds, False)

    def wait(self, seconds: float) -> Caller:
        """The clock goes on and the carrier sends nothing."""
        end = self.now + seconds
        while (due := self.turns.due) is not None and due <= end:
            self.now = max(self.now, due)
            self.decided += self.turns.tick(self.now)
        self.now = end
        return self

    def so_far(self, gist: Gist) -> Caller:
        self.decided += self.turns.so_far(gist, self.now)
        return self

    def result(self, *texts: str, gist: Gist = NOTHING) -> Caller:
        self.decided += self.turns.result([Hearing(t) for t in texts], self.now, gist)
        return self


def opened(decisions: list[object]) -> list[FeedEar]:
    return [d for d in decisions if isinstance(d, FeedEar) and d.opens]


def fed(decisions: list[object]) -> int:
    return sum(d.frames for d in decisions if isinstance(d, FeedEar))
