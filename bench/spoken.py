"""What recognition is measured on: the clips of tests/audio, and utterances of tests/utterances spoken by espeak-ng."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ivr.settings import ROOT, Speech
from ivr.speech import codec, wav
from ivr.speech.speak import Speaker
from prompts.sentence import Sentence

TESTS = ROOT / "tests"
NOW = datetime.fromisoformat("2026-11-21T10:00:00+05:30")
OFFERS = ("2026-11-23T10:00:00", "2026-11-23T14:00:00", "2026-11-23T17:00:00")
VOICES = ({"voice_hi": "inc/hi+f4", "voice_en": "gmw/en+f4"}, {"voice_hi": "inc/hi+m5", "voice_en": "gmw/en-US+m5"})
_EXPECT = {"mobile": ("digits", 10), "pin": ("digits", 6), "command": ("service", None)}


@dataclass(frozen=True)
class Case:
    """One thing said at a question of the kind `expect`; `length` and `offers` as in dialogs.understand.Context."""

    name: str
    language: str
    expect: str
    text: str
    audio: bytes
    length: int | None = None
    offers: tuple[str, ...] = ()
    now: datetime = NOW

    @property
    def seconds(self) -> float:
        """Length of the audio."""
        return codec.seconds(self.audio)


def clips() -> list[Case]:
    """The synthetic clips."""
    with (TESTS / "audio" / "clips.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["lang"]]
    return [_clip(row) for row in rows]


def _clip(row: Mapping[str, str]) -> Case:
    kind = row["file"].removesuffix(".wav").split("-")[2]
    expect, length = _EXPECT.get(kind, (kind, None))
    audio = codec.to_ulaw(wav.read_wav(TESTS / "audio" / row["file"]))
    offers = OFFERS if expect == "slot" else ()
    return Case(row["file"], row["lang"], expect, row["transcript"], audio, length, offers)


def utterances(file: str, folder: Path, every: int = 1) -> Iterator[Case]:
    """Every `every`-th Hindi and English line of tests/utterances/<file>.jsonl, in voices the models never heard."""
    speakers = [Speaker(Speech(**voice), folder) for voice in VOICES]
    lines = (TESTS / "utterances" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    said = [row for row in map(json.loads, lines) if row["lang"] in ("hi", "en")]
    try:
        for n, row in enumerate(said[::every]):
            yield _utterance(row, speakers[n % len(speakers)])
    finally:
        for speaker in speakers:
            speaker.stop()


def _utterance(row: Mapping[str, Any], speaker: Speaker) -> Case:
    sentence = Sentence(str(row["text"]), str(row["lang"]))
    audio = codec.silence(300) + speaker.audio_now(sentence) + codec.silence(300)
    return Case(
        row["id"],
        sentence.language,
        row["expect"],
        sentence.text,
        audio,
        row.get("length"),
        tuple(row.get("offers", ())),
        datetime.fromisoformat(row["now"]),
    )
