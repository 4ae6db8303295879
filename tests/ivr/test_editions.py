"""A conversation keeps the prompts and phrases with which it began; new ones take what was published."""

from __future__ import annotations

import asyncio
import logging
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app import main
from booking import conversations
from dialogs.understand import Hearing
from ivr.actions import Action, Speak
from ivr.conversation import Conversation
from ivr.helpline import PROMPTS, Helpline
from ivr.trials.rehearsal import Fault, Faults
from models.conversations import Turn
from models.store import Store
from prompts import drafts, folder
from prompts.contents import Spot
from prompts.editions import Publication, current, publish, recordings_of
from prompts.packing import packed
from tests.calls.conftest import Town, _days, shared, town  # noqa: F401 - fixtures
from tests.ivr.speech.sounds import file_of, spoken
from tests.ivr.whole import Telephone, rows, serving, settings

NOW = datetime.fromisoformat("2026-11-20T10:00+05:30")
OLD, NEW = "How can I help", "What can I do for you"


def texts(actions: list[Action]) -> str:
    return " ".join(a.text for a in actions if isinstance(a, Speak))


def changed(*changes: tuple[str, str, str]) -> dict[str, str]:
    """The product's files with texts replaced: (file, before, after)."""
    files = folder.texts(PROMPTS)
    for name, before, after in changes:
        assert before in files[name]
        files[name] = files[name].replace(before, after)
    return files


def published(helpline: Helpline, files: dict[str, str]) -> int:
    with helpline.store.begin() as session:
        return publish(session, helpline.clock.now(), Publication("asha", "new words"), files).id


def begun(helpline: Helpline) -> Conversation:
    """A conversation that begins now, in English."""
    with helpline.store.begin() as session:
        now = helpline.clock.now()
        id = conversations.start(session, now, "phone", "+919826401715", edition=current(session, now))
    talk = Conversation(helpline, id)
    talk.begin()
    return talk


def english(talk: Conversation) -> str:
    return texts(talk.keyed("2"))


def test_a_call_under_way_keeps_its_words_and_the_next_one_has_the_new(town: Town) -> None:  # noqa: F811
    helpline, _ = town(NOW)
    before = begun(helpline)
    published(helpline, changed(("en/prompts.yaml", "how can I help you", "what can I do for you")))
    after = begun(helpline)
    assert "how can I help you" in english(before)
    assert "what can I do for you" in english(after)
    taken_up = Conversation(helpline, after.id)  # by another process
    assert "what can I do for you" in texts(taken_up.begin())


def test_a_new_phrase_is_understood_in_calls_that_begin_after_it(town: Town) -> None:  # noqa: F811
    helpline, _ = town(NOW)
    before = begun(helpline)
    english(before)
    word = ("en/phrases.yaml", 'domicile_certificate: ["domicile certificate",',
            'domicile_certificate: ["sarpanch slip", "domicile certificate",')  # fmt: skip
    published(helpline, changed(word))
    after = begun(helpline)
    english(after)
    for talk, service in ((before, None), (after, "domicile_certificate")):
        talk.heard([Hearing("sarpanch slip", 1.0, "en")])
        assert talk.state.filled.get("service") == service


def test_an_edition_that_cannot_be_used_is_logged_and_the_products_words_are_said(
    town: Town,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    helpline, _ = town(NOW)
    number = published(helpline, {"en/prompts.yaml": "welcome: {", "hi/prompts.yaml": ""})
    with caplog.at_level(logging.ERROR):
        assert "how can I help you" in english(begun(helpline))
    assert f"edition {number} cannot be used" in caplog.text


def test_a_recording_of_the_old_words_is_not_played_for_the_new(town: Town) -> None:  # noqa: F811
    helpline, _ = town(NOW)
    number = published(helpline, changed(("en/prompts.yaml", "how can I help you", "what can I do for you")))

    def fixed(of: Helpline, key: str) -> Any:
        return of.prompts.render("en", key, {}, of.names, NOW)[0].fixed

    assert fixed(helpline, "help.ask") == "help.ask.0"
    assert fixed(helpline.at(number), "help.ask") == "help.ask.0@new"
    assert fixed(helpline.at(number), "filler.wait") == "filler.wait.0"


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["prompts", *args])


