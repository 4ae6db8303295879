"""TwiML of the handoff: waiting with music, the whisper at the agent's ear, the conference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr.carriers.twilio.legs import ROOM_EVENTS

KEY_WAIT_S = 1  # after the music: Twilio waits for a key at least so long
DIGIT_GAP_S = 3  # and between the digits of a number; longer would be a silence after the music
ASKED_TIMES, ANSWER_S = 2, 5  # the whisper is said so often, and the agent has so long to press 1


@dataclass(frozen=True)
class Place:
    """How a call takes part in a conference: `ends` it on leaving, is `muted`, or is heard only by the call `coach`."""

    room: str
    ends: bool = False
    muted: bool = False
    coach: str = ""


@dataclass(frozen=True)
class Hall:
    """The addresses that a conference needs: music for who comes first, and where its events are told."""

    music: str
    events: str


def waiting(audio: Sequence[str], music: str, action: str, again: str, keys: int = 1) -> str:
    """Play the URLs and the music; a key goes to `action`, and without one `again` says what comes next. Several `keys`
    are taken in one go, as what is pressed between two `<Gather>` is lost: fewer of them come after a pause or #.

    A conference's own waiting room takes no keys, and neither does music there say the place in the queue in time: so
    a caller waits here, and enters the conference when an agent has accepted.
    """
    response = VoiceResponse()
    timeout, ended_by = (KEY_WAIT_S, "") if keys == 1 else (DIGIT_GAP_S, "#")
    taking = Gather(
        input="dtmf", action=action, method="POST", timeout=timeout, num_digits=keys, finish_on_key=ended_by
    )
    for url in (*audio, music):
        taking.play(url)
    response.append(taking)
    response.redirect(again, method="POST")
    return str(response)


def whisper(audio: Sequence[str], action: str) -> str:
    """Say what the call is about, and ask for a key; `action` is asked also when none comes."""
    response = VoiceResponse()
    for _ in range(ASKED_TIMES):
        asking = Gather(input="dtmf", action=action, method="POST", timeout=ANSWER_S, num_digits=1, finish_on_key="")
        for url in audio:
            asking.play(url)
        response.append(asking)
    response.redirect(action, method="POST")
    return str(response)


def conference(place: Place, hall: Hall, action: str | None = None) -> str:
    """Take part; `action` is asked afterwards, without one the call ends."""
    response = VoiceResponse()
    dial = Dial(action=action, method="POST") if action else Dial()
    dial.conference(
        place.room,
        beep="false",
        muted=place.muted,
        start_conference_on_enter=True,
        end_conference_on_exit=place.ends,
        coach=place.coach or None,
        wait_url=hall.music,
        wait_method="GET",
        status_callback=hall.events,
        status_callback_event=" ".join(ROOM_EVENTS),
        status_callback_method="POST",
    )
    response.append(dial)
    if not action:
        response.hangup()
    return str(response)


def onward(audio: Sequence[str], url: str) -> str:
    """Play the URLs, then go on at `url`."""
    response = VoiceResponse()
    for one in audio:
        response.play(one)
    response.redirect(url, method="POST")
    return str(response)
