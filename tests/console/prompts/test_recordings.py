"""A prompt's recording is sent, heard, published and taken away; bad files are named, nobody is overwritten unseen."""

from __future__ import annotations

import html
import io
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from booking.audit import Wanted, entries
from console.prompts.parts import WORDS
from ivr.filed_recordings import REFUSED
from ivr.speech import codec, decode, wav
from ivr.speech import take as taking
from models.recordings import Recording
from models.store import Store
from prompts.contents import Spot
from prompts.editions import current, recordings_of
from tests.console.accounts.house import ASHA, ESHA, RAVI, Browser, Clock, csrf, entered
from tests.console.desk.house import listening
from tests.console.prompts import house as houses
from tests.console.prompts.house import HOME, drafted, save
from tests.console.prompts.test_publishing import publish
from tests.ivr.speech.sounds import file_of, spoken

ASK, GREETING = "help.ask", "welcome.both"
AT = Spot("recording", "en", ASK)
PART = {"HX-Request": "true"}


def sound(level: float = 0.3, seconds: float = 1.0) -> bytes:
    return file_of(spoken(seconds, level), "wav", "pcm_s16le")


def send(browser: Browser, draft: str, file: bytes, key: str = ASK, seen: int | None = None) -> TestResponse:
    """The form of the English side, as the page has it."""
    seen = version(browser, draft, key) if seen is None else seen
    sent = (io.BytesIO(file), r"C:\Users\asha\ask.wav")
    return browser.post(f"{draft}/recording/en/{key}", on=draft, seen=seen, file=sent)


def version(browser: Browser, draft: str, key: str = ASK) -> int:
    form = browser.get(f"{draft}/prompt/{key}/edit").text.partition('id="recording-en"')[2]
    found = re.search(r'name="seen" value="(\d+)"', form)
    return int(found[1]) if found else 0


def deed(browser: Browser, draft: str, what: str) -> TestResponse:
    return browser.post(f"{draft}/recording/en/{ASK}/change", on=draft, seen=version(browser, draft), deed=what)


def shown(browser: Browser, draft: str, key: str = ASK) -> str:
    """The recording's part of the form."""
    text = browser.get(f"{draft}/prompt/{key}/edit").text
    return text.partition('id="recording-en"')[2].partition("</section>")[0]


def played(browser: Browser, text: str) -> list[bytes]:
    """The mu-law of all players of a page."""
    found = [browser.get(at).data for at in re.findall(r'<audio [^>]*src="([^"]+)"', html.unescape(text))]
    return [codec.to_ulaw(wav.pcm_of(data)) for data in found]


def kept(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(Recording)) or 0


def of_calls(store: Store, clock: Clock) -> str:
    """The digest of what calls hear that begin now; "": the synthetic voice."""
    with store.read() as session:
        found = recordings_of(session, current(session, clock.now()))
    return found[AT][0] if AT in found else ""


def test_a_recording_stands_in_the_draft_with_its_length_level_and_clipping(esha: Browser, store: Store) -> None:
    draft = drafted(esha)
    assert "synthetic voice says this" in shown(esha, draft)
    assert send(esha, draft, sound()).status_code == 303
    part = shown(esha, draft)
    assert "ask.wav · 1.2 seconds · level -16 to -20 dB · clipped 0.0 % · esha" in part
    (ulaw,) = played(esha, part)
    assert codec.seconds(ulaw) == pytest.approx(1.2, abs=0.1)
    changed = esha.get(f"{draft}?only=changed").text
    assert f'data-key="{ASK}"' in changed
    assert len(played(esha, changed)) == 1
    with store.read() as session:
        (entry,) = entries(session, Wanted(what="recording"), None, 5)
    assert (entry.who, entry.subject, entry.before) == ("esha", f"draft:1/en/{ASK}", {"recording": "", "text": ""})
    assert entry.after is not None
    assert entry.after["text"].endswith("how can I help you?")


def test_a_part_is_answered_where_a_script_asks(esha: Browser) -> None:
    draft = drafted(esha)
    token, form = esha.token(draft), {"seen": 0, "file": (io.BytesIO(sound()), "a.wav")}
    at = f"{draft}/recording/en/{ASK}"
    part = esha.client.post(at, data={"csrf_token": token, **form}, headers=PART, base_url=esha.base).text
    assert part.lstrip().startswith("<section")
    assert ">Saved</span>" in part


def test_a_recording_that_clips_is_taken_with_a_warning(esha: Browser) -> None:
    draft = drafted(esha)
    send(esha, draft, file_of(np.clip(spoken(level=1.5), -1, 1), "wav", "pcm_s16le"))
    assert "recorded too loud" in shown(esha, draft)


