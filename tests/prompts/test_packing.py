"""A zip file is unpacked whatever it is, and what differs in it becomes a draft."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.store import Store
from prompts import drafts
from prompts.body import Body
from prompts.contents import Spot, contents
from prompts.errors import TextError
from prompts.importing import differing, drafted
from prompts.packing import MOST_BYTES, MOST_SOUND, packed, unpacked

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
FILES = {"hi/prompts.yaml": 'a: "नमस्ते {brand}"\nb: "जी"\n', "en/prompts.yaml": 'a: "hello {brand}"\nb: "yes"\n',
         "en/phrases.yaml": "answers:\n  yes: [sure]\n"}  # fmt: skip
BASE = contents(FILES)


def zipped(*entries: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return made.getvalue()


def lying(data: bytes) -> bytes:
    """A zip whose directory says that what it holds is small."""
    made = bytearray(zipped(("hi/prompts.yaml", data)))
    at = made.rindex(b"PK\x01\x02")
    made[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(made)


def opened(data: bytes, into: Path) -> dict[str, str]:
    return unpacked(io.BytesIO(data), into)


def test_what_was_packed_is_unpacked_also_from_a_folder_around_it(tmp_path: Path) -> None:
    assert opened(packed(FILES), tmp_path) == FILES
    around = zipped(("prompts/", b""), ("prompts/hi/a.yaml", "\ufeffa: b".encode()))
    assert opened(around, tmp_path) == {"hi/a.yaml": "a: b"}


def test_recordings_are_unpacked_into_files_at_their_paths(tmp_path: Path) -> None:
    sounds = {"hi/recordings/help.ask.wav": b"RIFF" + bytes(300_000), "en/recordings/a.wav": b""}
    assert opened(packed(FILES, sounds), tmp_path) == FILES
    assert {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.rglob("*.wav")} == sounds
    assert opened(packed({}, sounds), tmp_path) == {}


def test_recordings_are_not_unpacked_further_than_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prompts.packing.MOST_SOUND", 1_000_000)
    bomb = packed({}, {f"hi/recordings/{n}.wav": bytes(600_000) for n in range(2)})
    with pytest.raises(TextError) as refused:
        opened(bomb, tmp_path)
    assert refused.value.code == "zip_big"
    assert sum(p.stat().st_size for p in tmp_path.rglob("*.wav")) <= 1_000_000


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: b"", "zip_none"),
        (lambda: b"not a zip", "zip_none"),
        (lambda: packed(FILES)[:-30], "zip_none"),
        (lambda: zipped(), "zip_none"),
        (lambda: bytes(MOST_SOUND + 1), "zip_big"),
        (lambda: zipped(("hi/prompts.yaml", b"a" * (MOST_BYTES + 1))), "zip_big"),
        (lambda: zipped(*((f"hi/{n}.yaml", b"a" * 900_000) for n in range(9))), "zip_big"),
        (lambda: zipped(*((f"hi/{n}.yaml", b"") for n in range(10_000))), "zip_many"),
        (lambda: zipped(("../hi/prompts.yaml", b"a: b")), "zip_path"),
        (lambda: zipped(("/etc/prompts.yaml", b"a: b")), "zip_path"),
        (lambda: zipped(("hi\\..\\x.yaml", b"a: b")), "zip_path"),
        (lambda: zipped(("hi/recordings/../a.wav", b"RIFF")), "zip_path"),
        (lambda: zipped(("hi/recordings/a.mp3", b"RIFF")), "zip_path"),
        (lambda: zipped(("hi/recordings/.wav", b"RIFF")), "zip_path"),
        (lambda: zipped(("hi/recordings/a.wav", b""), ("prompts/hi/recordings/a.wav", b"")), "zip_twice"),
        (lambda: zipped(("readme.txt", b"hello")), "zip_path"),
        (lambda: zipped(("hi/a.yaml", b"a"), ("prompts/hi/a.yaml", b"b")), "zip_twice"),
        (lambda: zipped(("hi/prompts.yaml", "a: नमस्ते".encode("utf-16"))), "zip_utf8"),
    ],
)
def test_what_is_no_zip_of_prompts_is_refused_with_its_reason(
    made: Callable[[], bytes], code: str, tmp_path: Path
) -> None:
    with pytest.raises(TextError) as refused:
        opened(made(), tmp_path)
    assert refused.value.code == code


def test_a_bomb_that_lies_of_its_size_is_not_unpacked_further_than_allowed(tmp_path: Path) -> None:
    with pytest.raises(TextError) as refused:
        opened(lying(b"a" * 3 * MOST_BYTES), tmp_path)
    assert refused.value.code in ("zip_big", "zip_none")


def test_only_what_differs_becomes_a_draft(store: Store) -> None:
    files = {"en/prompts.yaml": 'a: "Welcome, {brand}"\nb: "yes"\n', "en/phrases.yaml": "answers:\n  yes: [sure, yep]"}
    changes, refused = differing(Body(files), BASE)
    assert not refused
    assert changes == {Spot("prompt", "en", "a"): ("Welcome, {brand}",),
                       Spot("phrases", "en", "answers.yes"): ("sure", "yep")}  # fmt: skip
    with store.begin() as session:
        made = drafted(session, NOW, "esha", ("Holi", 0), changes).id
    with store.read() as session:
        assert drafts.changes(session, made) == changes


@pytest.mark.parametrize(
    ("text", "code"),
    [('a: "Hello"', "missing"), ('a: "{brand} {x}"', "unknown"), ('zz: "Hello"', "stranger"), ('b: "<b>"', "markup"),
     ('b: ""', "empty")],
)  # fmt: skip
def test_a_text_that_could_not_be_typed_is_not_imported_either(text: str, code: str) -> None:
    _, refused = differing(Body({"en/prompts.yaml": text}), BASE)
    assert [one.why.code for one in refused] == [code]


@pytest.mark.parametrize(("text", "code"), [("a: [1, {", "zip_yaml"), ("- a", "zip_yaml"), ('b: "yes"', "zip_same")])
def test_files_that_cannot_be_read_or_say_nothing_new_make_no_draft(text: str, code: str) -> None:
    with pytest.raises(TextError) as refused:
        differing(Body({"en/prompts.yaml": text}), BASE)
    assert refused.value.code == code
