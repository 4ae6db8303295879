"""What is known of the utterance under way: its length, what it amounts to by now, whether it began over the prompt."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs.gist import NOTHING, Gist
from dialogs.understand.meaning import Hearing
from ivr.decisions import FeedEar, Question, Rules
from ivr.patience import pause_s
from ivr.utterance import FRAME_S, NOISE_S, ONSET_S, Utterance, frames

NOT_SPEECH_S = 0.8  # of quiet after which a sound over a prompt was no interruption; recognition may be behind
WORD_S = 0.2  # voiced audio with which a recognised answer stops a prompt; a recogniser makes words of shorter noises
MOST_RESUMED = 2  # times a prompt goes on after a false interruption; then the noise is taken for an answer


class Attention:
    """The utterances of one question, one after the other."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._voice = Utterance(frames(rules.pre_speech_s))
        self.gist = NOTHING
        self._over_prompt = self._broken_off = False
        self._resumed = 0

    def new_question(self) -> None:
        """Nothing was said yet."""
        self._resumed = 0
        self.forget()

    def forget(self) -> None:
        """What was heard is no answer and no interruption."""
        self._voice.reset()
        self.gist = NOTHING
        self._over_prompt = self._broken_off = False

    def frame(self, voiced: bool) -> None:
        """The next frame."""
        self._voice.frame(voiced)

    @property
    def speaks(self) -> bool:
        """Whether somebody seems to speak."""
        return self._voice.voiced >= frames(ONSET_S)

    @property
    def open(self) -> bool:
        """Whether an ear was opened for it."""
        return self._voice.begun

    def begin(self, over_prompt: bool) -> FeedEar:
        """Open an ear for it."""
        self._over_prompt = over_prompt
        return FeedEar(self._voice.begin(), opens=True)

    def feed(self) -> tuple[FeedEar, ...]:
        """What the open ear needs of the last frames."""
        count = self._voice.feed()
        return (FeedEar(count),) if count else ()

    @property
    def voiced_s(self) -> float:
        """Seconds of voice in it."""
        return self._voice.voiced * FRAME_S

    @property
    def quiet_s(self) -> float:
        """Seconds since its last voice."""
        return self._voice.quiet * FRAME_S

    def pause_s(self, question: Question) -> float:
        """Seconds of silence that end it as an answer to `question`."""
        return pause_s(self._rules, question, self.gist)

    def paused(self, question: Question) -> bool:
        """Whether it has ended as an answer to `question`."""
        return self._voice.quiet >= frames(self.pause_s(question))

    @property
    def died_away(self) -> bool:
        """Whether a sound over the prompt has ended without stopping it."""
        return self._voice.quiet > frames(NOT_SPEECH_S)

    def interrupts(self, at_the_question: bool) -> bool:
        """Whether it stops the prompt: some speech does, and less of it that was understood; of the sounds of a
        listener more is needed, unless they answer the question that is just being asked."""
        voice, gist = self._voice, self.gist
        if gist.backchannel and not (gist.understood and at_the_question):
            return voice.run >= frames(self._rules.backchannel_s)
        understood = gist.understood and voice.voiced >= frames(WORD_S)
        # A recogniser is behind: its first word may yet tell that it was only a listener, or a noise.
        wait_s = 0.0 if gist.words else self._rules.barge_in_wait_s
        return understood or voice.run >= frames(self._rules.barge_in_s + wait_s)

    def break_off(self) -> None:
        """It has stopped the prompt."""
        self._broken_off = True

    def for_nothing(self, hearings: Sequence[Hearing], gist: Gist) -> bool:
        """Whether it was a noise, or, over the prompt, only the sound of a listener."""
        if hearings:
            return self._over_prompt and gist.backchannel and not gist.understood
        unheeded = self._over_prompt and not self._broken_off
        return unheeded or self.resumable or self._voice.voiced <= frames(NOISE_S)

    @property
    def over_prompt(self) -> bool:
        """Whether it began while the prompt was being played."""
        return self._over_prompt

    @property
    def resumable(self) -> bool:
        """Whether a prompt was stopped by it and may go on."""
        return self._broken_off and self._resumed < MOST_RESUMED

    def resume(self) -> None:
        """The prompt goes on."""
        self._resumed += 1
        self.forget()
