from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Table, delete, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import models.backup
from app import main
from booking.audit import Deed, Who, note
from booking.bookings import find_by_number
from booking.notes import get, keep
from booking.seats import ensure_slots
from models.audit import AuditEntry
from models.backup import MANIFEST, Part, back_up, opened
from models.bookings import Booking
from models.notices import Notice
from models.restore import restore
from models.store import Store, StoreError
from models.tables import metadata
from models.voice_notes import VoiceNote
from tests.booking.town import NOW, RULES, at, books, found_town, holds, holds_and_books, order

SOUND = bytes(range(256)) * 40


@pytest.fixture
def lived_in(store: Store) -> Store:
    """A store with a bit of everything that is hard to write down: sound, Hindi, moments, JSON, nothing."""
    found_town(store)
    with store.begin() as session:
        ensure_slots(session, NOW, RULES)
        note = keep(session, NOW, "c1", SOUND, 12.345678901, "मकान नं 4 \u200d ₹")
    holds(store, "c1")
    books(store, order("c1", note=note))
    holds_and_books(store, "c2", at(23, 11), city="durg", language="en")
    holds(store, "c3", at(23, 12))
    return store


@pytest.fixture
def file(lived_in: Store, tmp_path: Path) -> Path:
    back_up(lived_in, NOW, path := tmp_path / "mitan.zip")
    return path


