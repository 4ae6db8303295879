"""The TwiML that we answer, built by the twilio package. Prompts are played, never said by the carrier's voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from twilio.twiml.voice_response import Connect, Gather, VoiceResponse


def connect_stream(url: str, action: str, parameters: Mapping[str, str]) -> str:
    """Connect the caller to the socket `url`; when it closes, the carrier asks `action`."""
    response = VoiceResponse()
    connect = Connect(action=action, method="POST")
    stream = connect.stream(url=url)
    for name, value in parameters.items():
        stream.parameter(name=name, value=value)
    response.append(connect)
    return str(response)


def gather(audio: Sequence[str], action: str, *, length: int | None, timeout_s: int) -> str:
    """Play the URLs and take keys: exactly one without `#` when `length` is 1, else a string ended by `#`, by `length`
    digits or by a pause of `timeout_s`. `action` is asked with no digits too."""
    response = VoiceResponse()
    taking = Gather(
        input="dtmf",
        action=action,
        method="POST",
        timeout=timeout_s,
        num_digits=length,
        finish_on_key="" if length == 1 else "#",
        action_on_empty_result=True,
    )
    for url in audio:
        taking.play(url)
    response.append(taking)
    return str(response)


def record(audio: Sequence[str], action: str, *, seconds: int, silence_s: int) -> str:
    """Play the URLs, then record at most `seconds`, ended by `#` or by `silence_s` of silence.

    After an empty recording Twilio does not ask `action` but goes on, hence the redirect behind it.
    """
    response = VoiceResponse()
    for url in audio:
        response.play(url)
    response.record(
        action=action, method="POST", max_length=seconds, finish_on_key="#", timeout=silence_s, play_beep=True
    )
    response.redirect(action, method="POST")
    return str(response)


def dial(audio: Sequence[str], number: str, *, action: str, timeout_s: int, caller_id: str | None) -> str:
    """Play the URLs, then dial `number`; the carrier asks `action` when that is over."""
    response = VoiceResponse()
    for url in audio:
        response.play(url)
    response.dial(number, action=action, method="POST", timeout=timeout_s, caller_id=caller_id)
    return str(response)


def redirect(audio: Sequence[str], action: str) -> str:
    """Play the URLs, then ask `action` what follows."""
    response = VoiceResponse()
    for url in audio:
        response.play(url)
    response.redirect(action, method="POST")
    return str(response)


def hangup(audio: Sequence[str] = ()) -> str:
    """Play the URLs, then hang up."""
    response = VoiceResponse()
    for url in audio:
        response.play(url)
    response.hangup()
    return str(response)
