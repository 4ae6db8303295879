"""Conferences, measured on what everybody hears: each telephone speaks a tone of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from flask import Response, request

from ivr.carriers.exchange.recordings import wav_of
from tests.ivr.carriers.exchange.talkers import MUSIC, A, B, C, Talker, all_speak, hears, tone
from tests.ivr.carriers.house import RINGS_S, House, Running, soon
from tests.pace import TRIES

FRAME_S = 0.02


class Hall(House):
    """Knows how to put telephones into a conference, plays music to those who wait, and notes the events."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, str]] = []
        self.followed: list[dict[str, str]] = []
        self.flask.add_url_rule("/music.wav", "music", lambda: Response(wav_of(tone(MUSIC, 3.0)), mimetype="audio/wav"))
        self.flask.add_url_rule("/wait", "wait", self._wait, methods=["POST"])
        self.flask.add_url_rule("/events", "events", self._event, methods=["POST"])
        self.flask.add_url_rule("/after", "after", self._after, methods=["POST"])

    def _wait(self) -> str:
        assert self.signatures.valid(f"{self.url}/wait", request.form, request.headers["X-Twilio-Signature"])
        assert request.form["ConferenceSid"].startswith("CF")
        return "<Response><Play>/music.wav</Play><Pause length='1'/><Redirect>/wait</Redirect></Response>"

    def _event(self) -> str:
        self.events.append(request.form.to_dict())
        return ""

    def _after(self) -> str:
        self.followed.append(request.form.to_dict())
        return "<Response><Hangup/></Response>"

    def happened(self) -> list[str]:
        return [event["StatusCallbackEvent"] for event in self.events]

    @property
    def rest(self) -> Any:
        return self.client()._rest

    async def do(self, deed: Callable[[], Any]) -> Any:
        """A REST call, off the event loop."""
        return await asyncio.to_thread(deed)

    async def enter(self, talker: Talker, name: str, attributes: str = "beep='false'", action: str = "/after") -> str:
        """Call a telephone and put it into the conference `room`; its call."""
        document = f"<Response><Dial action='{action}'><Conference {attributes}>room</Conference></Dial></Response>"
        create = self.rest.calls.create
        call = await self.do(
            lambda: create(to=f"client:{name}", from_="+917710014545", twiml=document, timeout=RINGS_S)
        )
        await talker.answers()
        await soon(lambda: "room" in self.exchange.shared.rooms)
        await soon(lambda: call.sid in self.exchange.shared.rooms["room"].members)
        return str(call.sid)

    def member(self, call: str) -> Any:
        return self.rest.conferences(self.exchange.shared.rooms["room"].sid).participants(call)


@pytest.fixture
def hall() -> Iterator[Hall]:
    with Running(Hall()) as hall:
        yield hall


NAMES = {"asha": A, "ravi": B, "mina": C}


def conference(test: Any) -> Any:
    """Three telephones for a test, closed at its end."""

    def run(hall: Hall) -> None:
        async def whole() -> None:
            async with AsyncExitStack() as stack:
                talkers = [await Talker.named(hall, name, hz) for name, hz in NAMES.items()]
                for talker in talkers:
                    stack.push_async_callback(talker.close)
                await asyncio.wait_for(test(hall, *talkers), 60)

        asyncio.run(whole())

    run.__name__ = test.__name__
    return run


@conference
async def test_two_hear_each_other_and_not_themselves(hall: Hall, asha: Talker, ravi: Talker, mina: Talker) -> None:
    await hall.enter(asha, "asha")
    await hall.enter(ravi, "ravi")
    await all_speak(hall, asha, ravi)
    assert hears(asha.heard, B)
    assert hears(ravi.heard, A)
    assert bytes(ravi.heard).strip(b"\xff") in tone(A, 1.0), "one voice alone goes through unchanged"


@conference
async def test_of_three_each_hears_the_other_two(hall: Hall, asha: Talker, ravi: Talker, mina: Talker) -> None:
    for name, talker in zip(NAMES, (asha, ravi, mina), strict=True):
        await hall.enter(talker, name)
    await all_speak(hall, asha, ravi, mina)
    assert hears(asha.heard, B, C)
    assert hears(ravi.heard, A, C)
    assert hears(mina.heard, A, B)


@conference
async def test_the_muted_one_hears_and_is_not_heard(hall: Hall, asha: Talker, ravi: Talker, mina: Talker) -> None:
    one = await hall.enter(asha, "asha")
    await hall.enter(ravi, "ravi", "muted='true' beep='false'")
    await all_speak(hall, asha, ravi)
    assert hears(asha.heard)
    assert hears(ravi.heard, A)
    await hall.do(lambda: hall.member(one).update(muted=True))
    await all_speak(hall, asha, ravi)
    assert hears(ravi.heard)