@pytest.mark.parametrize("kind", ["empty_sqlite_url", "empty_postgres_url"])
def test_a_backup_goes_into_a_store_of_either_kind_and_comes_out_the_same(
    file: Path, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    other = Store(request.getfixturevalue(kind))
    restore(other, file)
    back_up(other, NOW, again := tmp_path / "again.zip")
    with opened(file) as (_, first), opened(again) as (_, second):
        assert first.tables == second.tables
        assert first.tables["bookings"].rows == 2
    with other.read() as session:
        booking = session.scalars(select(Booking).where(Booking.conversation_id == "c1")).one()
        assert get(session, str(booking.note_id)).audio == SOUND
        assert booking.created_at == NOW.astimezone(UTC)
    booked = holds_and_books(other, "c9", at(23, 14))  # ids go on where they were
    with other.read() as session:
        assert find_by_number(session, booked.number)
        assert session.scalar(select(func.count(Notice.id))) == 3
    other.close()


def test_every_table_is_in_it_and_only_the_owner_may_read_it(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        assert {n.removeprefix("tables/").removesuffix(".jsonl") for n in archive.namelist()} == {
            *metadata.tables,
            MANIFEST,
        }
    assert file.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in file.parent.iterdir() if p.name.endswith(".part")] == []


def test_a_store_with_rows_is_refused_unless_it_is_to_be_replaced(lived_in: Store, file: Path) -> None:
    holds_and_books(lived_in, "later", at(24, 10))
    with pytest.raises(StoreError, match=r"not empty .* --replace"):
        restore(lived_in, file)
    restore(lived_in, file, replace=True)
    with lived_in.read() as session:
        assert session.scalar(select(func.count(Booking.id))) == 2


def test_the_audit_trail_is_replaced_with_the_rest_and_can_only_grow_again_afterwards(
    lived_in: Store, tmp_path: Path
) -> None:
    def enter(what: str) -> None:
        with lived_in.begin() as session:
            note(session, NOW, Who("anita"), Deed(what, "account/1"))

    enter("before")
    back_up(lived_in, NOW, path := tmp_path / "trail.zip")
    enter("after")
    restore(lived_in, path, replace=True)
    with lived_in.read() as session:
        assert session.scalars(select(AuditEntry.what)).all() == ["before"]
    with pytest.raises(DBAPIError, match="can only grow"), lived_in.begin() as session:
        session.execute(delete(AuditEntry))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def flip(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 3] ^= 0xFF
    file.write_bytes(raw)


def forge(change: Callable[[dict[str, bytes]], None]) -> Callable[[Path], None]:
    def forged(file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        change(parts)
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    return forged


def _drop_a_row(parts: dict[str, bytes]) -> None:
    parts["tables/bookings.jsonl"] = parts["tables/bookings.jsonl"].split(b"\n", 1)[1]


def _change_a_row(parts: dict[str, bytes]) -> None:
    parts["tables/bookings.jsonl"] = parts["tables/bookings.jsonl"].replace(b"492001", b"492002")


def _lose_a_table(parts: dict[str, bytes]) -> None:
    del parts["tables/notices.jsonl"]


def _no_manifest(parts: dict[str, bytes]) -> None:
    del parts[MANIFEST]


def _of_the_future(parts: dict[str, bytes]) -> None:
    parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | {"format": 2}).encode()


SPOILED = [
    cut,
    flip,
    *map(forge, (_drop_a_row, _change_a_row, _lose_a_table, _no_manifest, _of_the_future)),
    lambda file: file.write_bytes(b""),
    lambda file: file.write_text("not a zip"),
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_spoiled_file_is_refused_before_anything_is_touched(
    spoil: Callable[[Path], None], file: Path, tmp_path: Path
) -> None:
    spoil(file)
    path = tmp_path / "untouched.db"
    with pytest.raises(StoreError, match="nothing was changed"):
        restore(Store(f"sqlite:///{path}"), file, replace=True)
    assert not path.exists()


def test_a_backup_of_another_version_is_refused_and_says_what_to_do(lived_in: Store, file: Path) -> None:
    def older(parts: dict[str, bytes]) -> None:
        parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | {"version": "0003"}).encode()

    forge(older)(file)
    with pytest.raises(StoreError, match="version 0003"):
        restore(lived_in, file)


def test_rows_that_do_not_fit_together_leave_the_store_as_it_was(lived_in: Store, file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["tables/slots.jsonl"] = b""  # the bookings would point to nothing
    manifest = json.loads(parts[MANIFEST])
    manifest["tables"]["slots"] = {"rows": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    parts[MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(StoreError, match="nothing was changed"):
        restore(lived_in, file, replace=True)
    with lived_in.read() as session:
        assert session.scalar(select(func.count(Booking.id))) == 2
        assert session.scalar(select(func.count(VoiceNote.id))) == 1


def test_a_backup_shows_one_moment_while_others_write(
    lived_in: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, seen = models.backup._write, []

    def somebody_books_meanwhile(archive: zipfile.ZipFile, session: Session, table: Table) -> Part:
        part = write(archive, session, table)
        if not seen:
            seen.append(holds_and_books(lived_in, "late", at(24, 10)))
        return part

    monkeypatch.setattr(models.backup, "_write", somebody_books_meanwhile)
    manifest = back_up(lived_in, NOW, tmp_path / "now.zip")
    assert seen
    assert {manifest.tables[name].rows for name in ("bookings", "booking_events", "notices")} == {2}


def test_a_file_that_is_there_is_not_overwritten(lived_in: Store, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(StoreError, match="there already"):
        back_up(lived_in, NOW, file)
    assert file.read_bytes() == before


def test_a_store_that_is_not_ready_is_not_backed_up(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no tables yet"):
        back_up(Store(empty_url), NOW, tmp_path / "none.zip")
    assert list(tmp_path.glob("*.zip")) == []


def test_the_commands_back_up_and_restore_and_ask_before_they_delete(
    sqlite_store: Store, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    found_town(sqlite_store)
    holds_and_books(sqlite_store)
    run, file = CliRunner(), str(tmp_path / "b.zip")
    made = run.invoke(main, ["backup", file])
    assert made.exit_code == 0, made.output
    assert "rows of" in made.output
    assert "not empty" in run.invoke(main, ["restore", file]).output
    refused = run.invoke(main, ["restore", file, "--replace"], input="n\n")
    assert refused.exit_code == 1
    assert "1 bookings" in refused.output
    with sqlite_store.begin() as session:
        session.execute(text("UPDATE bookings SET pin = '000000'"))
    assert run.invoke(main, ["restore", file, "--replace"], input="y\n").exit_code == 0
    with sqlite_store.read() as session:
        assert session.scalars(select(Booking.pin)).one() == "492001"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert run.invoke(main, ["restore", file]).exit_code == 0
    shutil.copy(file, cut_file := tmp_path / "cut.zip")
    cut(cut_file)
    assert "no whole backup" in run.invoke(main, ["restore", str(cut_file)]).output
