"""The clips of tests/audio and the models of tests/vosk."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from ivr.actions import Listen
from ivr.settings import Speech
from ivr.speech import codec, wav

TESTS = Path(__file__).resolve().parents[2]
AUDIO = TESTS / "audio"
MODELS = TESTS / "vosk"

SPEECH = Speech(
    model_hi="vosk-model-test-hi-0.1", model_en="vosk-model-test-en-0.1", model_path=str(MODELS), free_recognisers=2
)


@dataclass(frozen=True)
class Clip:
    file: str
    language: str
    transcript: str

    @property
    def kind(self) -> str:
        return self.file.removesuffix(".wav").split("-")[2]

    @property
    def audio(self) -> bytes:
        return codec.to_ulaw(wav.read_wav(AUDIO / self.file))


def all_clips() -> list[Clip]:
    with (AUDIO / "clips.tsv").open(encoding="utf-8") as rows:
        return [
            Clip(row["file"], row["lang"], row["transcript"])
            for row in csv.DictReader(rows, delimiter="\t")
            if row["lang"]
        ]


def clip(file: str) -> Clip:
    return next(c for c in all_clips() if c.file == f"{file}.wav")


def noise(name: str) -> bytes:
    return codec.to_ulaw(wav.read_wav(AUDIO / f"noise-{name}.wav"))


def listening(
    languages: tuple[str, ...] = ("hi", "en"), phrases: dict[str, list[str]] | None = None, free: bool = False
) -> Listen:
    grammar = tuple((language, tuple(said)) for language, said in (phrases or {}).items())
    return Listen("test", "intent", languages, grammar, free=free)


def all_phrases() -> dict[str, list[str]]:
    return {lang: [c.transcript for c in all_clips() if c.language == lang] for lang in ("hi", "en")}


def frames(audio: bytes) -> list[bytes]:
    return [audio[at : at + 160] for at in range(0, len(audio), 160)]
