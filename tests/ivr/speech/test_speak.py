from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ivr.speech import codec, loudness
from ivr.speech.errors import SpeechUnavailable
from ivr.speech.recognise import Recognisers
from ivr.speech.speak import Speaker
from ivr.speech.voice_process import VoiceProcess
from prompts.sentence import Sentence
from tests.ivr.speech.clips import SPEECH, TESTS, listening

pytestmark = pytest.mark.realtime
GREETING = Sentence("नमस्ते, मितान में आपका स्वागत है।", "hi", "greeting.0")
TEXTS = [
    GREETING,
    Sentence("Welcome to Mitan. How can I help you?", "en"),
    Sentence("आपका मोबाइल नंबर नौ आठ दो छह चार, शून्य एक सात एक पाँच है।", "hi"),
    Sentence("हाँ", "hi"),
    Sentence("no", "en"),
]


def _ends(pid: int) -> bool:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_all_that_is_spoken_is_equally_loud_never_clipped_and_of_sensible_length(speaker: Speaker) -> None:
    for sentence in TEXTS:
        audio = speaker.audio_now(sentence)
        pcm = codec.to_pcm(audio)
        assert abs(loudness.level_dbfs(pcm) - SPEECH.level_dbfs) < 1.0, sentence.text
        assert loudness.peak_dbfs(pcm) < -1.5, sentence.text
        assert 0.04 * len(sentence.text) < codec.seconds(audio) < 0.5 + 0.13 * len(sentence.text), sentence.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hi", "राशन कार्ड"),
        ("hi", "मुझे जन्म प्रमाण पत्र बनवाना है"),
        ("hi", "बिलासपुर"),
        ("en", "i need a birth certificate"),
        ("en", "talk to an agent"),
    ],
)
def test_what_is_said_is_heard(speaker: Speaker, recognisers: Recognisers, language: str, text: str) -> None:
    ear = recognisers.ear(listening((language,), {language: [text, "नहीं", "कल सुबह", "next monday", "go back"]}))
    ear.feed(codec.silence(300) + speaker.audio_now(Sentence(text, language)) + codec.silence(300))
    (said,) = asyncio.run(ear.finish())
    assert said.text == text
    assert said.confidence > SPEECH.doubtful


