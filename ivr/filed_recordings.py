"""Recordings as files beside the prompts: `<language>/recordings/<key>.wav`, in a folder or a zip file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from ivr.speech import codec, wav
from ivr.speech.errors import BadAudio, FileRefused
from ivr.speech.take import take
from prompts.contents import Spot, Value, contents
from prompts.errors import PromptError
from prompts.recorded import obstacle
from prompts.recordings import Audio, keep, known, ulaw_of

FOLDER = "recordings"
REFUSED = {
    "empty": "an empty file",
    "big": "a file of over 40 MB",
    "unknown": "no sound file",
    "soundless": "there is no sound in it",
    "long": "longer than two minutes",
    "broken": "cannot be read to its end",
    "slow": "reading it takes too long",
    "silent": "only silence",
    "quiet": "too quiet",
    "short": "shorter than a word",
    "values": "the prompt says values that are others in each call",
    "piece": "the prompt is only said within others",
    "stranger": "there is no such prompt",
}


@dataclass(frozen=True)
class Filed:
    """A recording found in a folder: what was made of it, its file's name, and the text for which it stands."""

    audio: Audio
    name: str
    text: str


class Unusable(PromptError):  # noqa: N818
    """A file that cannot be a recording: `path` below the folder, and what is wrong with it (one of REFUSED)."""

    def __init__(self, path: str, code: str) -> None:
        super().__init__(f"{path}: {REFUSED[code]}.")
        self.path, self.code = path, code


def sounds(session: Session, recordings: Mapping[Spot, Value]) -> Iterator[tuple[str, bytes]]:
    """The recordings of an edition as WAV (16-bit PCM at 8 kHz), each with its path."""
    for spot, (digest, *_) in recordings.items():
        ulaw = ulaw_of(session, digest)
        if ulaw is not None:
            yield f"{spot.language}/{FOLDER}/{spot.key}.wav", wav.to_wav(codec.to_pcm(ulaw))


def write(session: Session, recordings: Mapping[Spot, Value], root: Path) -> None:
    """Write the recordings of an edition under `root`."""
    for name, data in sounds(session, recordings):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def read(session: Session, level_dbfs: float, root: Path, files: Mapping[str, str]) -> dict[Spot, Filed]:
    """The recordings of whole prompts under `root`, evened to `level_dbfs`; `files` has the prompts. A file for a
    single sentence (`ask.0.wav`) is left out: the product plays those from its own folder only. It may take seconds:
    `session` had better only read. Raises Unusable, PromptError naming the file."""
    texts = {spot: value for spot, value in contents(files).items() if spot.kind == "prompt"}
    found: dict[Spot, Filed] = {}
    for path in _files(root):
        language, key = path.parent.parent.name, path.stem
        text = " ".join(texts.get(Spot("prompt", language, key), ()))
        if not text and key.rpartition(".")[2].isdecimal():
            continue
        name = path.relative_to(root).as_posix()
        if why := obstacle(key, text) if text else "stranger":
            raise Unusable(name, why)
        try:
            found[Spot("recording", language, key)] = Filed(_taken(session, path, level_dbfs), path.name, text)
        except FileRefused as error:
            raise Unusable(name, error.code) from None
    return found


def placed(found: Mapping[Spot, Filed]) -> dict[Spot, Value]:
    """What a draft or an edition has of the recordings that were found, once they are in the store."""
    return {spot: (one.audio.digest, one.text) for spot, one in found.items()}


def keep_all(session: Session, now: datetime, author: str, found: Mapping[Spot, Filed]) -> dict[Spot, Value]:
    """The same, and they are in the store from now on."""
    for one in found.values():
        keep(session, now, author, one.audio, one.name)
    return placed(found)


def _files(root: Path) -> Iterator[Path]:
    yield from sorted(root.glob(f"*/{FOLDER}/*.wav"))


def _taken(session: Session, path: Path, level_dbfs: float) -> Audio:
    """The recording in a file; one that was written from the store is the same again."""
    try:
        with path.open("rb") as file:
            return _again(session, path) or take(file, level_dbfs)
    except OSError as error:
        raise PromptError(f"{path}: {error.strerror or error}.") from None


def _again(session: Session, path: Path) -> Audio | None:
    try:
        same = Audio(codec.to_ulaw(wav.read_wav(path)), 0.0, 0.0, 0.0)
    except BadAudio:
        return None
    return same if same.digest in known(session, [same.digest]) else None