@conference
async def test_the_held_one_hears_music_only_and_the_others_go_on(
    hall: Hall, asha: Talker, ravi: Talker, mina: Talker
) -> None:
    calls = [await hall.enter(t, name) for name, t in zip(NAMES, (asha, ravi, mina), strict=True)]
    await hall.do(lambda: hall.member(calls[0]).update(hold=True, hold_url=f"{hall.url}/wait", hold_method="POST"))
    await soon(lambda: hears(asha.heard[-1600:], MUSIC))
    await all_speak(hall, asha, ravi, mina)
    assert hears(asha.heard, MUSIC)
    assert hears(ravi.heard, C)
    assert hears(mina.heard, B)
    await hall.do(lambda: hall.member(calls[0]).update(hold=False))
    await all_speak(hall, asha, ravi, mina)
    assert hears(asha.heard, B, C)
    assert hears(ravi.heard, A, C)


@conference
async def test_a_whisper_is_heard_by_the_coached_agent_only(
    hall: Hall, asha: Talker, ravi: Talker, mina: Talker
) -> None:
    agent = await hall.enter(asha, "asha")
    await hall.enter(ravi, "ravi")
    supervisor = await hall.enter(mina, "mina", f"coach='{agent}' beep='false'")
    await all_speak(hall, asha, ravi, mina)
    assert hears(asha.heard, B, C)
    assert hears(ravi.heard, A)
    assert hears(mina.heard, A, B)
    await hall.do(lambda: hall.member(supervisor).update(coaching=False))
    await all_speak(hall, asha, ravi, mina)
    assert hears(ravi.heard, A, C)
    other = next(sid for sid in hall.exchange.shared.rooms["room"].members if sid not in (agent, supervisor))
    await hall.do(lambda: hall.member(supervisor).update(coaching=True, call_sid_to_coach=other))
    await all_speak(hall, asha, ravi, mina)
    assert hears(asha.heard, B)
    assert hears(ravi.heard, A, C)


async def silence(hall: Hall, talker: Talker) -> tuple[float, float]:
    """The longest silence of the next 20 seconds, and the share of them in which something was heard."""
    quiet: list[float] = []
    began = since = hall.clock.steady()
    before = known = len(talker.heard)
    while hall.clock.steady() < began + 20:
        if len(talker.heard) > known:
            quiet.append(hall.clock.steady() - since)
            since, known = hall.clock.steady(), len(talker.heard)
        await asyncio.sleep(FRAME_S / hall.clock.speed)
    return max(quiet), (known - before) / 8000 / (hall.clock.steady() - began)


@pytest.mark.parametrize("how", ["waitUrl='/wait'", "waitUrl='/music.wav' waitMethod='GET'"])
def test_who_waits_hears_music_without_a_gap_until_the_conference_starts(hall: Hall, how: str) -> None:
    @conference
    async def waits(hall: Hall, asha: Talker, ravi: Talker, mina: Talker) -> None:
        await hall.enter(asha, "asha", f"{how} startConferenceOnEnter='false' beep='false'")
        for _ in range(TRIES):
            longest, share = await silence(hall, asha)
            if longest < 4 and share > 0.6:
                break
        assert longest < 4, "silence of more than 4 s"
        assert share > 0.6
        assert hears(asha.heard, MUSIC)
        await hall.enter(ravi, "ravi")
        await all_speak(hall, asha, ravi)
        assert hears(asha.heard, B)

    waits(hall)


@conference
async def test_an_announcement_is_heard_over_the_conversation(
    hall: Hall, asha: Talker, ravi: Talker, mina: Talker
) -> None:
    one = await hall.enter(asha, "asha")
    await hall.enter(ravi, "ravi")
    await hall.do(lambda: hall.member(one).update(announce_url=f"{hall.url}/music.wav", announce_method="GET"))
    await soon(lambda: hears(asha.heard[-1600:], MUSIC))
    assert hears(ravi.heard)
    room = hall.exchange.shared.rooms["room"].sid
    await hall.do(
        lambda: hall.rest.conferences(room).update(announce_url=f"{hall.url}/music.wav", announce_method="GET")
    )
    await soon(lambda: hears(ravi.heard[-1600:], MUSIC))


