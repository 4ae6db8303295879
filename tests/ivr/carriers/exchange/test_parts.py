"""The exchange's parts without I/O: TwiML, the buffer of outbound audio, the handset."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.carriers.exchange import tones, twiml
from ivr.carriers.exchange.handset import LIVE_BACKLOG, MAX_INPUTS, SILENCE, Handset, Key, Sign
from ivr.carriers.exchange.messages import Outbound
from ivr.carriers.exchange.messages import parse as parse_message
from ivr.carriers.exchange.playout import MAX_BYTES, Playout
from ivr.carriers.exchange.twiml import Connect, Dial, Gather, Hangup, Pause, Play, Record, Redirect, Say, TwimlError
from ivr.carriers.twilio import twiml as ours
from ivr.speech import codec, loudness


def test_the_documents_of_our_webhooks_are_understood() -> None:
    stream = ours.connect_stream("wss://h/twilio/stream", "/after", {"conversation": "c"})
    assert twiml.parse(stream) == (Connect("wss://h/twilio/stream", "/after", {"conversation": "c"}),)
    asked = twiml.parse(ours.gather(["https://h/a.wav"], "/keys", length=1, timeout_s=6))
    assert asked == (Gather("/keys", (Play("https://h/a.wav"),), 1, "", 6, True),)
    noted = twiml.parse(ours.record([], "/note", seconds=30, silence_s=3))
    assert noted == (Record("/note", 30, 3, "#", True), Redirect("/note"))
    dialled = twiml.parse(ours.dial([], "+917710014545", action="/dialled", timeout_s=25, caller_id=None))
    assert dialled == (Dial("+917710014545", "/dialled", 25),)
    assert twiml.parse(ours.hangup(["/bye.wav"])) == (Play("/bye.wav"), Hangup())


def test_other_verbs_and_defaults() -> None:
    text = "<Response><Say>नमस्ते</Say><Pause/><Gather action='/k'><Say>a</Say></Gather><Reject/></Response>"
    assert twiml.parse(text) == (Say("नमस्ते"), Pause(1), Gather("/k", (Say("a"),), None, "#", 5, False), Hangup())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "<Response>",
        "<Answer/>",
        "<Response><Dance/></Response>",
        "<Response><Connect/></Response>",
        "<Response><Dial> </Dial></Response>",
        "<Response><Play/></Response>",
        "<Response><Gather timeout='soon'/></Response>",
        "<Response><Pause length='-1'/></Response>",
        "<Response><Pause length='nan'/></Response>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><Response>&a;</Response>",
        f"<Response><Say>{'x' * 64_000}</Say></Response>",
    ],
)
def test_what_cannot_be_carried_out_is_refused(text: str) -> None:
    with pytest.raises(TwimlError):
        twiml.parse(text)


@given(st.text())
def test_any_text_is_twiml_or_refused(text: str) -> None:
    with suppress(TwimlError):
        twiml.parse(f"<Response>{text}</Response>")


@given(st.text() | st.binary())
def test_anything_the_application_sends_is_a_message_or_none(data: str | bytes) -> None:
    assert isinstance(parse_message(data), Outbound | None)


def test_audio_is_played_in_20_ms_and_a_mark_comes_back_when_all_before_it_was_heard() -> None:
    playout = Playout()
    playout.push(b"\x01" * 320)
    playout.mark("m")
    assert playout.tick() == ([], b"\x01" * 160)
    assert playout.tick() == ([], b"\x01" * 160)
    assert playout.tick() == (["m"], b"")
    assert playout.empty


def test_a_mark_without_audio_comes_back_at_the_next_step() -> None:
    playout = Playout()
    playout.mark("a")
    playout.mark("b")
    assert playout.tick() == (["a", "b"], b"")


def test_a_clear_gives_all_marks_back_and_silence() -> None:
    playout = Playout()
    playout.push(b"\x01" * 1600)
    playout.mark("a")
    playout.push(b"\x01" * 1600)
    playout.mark("b")
    assert playout.clear() == ["a", "b"]
    assert playout.tick() == ([], b"")


def test_a_flood_of_audio_is_bounded_and_marks_stay() -> None:
    playout = Playout()
    for _ in range(MAX_BYTES // 1_000_000 + 3):
        playout.push(b"\x01" * 1_000_000)
    playout.mark("m")
    heard = 0
    while not playout.empty:
        heard += len(playout.tick()[1])
    assert heard <= MAX_BYTES


@given(st.lists(st.binary(max_size=500) | st.text(max_size=3), max_size=20))
def test_nothing_is_lost_or_changes_places_in_the_buffer(items: list[bytes | str]) -> None:
    playout = Playout()
    for item in items:
        playout.push(item) if isinstance(item, bytes) else playout.mark(item)
    audio, marks = b"", []
    while not playout.empty:
        back, frame = playout.tick()
        audio, marks = audio + frame, marks + back
    assert audio == b"".join(i for i in items if isinstance(i, bytes))
    assert marks == [i for i in items if isinstance(i, str)]


def heard() -> tuple[Handset, list[bytes | Sign]]:
    told: list[bytes | Sign] = []
    return Handset(told.append), told


def test_without_sound_the_caller_is_silent() -> None:
    assert heard()[0].frame() == SILENCE


def test_a_clip_goes_out_in_frames_and_its_end_is_told() -> None:
    handset, told = heard()
    handset.speak(b"\x01" * 64_000)
    handset.speak(b"\x02" * 100)  # the rest of the clip is short, but no microphone
    handset.clip_end()
    frames = [handset.frame() for _ in range(401)]
    assert b"".join(frames) == b"\x01" * 64_000 + b"\x02" * 100 + SILENCE[:60]
    handset.frame()
    assert told == [{"type": "said"}]


def test_a_microphone_that_runs_ahead_loses_its_oldest_sound() -> None:
    handset, _ = heard()
    for n in range(100):
        handset.speak(bytes([n]) * 160)
    assert handset.frame()[0] == 100 - LIVE_BACKLOG // 160


def test_sound_reaches_the_ear_in_pieces_with_its_beginning_and_end() -> None:
    handset, told = heard()
    for _ in range(6):
        handset.hear(b"\x01" * 160)
    handset.hear(b"")
    handset.hear(b"")
    assert told == [{"type": "speaking"}, b"\x01" * 800, b"\x01" * 160, {"type": "quiet"}]


def test_what_is_cleared_is_not_heard() -> None:
    handset, told = heard()
    handset.hear(b"\x01" * 160)
    handset.clear()
    handset.hear(b"")
    assert told == [{"type": "speaking"}, {"type": "clear"}, {"type": "quiet"}]


def test_a_hand_on_all_keys_does_not_fill_the_memory() -> None:
    handset, _ = heard()
    for _ in range(MAX_INPUTS * 2):
        handset.give(Key("1"))
    assert handset.inputs.qsize() == MAX_INPUTS


def test_tones_are_whole_frames_and_not_too_loud() -> None:
    for tone, ms in ((tones.ringing(), 3000), (tones.busy(), 1500), (tones.beep(), 200)):
        assert len(tone) == ms * 8
        assert -30 < loudness.level_dbfs(codec.to_pcm(tone)) < -15
