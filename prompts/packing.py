"""The files of an edition as one zip file, and back, whatever it is that was uploaded."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from prompts.errors import PromptError, TextError
from prompts.folder import LONGEST, MOST, plain_path

MOST_BYTES = 5_000_000  # of a zip file, and of all that is in it; ours have 70 kB and 300 kB
TOP = "prompts/"  # a folder around everything, as people pack it


def packed(files: Mapping[str, str]) -> bytes:
    """A zip file with `files` (path below `prompts/`: text)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def unpacked(data: bytes) -> dict[str, str]:
    """The prompt files in a zip file. Raises TextError: zip_none, zip_many, zip_big, zip_path, zip_twice, zip_utf8."""
    if len(data) > MOST_BYTES:
        raise TextError("zip_big")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, TextError):
            raise
        raise TextError("zip_none") from None


def _files(archive: zipfile.ZipFile) -> dict[str, str]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST:
        raise TextError("zip_many", f"{len(entries)} / {MOST}")
    found: dict[str, str] = {}
    left = MOST_BYTES
    for entry in entries:
        name = _name(entry.filename)
        if name in found:
            raise TextError("zip_twice", name)
        text = _read(archive, entry, min(left, LONGEST * 4))
        left -= len(text)
        found[name] = _decoded(name, text)
    if not found:
        raise TextError("zip_none")
    return found


def _name(given: str) -> str:
    name = given.removeprefix(TOP)
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


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TextError("zip_utf8", name) from None
