"""An edition as one zip file, texts and recordings, and back, whatever it is that was uploaded."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from prompts.errors import PromptError, TextError
from prompts.folder import LONGEST, MOST, plain_path

MOST_BYTES = 5_000_000  # of all texts in it; ours have 300 kB
MOST_SOUND = 80_000_000  # of a zip file, and of all recordings in it: one of two minutes has 2 MB
MOST_FILES = MOST + 300  # some 0.1 s for each recording that is new
TOP = "prompts/"  # a folder around everything, as people pack it
SOUND = re.compile(r"[a-z]{2}/recordings/[A-Za-z0-9_\-]+(\.[A-Za-z0-9_\-]+)*\.wav")
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def packed(files: Mapping[str, str], sounds: Mapping[str, bytes] | None = None) -> bytes:
    """A zip file with `files` (path below `prompts/`: text) and recordings (path: WAV)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        for name, sound in (sounds or {}).items():
            archive.writestr(name, sound)
    return made.getvalue()


def unpacked(file: IO[bytes], into: Path) -> dict[str, str]:
    """The prompt files in a zip file; its recordings are written below `into`, at their paths. Raises TextError:
    zip_none, zip_many, zip_big, zip_path, zip_twice, zip_utf8."""
    try:
        if file.seek(0, io.SEEK_END) > MOST_SOUND:
            raise TextError("zip_big")
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            return _files(archive, into)
    except BROKEN as error:
        if isinstance(error, TextError):
            raise
        raise TextError("zip_none") from None


def _files(archive: zipfile.ZipFile, into: Path) -> dict[str, str]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise TextError("zip_many", f"{len(entries)} / {MOST_FILES}")
    named = [(_name(entry.filename), entry) for entry in entries]
    if twice := [name for n, (name, _) in enumerate(named) if name in {other for other, _ in named[:n]}]:
        raise TextError("zip_twice", twice[0])
    left = MOST_SOUND
    for name, entry in named:
        if SOUND.fullmatch(name):
            left -= _written(archive, entry, into / name, left)
    texts = _texts(archive, [(name, entry) for name, entry in named if not SOUND.fullmatch(name)])
    if not named:
        raise TextError("zip_none")
    return texts


def _texts(archive: zipfile.ZipFile, named: list[tuple[str, zipfile.ZipInfo]]) -> dict[str, str]:
    found: dict[str, str] = {}
    left = MOST_BYTES
    for name, entry in named:
        text = _read(archive, entry, min(left, LONGEST * 4))
        left -= len(text)
        found[name] = _decoded(name, text)
    return found


def _name(given: str) -> str:
    name = given.removeprefix(TOP)
    if SOUND.fullmatch(name):
        return name
    try:
        return plain_path(name).as_posix()
    except PromptError:
        raise TextError("zip_path", given[:80]) from None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """What is in an entry, never more than may be: what its header says of its size may be a lie."""
    with archive.open(entry) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise TextError("zip_big")
    return data


def _written(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, most: int) -> int:
    """How many bytes of a recording were written, never more than may be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as stream, path.open("wb") as file:
        shutil.copyfileobj(_Bounded(stream, most), file)
        return file.tell()


class _Bounded:
    """A stream that may give `left` bytes and no more. Raises TextError."""

    def __init__(self, stream: IO[bytes], left: int) -> None:
        self._stream, self._left = stream, left

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise TextError("zip_big")
        return data


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TextError("zip_utf8", name) from None