def test_one_sentence_wanted_twenty_times_at_once_is_made_once(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = speaker._process.wav
    monkeypatch.setattr(speaker._process, "wav", lambda *job: (made.append(job[0]), real(*job))[1])

    async def all_at_once() -> list[bytes]:
        return await asyncio.gather(*(speaker.audio(Sentence("एक दो तीन चार", "hi")) for _ in range(20)))

    assert len(set(asyncio.run(all_at_once()))) == 1
    assert made == ["एक दो तीन चार"]


def test_a_caller_who_hangs_up_does_not_spoil_the_sentence_for_the_others(speaker: Speaker) -> None:
    async def one_gives_up() -> bytes:
        first = asyncio.create_task(speaker.audio(Sentence("पाँच छह सात", "hi")))
        second = asyncio.create_task(speaker.audio(Sentence("पाँच छह सात", "hi")))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(one_gives_up())


def test_different_sentences_at_once_do_not_mix(speaker: Speaker) -> None:
    texts = [Sentence(f"{'एक ' * n}", "hi") for n in range(1, 9)]

    async def all_at_once() -> list[bytes]:
        return await asyncio.gather(*(speaker.audio(s) for s in texts))

    lengths = [len(audio) for audio in asyncio.run(all_at_once())]
    assert lengths == sorted(lengths)
    assert len(set(lengths)) == len(lengths)


def test_a_killed_process_is_replaced_and_the_sentence_is_spoken(tmp_path: Path) -> None:
    speaker = Speaker(SPEECH, tmp_path)
    speaker.start()
    killed = speaker.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert len(speaker.audio_now(Sentence("राशन कार्ड", "hi"))) > 4000
    assert speaker.pid not in (None, killed)
    speaker.stop()


def test_a_stuck_process_is_replaced_and_given_up_after_two_attempts() -> None:
    process = VoiceProcess(timeout_s=0.3)
    process.voices()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    assert process.wav("हाँ", "inc/hi", 150).startswith(b"RIFF")
    process._timeout_s = -10
    with pytest.raises(SpeechUnavailable, match="2 attempts"):
        process.wav("हाँ", "inc/hi", 150)
    process.stop()


def test_stopping_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    speaker = Speaker(SPEECH, tmp_path)
    speaker.start()
    pid, folder = speaker.pid, Path(speaker._process._folder)
    assert pid is not None
    assert folder.is_dir()
    speaker.stop()
    assert speaker.pid is None
    assert _ends(pid)
    assert not folder.exists()
    with pytest.raises(SpeechUnavailable, match="stopped"):
        speaker.audio_now(GREETING)


def test_a_signal_to_all_processes_does_not_end_speech_before_the_calls_have_ended(tmp_path: Path) -> None:
    speaker = Speaker(SPEECH, tmp_path)
    speaker.start()
    pid, folder = speaker.pid, Path(speaker._process._folder)
    assert pid is not None
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(pid, one)
    assert speaker.audio_now(Sentence("goodbye", "en"))
    assert speaker.pid == pid
    speaker.stop()
    assert not folder.exists()


def test_the_process_ends_with_a_parent_that_was_killed() -> None:
    code = (
        "import time; from ivr.speech.voice_process import VoiceProcess; v = VoiceProcess(); v.voices();"
        "print(v.pid, v._folder, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=TESTS.parent) as parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().split()
        parent.kill()
    assert _ends(int(pid))
    assert not Path(folder).exists()


def test_an_unknown_voice_is_refused_with_those_there_are(tmp_path: Path) -> None:
    speaker = Speaker(SPEECH.model_copy(update={"voice_hi": "inc/hindi"}), tmp_path)
    with pytest.raises(SpeechUnavailable, match="inc/hi"):
        speaker.start()
    with pytest.raises(SpeechUnavailable, match="inc/hi"):
        speaker.audio_now(GREETING)
    assert speaker.audio_now(Sentence("yes", "en"))
    speaker.stop()


def test_a_variant_of_a_voice_sounds_different(tmp_path: Path) -> None:
    lady = Speaker(SPEECH.model_copy(update={"voice_hi": "inc/hi+f4"}), tmp_path)
    plain = Speaker(SPEECH, tmp_path)
    assert lady.key(GREETING) != plain.key(GREETING)
    assert lady.audio_now(GREETING) != plain.audio_now(GREETING)
    lady.stop()
    plain.stop()


@pytest.mark.parametrize("text", ["", "   ", "…", "।", "!?", "\x00\x07"])
def test_a_text_without_anything_to_say_is_a_short_silence(speaker: Speaker, text: str) -> None:
    audio = speaker.audio_now(Sentence(text, "hi"))
    assert 0 < codec.seconds(audio) < 0.5
    assert loudness.level_dbfs(codec.to_pcm(audio)) == loudness.FLOOR_DBFS


@pytest.mark.parametrize(
    "text", ["राशन\x00 कार्ड", "a\ud800b", "<speak>one</speak>", "[[h@loU]]", "-v xx", "दस ₹ & <b>", "ab" * 400]
)
def test_odd_texts_are_survived(speaker: Speaker, text: str) -> None:
    assert len(speaker.audio_now(Sentence(text, "hi"))) > 1000


def test_a_text_that_is_no_sentence_is_refused(speaker: Speaker) -> None:
    with pytest.raises(SpeechUnavailable, match="too long"):
        speaker.audio_now(Sentence("क " * 5000, "hi"))


def test_nothing_is_printed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ivr.settings import Speech; from ivr.speech.speak import Speaker;"
        "from prompts.sentence import Sentence; s = Speaker(Speech(), Path(sys.argv[1]));"
        "s.audio_now(Sentence('हाँ', 'hi')); s.stop()"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=TESTS.parent
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_works_without_espeak_on_the_machine(tmp_path: Path) -> None:
    process = VoiceProcess()
    process.voices()
    maps = Path(f"/proc/{process.pid}/maps")
    if not maps.exists():
        pytest.skip("this system does not tell which libraries a process uses")
    libraries = {line.split()[-1] for line in maps.read_text().splitlines() if "libespeak" in line}
    process.stop()
    assert len(libraries) == 1
    assert "espeakng_loader" in libraries.pop()
