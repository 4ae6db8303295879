"""What the turn-taking core is asked (questions), by which rules, and what it decides. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dialogs.understand.meaning import Hearing
from ivr.actions import End, Listen, RecordNote, Transfer
from ivr.settings import Settings


@dataclass(frozen=True)
class Rules:
    """Every duration of turn-taking, in seconds."""

    digit_gap_s: float = 3.0
    end_silence_s: float = 0.5
    end_silence_early_s: float = 0.2
    end_silence_open_s: float = 0.7
    end_silence_digits_s: float = 2.5
    end_silence_nearly_s: float = 1.0
    end_silence_number_s: float = 0.1
    barge_in_s: float = 0.3
    barge_in_wait_s: float = 0.26
    backchannel_s: float = 0.8
    filler_s: float = 1.5
    pre_speech_s: float = 0.3
    max_turn_s: float = 15.0
    note_silence_s: float = 2.5
    note_start_s: float = 8.0
    call_limit_s: float = 1800.0
    think_limit_s: float = 30.0
    hear_limit_s: float = 6.0  # longer than the recognisers' own limit, which keeps what is there by then

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """The rules as config.yaml has them."""
        dialog, speech, limits = settings.dialog, settings.speech, settings.limits
        return cls(
            digit_gap_s=dialog.digit_gap_s,
            end_silence_s=speech.end_silence_ms / 1000,
            end_silence_early_s=speech.end_silence_early_ms / 1000,
            end_silence_open_s=speech.end_silence_open_ms / 1000,
            end_silence_digits_s=speech.end_silence_digits_ms / 1000,
            end_silence_nearly_s=speech.end_silence_nearly_ms / 1000,
            end_silence_number_s=speech.end_silence_number_ms / 1000,
            barge_in_s=speech.barge_in_ms / 1000,
            barge_in_wait_s=speech.barge_in_wait_ms / 1000,
            backchannel_s=speech.backchannel_ms / 1000,
            filler_s=dialog.filler_s,
            pre_speech_s=speech.pre_speech_ms / 1000,
            max_turn_s=speech.max_turn_s,
            note_silence_s=dialog.note_silence_s,
            note_start_s=dialog.silence_s + 2.0,
            call_limit_s=limits.call_s,
            think_limit_s=limits.think_s,
            hear_limit_s=limits.hear_s,
        )


@dataclass(frozen=True)
class Question:
    """What the call waits for once its prompt has been heard.

    `kind` is "answer" (speech or keys), "note" (a voice note) or "farewell" (nothing: the line is closed). `ear` says
    whether speech can be an answer. `limit_s` is the wait for an answer to begin, or the longest note, in seconds.
    """

    kind: Literal["answer", "note", "farewell"]
    node: str = ""
    expect: str = ""
    ear: bool = False
    barge_in: bool = False
    keypad: Literal["menu", "digits"] = "menu"
    length: int | None = None
    limit_s: float = 6.0

    @classmethod
    def of(cls, action: Listen | RecordNote | Transfer | End, ears_ready: bool) -> Question:
        """The question that an action asks; without working ears, or with nothing to listen for, keys are the way."""
        if isinstance(action, Listen):
            return cls(
                "answer",
                action.node,
                action.expect,
                ear=ears_ready and (action.free or bool(action.grammar)),
                barge_in=action.barge_in,
                keypad=action.keypad,
                length=action.length,
                limit_s=action.silence_s,
            )
        if isinstance(action, RecordNote):
            return cls("note", action.node, "note", limit_s=float(action.seconds))
        return cls("farewell")


@dataclass(frozen=True)
class StopPrompt:
    """Stop speaking: nothing more is sent, what is queued at the carrier is cleared."""


@dataclass(frozen=True)
class ResumePrompt:
    """It was stopped for nothing: go on with the sentence `first` of the prompt."""

    first: int


@dataclass(frozen=True)
class FeedEar:
    """Give the ear the last `frames` frames; `opens`: with a new ear."""

    frames: int
    opens: bool = False


@dataclass(frozen=True)
class DropHearing:
    """Throw the running or pending hearing away."""


@dataclass(frozen=True)
class EndTurn:
    """The caller has finished speaking: ask the ear for its result and report it with `Turns.result`.

    `voiced_s` of speech was heard; the last of it lies `quiet_s` back.
    """

    voiced_s: float
    quiet_s: float


@dataclass(frozen=True)
class KeysDone:
    """The answer was keyed."""

    keys: str


@dataclass(frozen=True)
class Answered:
    """The answer was said (or typed); empty when speech was heard and nothing made of it."""

    hearings: tuple[Hearing, ...]


@dataclass(frozen=True)
class SilenceOver:
    """Nothing was said or keyed in time."""


@dataclass(frozen=True)
class Beep:
    """Play the tone after which a note is recorded."""


@dataclass(frozen=True)
class StartNote:
    """Keep every frame from the next one on."""


@dataclass(frozen=True)
class NoteDone:
    """The note is the kept frames `first`..`last` (exclusive), with `speech_s` seconds of speech; 0: only silence."""

    first: int
    last: int
    speech_s: float


@dataclass(frozen=True)
class Close:
    """Everything said was heard (`why` "heard"), or the call is stuck or too long: close the line."""

    why: Literal["heard", "call_limit", "think_limit"]


Decision = (
    StopPrompt
    | ResumePrompt
    | FeedEar
    | DropHearing
    | EndTurn
    | KeysDone
    | Answered
    | SilenceOver
    | Beep
    | StartNote
    | NoteDone
    | Close
)