@pytest.mark.parametrize(
    ("file", "named"),
    [
        (lambda: b"", "First choose a file"),
        (lambda: b"<html>" * 100, "no sound file"),
        (lambda: file_of(np.zeros(9000, np.float32), "wav", "pcm_s16le"), "only silence"),
        (lambda: sound(0.008), "too quiet (-48 dB)"),
        (lambda: sound(seconds=130), "longer than 120 seconds"),
    ],
)
def test_a_bad_file_is_named_beside_its_field_and_leaves_nothing(
    esha: Browser, store: Store, file: Callable[[], bytes], named: str
) -> None:
    draft = drafted(esha)
    answer = send(esha, draft, file())
    assert answer.status_code == 422
    line = answer.text.partition('id="file-en-wrong"')[2].partition("</p>")[0]
    assert named in line
    assert 'hx-preserve="true"' in answer.text  # what was chosen or recorded stays in the field
    assert kept(store) == 0
    assert 'class="prompt card changed"' not in esha.get(draft).text


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    esha: Browser, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.prompts import recordings

    monkeypatch.setattr(recordings, "MOST_BYTES", 1000)
    monkeypatch.setattr(recordings, "FIELDS_BYTES", 1000)
    draft = drafted(esha)
    answer = send(esha, draft, sound())
    assert answer.status_code == 422
    assert "larger than" in answer.text
    assert kept(store) == 0


@pytest.mark.parametrize(
    ("key", "why"),
    [(GREETING, "no recording can take its place"), ("document.identity", "said within other prompts")],
)
def test_a_prompt_that_no_recording_can_replace_says_why(esha: Browser, store: Store, key: str, why: str) -> None:
    draft = drafted(esha)
    part = shown(esha, draft, key)
    assert why in part
    assert "<form" not in part
    assert send(esha, draft, sound(), key, 0).status_code == 422
    assert kept(store) == 0


def test_who_comes_second_is_told_and_the_first_recording_stays(house: Flask, esha: Browser) -> None:
    draft, asha = drafted(esha), entered(house, ASHA)
    assert send(esha, draft, sound(), seen=0).status_code == 303
    first = played(esha, shown(esha, draft))
    second = send(asha, draft, sound(seconds=2), seen=0)
    assert second.status_code == 409
    assert "Somebody else has changed this" in second.text
    assert played(esha, shown(esha, draft)) == first
    assert send(asha, draft, sound(seconds=2)).status_code == 303  # knowingly
    assert played(esha, shown(esha, draft)) != first


def test_two_who_send_the_same_at_once_keep_it_once(house: Flask, esha: Browser, store: Store) -> None:
    draft, people = drafted(esha), [entered(house, ASHA), esha]
    statuses: list[int] = []
    sends = [lambda b=b: statuses.append(send(b, draft, sound(), seen=0).status_code) for b in people]
    threads = [threading.Thread(target=one) for one in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409]
    assert kept(store) == 1


def test_what_is_published_plays_it_and_going_back_brings_the_synthetic_voice_again(
    asha: Browser, store: Store, clock: Clock
) -> None:
    draft = drafted(asha)
    send(asha, draft, sound())
    page = asha.get(f"{draft}/publish").text
    assert "The synthetic voice</span>" in page
    synthetic, mine = played(asha, page)
    assert synthetic != mine
    assert of_calls(store, clock) == ""
    assert publish(asha, draft)[0] == 303
    first = of_calls(store, clock)
    second = drafted(asha)
    send(asha, second, sound(seconds=2))
    old, new = played(asha, asha.get(f"{second}/publish").text)
    assert len(new) > len(old)
    assert publish(asha, second)[0] == 303
    assert of_calls(store, clock) not in ("", first)
    asha.post(f"{HOME}/history/1/again", on=f"{HOME}/history")
    assert of_calls(store, clock) == first
    asha.post(f"{HOME}/history/0/again", on=f"{HOME}/history")
    assert of_calls(store, clock) == ""


def test_a_recording_is_taken_away_and_taken_back(asha: Browser, store: Store, clock: Clock) -> None:
    draft = drafted(asha)
    send(asha, draft, sound())
    assert deed(asha, draft, "back").status_code == 303
    assert "synthetic voice says this" in shown(asha, draft)
    send(asha, draft, sound())
    publish(asha, draft)
    digest, second = of_calls(store, clock), drafted(asha)
    assert deed(asha, second, "away").status_code == 303
    assert "synthetic voice says this" in shown(asha, second)
    assert deed(asha, second, "back").status_code == 303
    assert len(played(asha, shown(asha, second))) == 1
    deed(asha, second, "away")
    publish(asha, second)
    assert digest
    assert of_calls(store, clock) == ""
    assert deed(asha, drafted(asha), "explode").status_code == 400


