"""Prompts go out and come in as a zip file, on the pages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from booking.audit import Wanted, entries
from console.prompts.parts import WORDS
from models.store import Store
from prompts import drafts
from prompts.packing import packed, unpacked
from tests.console.accounts.house import Browser
from tests.console.prompts.house import HOME, own
from tests.ivr.speech.sounds import file_of, spoken

FILES = f"{HOME}/files"


def upload(browser: Browser, data: bytes, name: str = "From files") -> tuple[int, str, str]:
    answer = browser.post(FILES, name=name, file=(io.BytesIO(data), "prompts.zip"))
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def changed(old: str, new: str) -> bytes:
    files = dict(own().first)
    assert old in files["en/prompts.yaml"]
    return packed({**files, "en/prompts.yaml": files["en/prompts.yaml"].replace(old, new)})


def opened(data: bytes, into: Path) -> dict[str, str]:
    return unpacked(io.BytesIO(data), into)


def test_what_goes_out_and_is_changed_comes_in_as_a_draft(esha: Browser, store: Store, tmp_path: Path) -> None:
    assert opened(esha.get(f"{FILES}/edition-0.zip").data, tmp_path) == own().first
    status, _, at = upload(esha, changed("how can I help you", "what is it"))
    assert status == 303
    page = esha.get(at).text
    assert "The draft is made" in page
    assert "Changes: 1" in page
    with store.read() as session:
        assert entries(session, Wanted(what="draft.imported"), None, 5)[0].who == "esha"
    draft = at.rpartition("/")[0]
    files = opened(esha.get(f"{FILES}/draft-{draft.rpartition('/')[2]}.zip").data, tmp_path)
    assert "what is it" in files["en/prompts.yaml"]


def test_what_cannot_be_taken_is_named_and_nothing_is(esha: Browser, store: Store) -> None:
    status, text, _ = upload(esha, changed("how can I help you", "<b>{nobody}"), "Kept name")
    assert status == 422
    assert "<code>help.ask</code>" in text
    assert "Kept name" in text
    assert "From files" not in esha.get(HOME).text
    assert "Choose a zip file" in upload(esha, b"not a zip")[1]
    assert "A draft has a name" in upload(esha, changed("how can I help you", "what is it"), " ")[1]
    assert upload(esha, packed(own().first))[0] == 422
    assert esha.post(FILES, name="x").status_code == 422


def test_recordings_come_in_and_go_out_with_the_texts(esha: Browser, store: Store, tmp_path: Path) -> None:
    sound = {"hi/recordings/help.ask.wav": file_of(spoken(), "wav", "pcm_s16le")}
    status, _, at = upload(esha, packed({}, sound))
    assert status == 303
    assert "Changes: 1" in esha.get(at).text
    draft = at.rpartition("/")[0].rpartition("/")[2]
    again = esha.get(f"{FILES}/draft-{draft}.zip").data
    opened(again, tmp_path)
    assert [p.name for p in tmp_path.rglob("*.wav")] == ["help.ask.wav"]
    _, _, second = upload(esha, again, "The same again")
    with store.read() as session:
        first, other = (drafts.changes(session, int(one.split("/")[-2])) for one in (at, second))
    assert first == other != {}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [("help.ask", b"no sound", "no sound file"), ("no.such", b"", "no prompt of this name"),
     ("welcome.both", b"", "values")],
)  # fmt: skip
def test_a_recording_that_cannot_be_is_named_with_its_path(esha: Browser, name: str, data: bytes, said: str) -> None:
    status, text, _ = upload(esha, packed({}, {f"en/recordings/{name}.wav": data}), "Kept name")
    assert status == 422
    assert f"<code>en/recordings/{name}.wav</code>" in text
    assert said in text
    assert "Kept name" in text


def test_who_may_not_edit_brings_nothing_in_and_what_is_not_there_is_not_found(prem: Browser) -> None:
    assert 'type="file"' not in prem.get(FILES).text
    assert prem.post(FILES, on=HOME, name="x").status_code == 403
    assert prem.get(f"{FILES}/edition-99.zip").status_code == 404
    assert prem.get(f"{FILES}/draft-99.zip").status_code == 404


def test_every_reason_has_its_words() -> None:
    for code in ("none", "big", "many", "path", "twice", "utf8", "yaml", "same"):
        assert f"error_zip_{code}" in WORDS["hi"], code
