"""Backups: all tables at one moment, as lines of JSON in a zip file, for either kind of store.

`manifest.json` names the version of the tables and, for each, the number of rows and the SHA-256 of its lines. The file
has everything in it that is known of citizens, their voices too: it is made readable by its owner only.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Table
from sqlalchemy.orm import Session

from models.errors import StoreError
from models.rows import lines, values
from models.store import Store, version
from models.tables import metadata

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One table in a backup: rows, and the SHA-256 of its lines."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `made_at` is ISO 8601, `tables` in the order in which they can be filled."""

    version: str
    made_at: str
    tables: dict[str, Part]

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(part.rows for part in self.tables.values())


def back_up(store: Store, now: datetime, file: Path) -> Manifest:
    """Write all of `store` as it is at this moment to the new `file`. Others may go on writing to the store.

    Raises StoreError when the store is not ready or the file is there already or cannot be written.
    """
    store.ready()
    with _new(file) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with store.read() as session:
            tables = {table.name: _write(archive, session, table) for table in metadata.sorted_tables}
        manifest = Manifest(version(), now.isoformat(), tables)
        archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1))
    return manifest


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The backup `file`, every row of it looked at; raises StoreError when it is not whole, or of another version."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            _fits(manifest, file)
            for name, part in manifest.tables.items():
                if _read(archive, metadata.tables[name]) != part:
                    raise ValueError(f"{name} is not what was written")
            yield archive, manifest
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror or error}.") from None
    except (ValueError, LookupError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise StoreError(f"{file} is no whole backup ({error}): nothing was changed; take another one.") from None


def rows(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of `table` in the backup."""
    with archive.open(_name(table)) as part:
        for line in part:
            yield values(table, line)


def digest(session: Session, table: Table) -> Part:
    """What `table` would be in a backup made now."""
    return _part(lines(session, table))


def _part(lines: Iterable[bytes], each: Callable[[bytes], object] = len) -> Part:
    """The part that `lines` make; `each` is called with every line."""
    made, number = hashlib.sha256(), 0
    for line in lines:
        each(line)
        made.update(line)
        number += 1
    return Part(number, made.hexdigest())


def _write(archive: zipfile.ZipFile, session: Session, table: Table) -> Part:
    with archive.open(_name(table), "w", force_zip64=True) as part:
        return _part(lines(session, table), part.write)


def _read(archive: zipfile.ZipFile, table: Table) -> Part:
    with archive.open(_name(table)) as part:
        return _part(part, lambda line: values(table, line))


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    given = json.loads(archive.read(MANIFEST))
    if given["format"] != FORMAT:
        raise ValueError(f"format {given['format']} is not known")
    tables = {name: Part(**part) for name, part in given["tables"].items()}
    return Manifest(given["version"], given["made_at"], tables)


def _fits(manifest: Manifest, file: Path) -> None:
    if manifest.version != version():
        raise StoreError(
            f"{file} has tables of version {manifest.version}, this program {version()}: restore it with the program "
            "that made it, then update the program and run `python app.py prepare`."
        )
    if set(manifest.tables) != set(metadata.tables):
        raise ValueError("other tables")


def _name(table: Table) -> str:
    return f"tables/{table.name}.jsonl"


@contextmanager
def _new(file: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name only when it is whole and on the disk."""
    half = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        if file.exists():
            raise StoreError(f"{file} is there already: name another file.")
        with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.link(half, file)  # fails when somebody else has made it meanwhile
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror or error}.") from None
    finally:
        half.unlink(missing_ok=True)