def test_a_text_that_was_changed_since_is_told_until_somebody_has_listened(
    asha: Browser, store: Store, clock: Clock
) -> None:
    draft = drafted(asha)
    send(asha, draft, sound())
    assert "may say something else" not in shown(asha, draft)
    save(asha, draft, f"prompt/{ASK}", en="What is it?")
    assert "may say something else" in shown(asha, draft)
    assert "Text changed since" in asha.get(f"{draft}?q={ASK}").text
    assert "callers may hear something else" in asha.get(f"{draft}/publish").text
    assert deed(asha, draft, "fits").status_code == 303
    assert "may say something else" not in shown(asha, draft)
    publish(asha, draft)
    again = drafted(asha)
    save(asha, again, f"prompt/{ASK}", en="Yes, please?")
    deed(asha, again, "fits")
    page = asha.get(f"{again}/publish").text
    assert "checked for the new words" in page
    assert len(set(played(asha, page))) == 1
    publish(asha, again)
    assert of_calls(store, clock)


def test_a_draft_that_moves_on_keeps_its_recording_and_clashes_are_named(
    asha: Browser, store: Store, clock: Clock
) -> None:
    mine, theirs, others = drafted(asha, "mine"), drafted(asha, "theirs"), drafted(asha, "others")
    send(asha, mine, sound())
    save(asha, others, "prompt/bye.plain", en="Goodbye.")
    publish(asha, others)
    assert asha.post(f"{mine}/move-on", on=f"{mine}/publish").status_code == 303
    assert publish(asha, mine)[0] == 303
    first = of_calls(store, clock)
    send(asha, theirs, sound(seconds=2))
    assert "These were changed in both" in asha.get(f"{theirs}/publish").text
    asha.post(f"{theirs}/move-on", on=f"{theirs}/publish")
    assert publish(asha, theirs)[0] == 303
    assert of_calls(store, clock) not in ("", first)


def test_publishers_listen_and_agents_do_not(house: Flask, esha: Browser, prem: Browser) -> None:
    draft = drafted(esha)
    send(esha, draft, sound())
    (at,) = re.findall(r'<audio [^>]*src="([^"]+)"', shown(esha, draft))
    assert prem.get(at).status_code == 200
    assert len(played(prem, prem.get(f"{draft}/publish").text)) == 2
    assert send(prem, draft, sound(), seen=1).status_code == 403
    assert entered(house, RAVI).get(at).status_code == 403
    assert Browser(house).get(at).status_code == 302
    for missing in ("0" * 64, "nothing"):
        assert prem.get(f"{HOME}/recordings/{missing}").status_code == 404


def test_every_reason_to_refuse_a_file_has_its_words_here_and_on_the_command_line() -> None:
    sources = [Path(decode.__file__), Path(decode.__file__).with_name("decode_worker.py"), Path(taking.__file__)]
    codes = set(re.findall(r'Refused(?:Error)?\("(\w+)"', "".join(p.read_text("utf-8") for p in sources)))
    assert len(codes) == 10
    codes |= {"values", "piece", "stranger"}
    assert codes == set(REFUSED)
    assert {f"error_file_{code}" for code in codes | {"overtaken"}} <= WORDS["en"].keys()


@pytest.mark.parametrize("key", ["no.such", "answers.no"])
def test_what_is_no_prompt_has_no_recording(esha: Browser, key: str) -> None:
    assert send(esha, drafted(esha), sound(), key, 0).status_code == 404


def test_a_browser_that_is_closed_in_the_middle_of_sending_leaves_nothing(sqlite_store: Store, clock: Clock) -> None:
    house = houses.furnished(sqlite_store, clock)
    with listening(house) as url:
        esha = entered(house, ESHA)
        draft = drafted(esha)
        token = csrf(esha.get(draft).text)
        body = (f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--x\r\n'
                'Content-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n').encode() + sound()  # fmt: skip
        head = (f"POST {draft}/recording/en/{ASK} HTTP/1.1\r\nHost: localhost\r\n"
                f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body) + 50_000}\r\n"
                f"Cookie: mitan={esha.cookie}\r\nReferer: {esha.base}{draft}\r\n\r\n").encode()  # fmt: skip
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as line:
            line.sendall(head + body)
            line.shutdown(socket.SHUT_WR)
            assert b" 400 " in line.makefile("rb").readline()
        assert kept(sqlite_store) == 0
        assert 'class="prompt card changed"' not in esha.get(draft).text
