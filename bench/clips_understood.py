"""How much of the spoken clips is understood through Vosk: decoding freely, and with the question's grammar."""

from __future__ import annotations

import csv
import json
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dialogs.understand import Context, Hearing, Lexicon, grammar, understand

TESTS = Path(__file__).parents[1] / "tests"
AUDIO, MODELS = TESTS / "audio", TESTS / "vosk"
MODEL = {"hi": "vosk-model-test-hi-0.1", "en": "vosk-model-test-en-0.1"}
NOW = datetime.fromisoformat("2026-11-21T10:00:00")
OFFERS = tuple(datetime.fromisoformat(f"2026-11-23T{hour}:00:00") for hour in (10, 14, 17))
LENGTHS = {"mobile": 10, "pin": 6}
CHUNK = 4000  # samples


@dataclass(frozen=True)
class Clip:
    """A spoken turn: what it says and what was asked."""

    path: Path
    language: str
    text: str
    expect: str
    length: int | None

    def context(self, lexicon: Lexicon) -> Context:
        """What is known at this turn."""
        offers = OFFERS if self.expect == "slot" else ()
        return Context(lexicon, self.language, NOW, offers, self.length)


@dataclass(frozen=True)
class Shares:
    """Of `turns`, how many were understood as the text itself is, and how many as something else."""

    language: str
    way: str
    turns: int
    understood: int
    wrong: int


def clips() -> list[Clip]:
    """The synthetic clips of `tests/audio`; the question stands in the file name."""
    with (AUDIO / "clips.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    out = []
    for row in rows:
        kind = Path(row["file"]).stem.split("-")[-1]
        if row["kind"] == "synthetic" and row["transcript"] and (AUDIO / row["file"]).exists():
            expect = {"mobile": "digits", "pin": "digits", "command": "service"}.get(kind, kind)
            out.append(Clip(AUDIO / row["file"], row["lang"], row["transcript"], expect, LENGTHS.get(kind)))
    return out


def _pcm(path: Path) -> bytes:
    with wave.open(str(path)) as file:
        return bytes(file.readframes(file.getnframes()))


def _heard(recogniser: object, pcm: bytes) -> str:
    for at in range(0, len(pcm), CHUNK):
        recogniser.AcceptWaveform(pcm[at : at + CHUNK])  # type: ignore[attr-defined]
    text: str = json.loads(recogniser.FinalResult())["text"]  # type: ignore[attr-defined]
    return text.replace("[unk]", "").strip()


def _words(model: object, phrases: Sequence[str]) -> list[str]:
    """The phrases whose every word the model has, and its filler."""
    known = [p for p in phrases if all(model.vosk_model_find_word(w) >= 0 for w in p.split())]  # type: ignore[attr-defined]
    return [*known, "[unk]"]


def measure(lexicon: Lexicon) -> Iterator[Shares]:
    """Both ways for both languages; nothing when Vosk or its test models are not there."""
    try:
        import vosk
    except ImportError:
        return
    vosk.SetLogLevel(-1)
    for language, name in MODEL.items():
        if not (MODELS / name).exists():
            continue
        model = vosk.Model(str(MODELS / name))
        turns = [c for c in clips() if c.language == language]
        for way in ("free", "grammar"):
            right = wrong = 0
            for clip in turns:
                context = clip.context(lexicon)
                offers = context.offers
                phrases = _words(model, grammar(clip.expect, language, lexicon, offers)) if way == "grammar" else []
                recogniser = vosk.KaldiRecognizer(
                    model, 8000, *([json.dumps(phrases, ensure_ascii=False)] * bool(phrases))
                )
                meant = understand([Hearing(clip.text)], clip.expect, context).gold()
                got = understand([Hearing(_heard(recogniser, _pcm(clip.path)))], clip.expect, context).gold()
                right += got == meant
                wrong += got != meant and bool(got)
            yield Shares(language, way, len(turns), right, wrong)
