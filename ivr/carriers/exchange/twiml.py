"""TwiML as the exchange understands it: text to frozen verbs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

MAX_DOCUMENT = 64_000  # characters; Twilio's own limit
Element = ElementTree.Element


class TwimlError(ValueError):
    """The document is not TwiML that the exchange can carry out. The message names the element."""


@dataclass(frozen=True)
class Play:
    """Play the WAV at `url`."""

    url: str


@dataclass(frozen=True)
class Say:
    """Have the carrier's voice say the text; the exchange has none and sends it as a caption."""

    text: str


@dataclass(frozen=True)
class Pause:
    """Wait `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Connect:
    """Connect the call to the socket `url`; ask `action` when it is closed."""

    url: str
    action: str | None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gather:
    """Play the nested verbs and take keys. `count` None: any number. `on_empty`: ask `action` without keys, too."""

    action: str | None
    prompts: tuple[Play | Say | Pause, ...]
    count: int | None
    finish: str
    timeout_s: float
    on_empty: bool


@dataclass(frozen=True)
class Record:
    """Record the caller: at most `max_s`, ended by a key of `finish` or by `silence_s` of silence."""

    action: str | None
    max_s: float
    silence_s: float
    finish: str
    beep: bool


@dataclass(frozen=True)
class Dial:
    """Call `number` and join both."""

    number: str
    action: str | None
    timeout_s: float


@dataclass(frozen=True)
class Conference:
    """Take part in the conference `name`, and ask `action` afterwards.

    `starts` it, and `ends` it on leaving; until it has started `wait` is heard (None: silence). `coach` is the SID of
    the only call that hears this one. `callback` is told of the `events` (start end join leave mute hold modify
    announcement).
    """

    name: str
    action: str | None = None
    starts: bool = True
    ends: bool = False
    muted: bool = False
    beep: bool = True
    wait: str | None = None
    wait_method: str = "POST"
    coach: str | None = None
    callback: str | None = None
    events: frozenset[str] = frozenset()
    label: str = ""


@dataclass(frozen=True)
class Redirect:
    """Go on with the TwiML at `url`."""

    url: str


@dataclass(frozen=True)
class Hangup:
    """End the call."""


Verb = Play | Say | Pause | Connect | Gather | Record | Dial | Conference | Redirect | Hangup


def parse(text: str) -> tuple[Verb, ...]:
    """The verbs of a document, in order. Raises TwimlError."""
    if len(text) > MAX_DOCUMENT or "<!DOCTYPE" in text or "<!ENTITY" in text:  # no entities: they can be bombs
        raise TwimlError("the document is too long or has a DOCTYPE")
    try:
        root = ElementTree.fromstring(text.strip().encode())
    except (ElementTree.ParseError, ValueError) as error:
        raise TwimlError(f"not XML: {error}") from None
    if root.tag != "Response":
        raise TwimlError(f"<{root.tag}> where <Response> should be")
    return tuple(_verb(child) for child in root)


def _verb(element: Element) -> Verb:
    build = _BUILDERS.get(element.tag)
    if build is None:
        raise TwimlError(f"<{element.tag}> is not known to the exchange")
    return build(element)


def _connect(element: Element) -> Verb:
    stream = element.find("Stream")
    if stream is None or not stream.get("url"):
        raise TwimlError("<Connect> without <Stream url>")
    parameters = {p.get("name", ""): p.get("value", "") for p in stream.findall("Parameter")}
    return Connect(stream.get("url", ""), element.get("action"), parameters)


def _gather(element: Element) -> Verb:
    prompts = [_verb(child) for child in element]
    count = element.get("numDigits")
    return Gather(
        action=element.get("action"),
        prompts=tuple(p for p in prompts if isinstance(p, Play | Say | Pause)),
        count=int(_seconds(element, "numDigits", 0)) if count else None,
        finish=element.get("finishOnKey", "#"),
        timeout_s=_seconds(element, "timeout", 5),
        on_empty=element.get("actionOnEmptyResult", "false") == "true",
    )


def _record(element: Element) -> Verb:
    return Record(
        action=element.get("action"),
        max_s=_seconds(element, "maxLength", 3600),
        silence_s=_seconds(element, "timeout", 5),
        finish=element.get("finishOnKey", "1234567890*#"),
        beep=element.get("playBeep", "true") == "true",
    )


def _dial(element: Element) -> Verb:
    conference = element.find("Conference")
    if conference is not None:
        return _conference(conference, element.get("action"))
    number = "".join(element.itertext()).strip()
    if not number:
        raise TwimlError("<Dial> without a number")
    return Dial(number, element.get("action"), _seconds(element, "timeout", 30))


def _conference(element: Element, action: str | None) -> Verb:
    name = (element.text or "").strip()
    if not name:
        raise TwimlError("<Conference> without a name")
    return Conference(
        name=name,
        action=action,
        starts=_yes(element, "startConferenceOnEnter", "true"),
        ends=_yes(element, "endConferenceOnExit", "false"),
        muted=_yes(element, "muted", "false"),
        beep=_yes(element, "beep", "true"),
        wait=element.get("waitUrl"),
        wait_method=element.get("waitMethod", "POST"),
        coach=element.get("coach"),
        callback=element.get("statusCallback"),
        events=frozenset(element.get("statusCallbackEvent", "").split()),
        label=element.get("participantLabel", ""),
    )


def _yes(element: Element, name: str, default: str) -> bool:
    return element.get(name, default).lower() == "true"


def _address(element: Element) -> str:
    url = (element.text or "").strip()
    if not url:
        raise TwimlError(f"<{element.tag}> without a URL")
    return url


def _seconds(element: Element, name: str, default: float) -> float:
    try:
        value = float(element.get(name, default))
    except ValueError:
        raise TwimlError(f"<{element.tag} {name}>: not a number") from None
    if not 0 <= value <= 100_000:
        raise TwimlError(f"<{element.tag} {name}>: out of range")
    return value


_BUILDERS: dict[str, Callable[[Element], Verb]] = {
    "Play": lambda e: Play(_address(e)),
    "Say": lambda e: Say((e.text or "").strip()),
    "Pause": lambda e: Pause(_seconds(e, "length", 1)),
    "Connect": _connect,
    "Gather": _gather,
    "Record": _record,
    "Dial": _dial,
    "Redirect": lambda e: Redirect(_address(e)),
    "Hangup": lambda e: Hangup(),
    "Reject": lambda e: Hangup(),
}