@conference
async def test_a_conference_is_found_and_its_members_are_listed(
    hall: Hall, asha: Talker, ravi: Talker, mina: Talker
) -> None:
    one = await hall.enter(asha, "asha", "participantLabel='agent' beep='false'")
    two = await hall.enter(ravi, "ravi")
    found = await hall.do(lambda: hall.rest.conferences.list(friendly_name="room", status="in-progress"))
    assert [c.friendly_name for c in found] == ["room"]
    assert await hall.do(lambda: hall.rest.conferences.list(friendly_name="another")) == []
    fetched = await hall.do(lambda: hall.rest.conferences(found[0].sid).fetch())
    assert fetched.status == "in-progress"
    members = await hall.do(lambda: hall.rest.conferences(found[0].sid).participants.list())
    assert [(m.call_sid, m.label, m.muted, m.hold) for m in members] == [
        (one, "agent", False, False),
        (two, None, False, False),
    ]
    assert (await hall.do(lambda: hall.member("agent").fetch())).call_sid == one


@conference
async def test_who_is_removed_goes_on_with_what_follows_and_the_rest_stay(
    hall: Hall, asha: Talker, ravi: Talker, mina: Talker
) -> None:
    one = await hall.enter(asha, "asha")
    await hall.enter(ravi, "ravi")
    await hall.enter(mina, "mina")
    await hall.do(lambda: hall.member(one).delete())
    assert await asha.ended() == "finished"
    assert [(f["CallSid"], f["DialCallStatus"]) for f in hall.followed] == [(one, "completed")]
    await all_speak(hall, ravi, mina)
    assert hears(ravi.heard, C)


@conference
async def test_a_participant_is_called_straight_into_the_conference(
    hall: Hall, asha: Talker, ravi: Talker, mina: Talker
) -> None:
    await hall.enter(asha, "asha")
    add = hall.rest.conferences("room").participants.create
    added = await hall.do(
        lambda: add(from_="+917710014545", to="client:ravi", beep="false", muted=True, label="guest", timeout=RINGS_S)
    )
    await ravi.answers()
    await soon(lambda: added.call_sid in hall.exchange.shared.rooms["room"].members)
    await all_speak(hall, asha, ravi)
    assert hears(asha.heard)
    assert hears(ravi.heard, A)


@pytest.mark.parametrize("way", ["the one who ends it leaves", "by REST"])
def test_when_a_conference_ends_everybody_is_out(hall: Hall, way: str) -> None:
    @conference
    async def ends(hall: Hall, asha: Talker, ravi: Talker, mina: Talker) -> None:
        await hall.enter(asha, "asha", "endConferenceOnExit='true' beep='false'")
        await hall.enter(ravi, "ravi")
        room = hall.exchange.shared.rooms["room"].sid
        if way == "by REST":
            await hall.do(lambda: hall.rest.conferences(room).update(status="completed"))
        else:
            await asha.phone.hang_up()
        assert await ravi.ended() == "finished"
        assert hall.exchange.shared.rooms == {}

    ends(hall)


@conference
async def test_every_event_is_told_in_order(hall: Hall, asha: Talker, ravi: Talker, mina: Talker) -> None:
    wished = "statusCallback='/events' statusCallbackEvent='start end join leave mute hold modify' beep='false'"
    one = await hall.enter(asha, "asha", wished)
    await hall.enter(ravi, "ravi")
    member = hall.member(one)
    await hall.do(lambda: member.update(muted=True))
    await hall.do(lambda: member.update(hold=True))
    await hall.do(lambda: member.update(hold=False, muted=False))
    await hall.do(lambda: member.update(end_conference_on_exit=True))
    await asha.phone.hang_up()
    await soon(lambda: "conference-end" in hall.happened())
    assert hall.happened() == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-mute",
        "participant-hold",
        "participant-unmute",
        "participant-unhold",
        "participant-modify",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [int(e["SequenceNumber"]) for e in hall.events] == list(range(11))
    assert {e["FriendlyName"] for e in hall.events} == {"room"}
    assert (hall.events[3]["CallSid"], hall.events[3]["Muted"]) == (one, "true")


@conference
async def test_a_beep_tells_that_somebody_came(hall: Hall, asha: Talker, ravi: Talker, mina: Talker) -> None:
    await hall.enter(asha, "asha")
    await hall.enter(ravi, "ravi", "")
    await soon(lambda: len(asha.heard) >= 1600)


@conference
async def test_keys_pressed_in_a_conference_reach_nothing_afterwards(
    hall: Hall, asha: Talker, ravi: Talker, mina: Talker
) -> None:
    one = await hall.enter(asha, "asha")
    await hall.enter(ravi, "ravi")
    await asha.phone.press("123")
    await hall.clock.sleep(1)
    gather = "<Response><Gather action='/after' numDigits='1' timeout='2'/><Hangup/></Response>"
    await hall.do(lambda: hall.rest.calls(one).update(twiml=gather))
    assert await asha.ended() == "finished"
    assert hall.followed == []