@pytest.fixture
def configured(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store as the configured one of the command line; conversations, which take seconds, are not played."""
    monkeypatch.setattr("ivr.commands.prompts.play_all", lambda files: Faults((), ()))
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    return store


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the product's prompts, to be changed."""
    shutil.copytree(PROMPTS, tmp_path / "own", ignore=shutil.ignore_patterns("*.py", "__pycache__", "spoken"))
    return tmp_path / "own"


def test_the_command_publishes_lists_exports_and_goes_back(configured: Store, own: Path, tmp_path: Path) -> None:
    greeting = own / "hi" / "prompts.yaml"
    greeting.write_text(greeting.read_text("utf-8").replace("नमस्ते", "जय जोहार"), "utf-8")
    made = run("publish", str(own), "--note", "Chhattisgarhi greeting")
    assert made.exit_code == 0, made.output
    assert "edition 1 counts for calls from" in made.stdout
    listed = run("list").output.splitlines()
    assert "Chhattisgarhi greeting" in listed[1]
    assert listed[1].endswith("now")
    assert run("export", "1", str(tmp_path / "out")).exit_code == 0
    assert "जय जोहार" in (tmp_path / "out" / "hi" / "prompts.yaml").read_text("utf-8")
    assert run("rollback", "0", "--note", "as before").output == "edition 2 is edition 0 again\n"
    assert "as before (edition 0 again)" in run("list").output.splitlines()[1]


def test_recordings_go_out_and_come_in_as_files_beside_the_prompts(
    configured: Store, own: Path, tmp_path: Path
) -> None:
    (own / "hi" / "recordings").mkdir()
    (own / "hi" / "recordings" / "help.ask.wav").write_bytes(file_of(spoken(), "wav", "pcm_s16le"))
    (own / "hi" / "recordings" / "help.ask.0.wav").write_bytes(b"of a sentence, not looked at")
    made = run("publish", str(own), "--note", "recorded")
    assert made.exit_code == 0, made.output
    assert run("export", "1", str(tmp_path / "out")).exit_code == 0
    assert [f.name for f in (tmp_path / "out").rglob("*.wav")] == ["help.ask.wav"]
    assert run("publish", str(tmp_path / "out"), "--note", "the same again").exit_code == 0
    with configured.read() as session:
        first, second = recordings_of(session, 1), recordings_of(session, 2)
    assert first == second
    assert list(first) == [Spot("recording", "hi", "help.ask")]


@pytest.mark.parametrize(
    ("name", "file", "named"),
    [
        ("help.ask", b"not a sound", "help.ask.wav: no sound file"),
        ("welcome.both", b"", "says values"),
        ("document.identity", b"", "only said within others"),
        ("no.such", b"", "there is no such prompt"),
    ],
)
def test_a_recording_that_cannot_be_is_named_and_nothing_is_published(
    configured: Store, own: Path, name: str, file: bytes, named: str
) -> None:
    (own / "en" / "recordings").mkdir()
    (own / "en" / "recordings" / f"{name}.wav").write_bytes(file)
    refused = run("publish", str(own), "--note", "broken")
    assert refused.exit_code == 1
    assert named in refused.output
    assert len(run("list").output.splitlines()) == 2


@pytest.mark.parametrize(
    ("file", "before", "after", "named"),
    [
        ("en/prompts.yaml", "{helpline:digits}", "{helpline:shouted}", "unknown form"),
        ("hi/prompts.yaml", "नमस्ते", "{", "brace"),
        ("en/prompts.yaml", "filler:", "fillers:", "missing"),
        ("en/phrases.yaml", "services:", "services: [", "cannot be read"),
    ],
)
def test_what_the_checks_refuse_is_not_published(
    configured: Store, own: Path, file: str, before: str, after: str, named: str
) -> None:
    path = own / file
    assert before in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    refused = run("publish", str(own), "--note", "broken")
    assert refused.exit_code == 1
    assert named in refused.output
    assert "nothing was published" in refused.output
    assert len(run("list").output.splitlines()) == 2


def test_what_ends_a_conversation_wrongly_is_not_published(
    configured: Store, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault("hi/move", "A visit is moved", ("outcome is handoff, expected moved",))
    monkeypatch.setattr("ivr.commands.prompts.play_all", lambda files: Faults((fault,), ()))
    refused = run("publish", str(own), "--note", "broken")
    assert refused.exit_code == 1
    assert "dialogs/conversations/hi/move.yaml: outcome is handoff" in refused.output


def test_what_waits_is_taken_back_and_files_become_a_draft(configured: Store, own: Path) -> None:
    assert run("publish", str(own), "--note", "later", "--from", "2099-01-01T10:00").exit_code == 0
    assert run("take-back", "1").exit_code == 0
    assert "(taken back)" in run("list").output
    assert run("take-back", "1").exit_code == 1
    text = own / "en/prompts.yaml"
    text.write_text(text.read_text("utf-8").replace("how can I help you", "what is it"), "utf-8")
    made = run("import", str(own), "--name", "From files")
    assert "draft 1 changes 1 texts" in made.output
    (own.parent / "own.zip").write_bytes(packed(folder.texts(own)))
    assert "name_taken" in run("import", str(own.parent / "own.zip"), "--name", "From files").output
    assert run("import", str(own.parent / "own.zip"), "--name", "Again").exit_code == 0
    text.write_text(text.read_text("utf-8").replace("what is it", "<b>"), "utf-8")
    refused = run("import", str(own), "--name", "Bad")
    assert refused.exit_code == 1
    assert "en: help.ask: markup" in refused.output


def test_recordings_in_a_folder_come_into_the_draft_and_those_left_out_stay(configured: Store, own: Path) -> None:
    for language, key in (("hi", "help.ask"), ("en", "help.ask")):
        (own / language / "recordings").mkdir()
        (own / language / "recordings" / f"{key}.wav").write_bytes(file_of(spoken(), "wav", "pcm_s16le"))
    made = run("import", str(own), "--name", "Recorded")
    assert "draft 1 changes 2 texts or recordings" in made.output
    with configured.read() as session:
        body = drafts.body_of(session, drafts.find(session, 1), folder.texts(PROMPTS))
    assert sorted(body.recordings) == [Spot("recording", "en", "help.ask"), Spot("recording", "hi", "help.ask")]
    assert run("publish", str(own), "--note", "recorded").exit_code == 0
    assert "zip_same" in run("import", str(own), "--name", "Nothing new").output
    (own / "hi" / "recordings" / "help.ask.wav").unlink()
    assert "zip_same" in run("import", str(own), "--name", "Nothing new").output


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("rollback", "7", "--note", "x"), "edition 7: there is none"),
        (("rollback", "0", "--note", " "), "note"),
        (("publish", "--note", "x", "--from", "2020-01-01T10:00"), "is past"),
        (("publish", "--note", "x", "--from", "tomorrow"), "is no time"),
        (("publish",), "--note"),
    ],
)
def test_bad_arguments_are_named(configured: Store, arguments: tuple[str, ...], named: str) -> None:
    refused = run(*arguments)
    assert refused.exit_code != 0
    assert named in refused.output


def test_a_running_server_says_what_was_published_in_the_next_call(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(settings(monkeypatch, tmp_path / "var")) as running:
        store = running.application.helpline.store

        async def calls() -> None:
            before = await Telephone.call(running.url)
            await before.asked(store, "language")
            published(running.application.helpline,
                      changed(("en/prompts.yaml", "how can I help you", "what can I do for you")))  # fmt: skip
            after = await Telephone.call(running.url, "+919826401716")
            for phone in (before, after):
                await phone.answer(store, "language", "2")
                await phone.asked(store, "help")
                await phone.settled()
                await phone.leave()

        asyncio.run(calls())
        said = [turn.text for turn in rows(store, Turn) if turn.who == "bot" and "do for you" in turn.text]
        old = [turn.text for turn in rows(store, Turn) if turn.who == "bot" and "can I help you" in turn.text]
        assert (len(said), len(old)) == (1, 1)
