"""Calls that the application makes to telephones of the exchange: ringing, answered, refused, not answered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import request

from ivr.bridge import waiting_as, waiting_name
from ivr.carriers.exchange.phone import CallRefusedError, Phone
from ivr.carriers.exchange.subscribers import Subscribers
from ivr.carriers.twilio.browser_leg import Key, access_token
from tests.ivr.carriers.exchange.talkers import A, Talker
from tests.ivr.carriers.house import RINGS_S, TOKEN, House, Running, soon

WAITS = "<Response><Pause length='60'/></Response>"
EVENTS = ["initiated", "ringing", "answered", "completed"]
CITIZEN, MINE, THEIRS = "+919826401799", "a" * 32, "b" * 32
KEY = Key("AC" + "0" * 32, "SK1", TOKEN)
OVER = ("busy", "no-answer", "canceled", "failed", "completed")


class Reported(House):
    """Notes the status callbacks of its calls."""

    def __init__(self, speed: float = 20.0) -> None:
        super().__init__(speed=speed)
        self.reports: list[dict[str, str]] = []
        self.at_the_end: Callable[[], object] = lambda: None  # what the application does while it is told of an end
        self.flask.add_url_rule("/leg", "leg", self._leg, methods=["POST"])

    def _leg(self) -> str:
        signature = request.headers["X-Twilio-Signature"]
        assert self.signatures.valid(self.signatures.url("/leg"), request.form, signature)
        self.reports.append(request.form.to_dict())
        if request.form["CallStatus"] in OVER:
            self.at_the_end()
        return ""

    def statuses(self, sid: str = "") -> list[str]:
        return [report["CallStatus"] for report in self.reports if report["CallSid"].startswith(sid)]


@pytest.fixture
def house() -> Iterator[Reported]:
    with Running(Reported()) as house:
        yield house


async def order(house: House, to: str, **more: object) -> str:
    told = {"status_callback": f"{house.url}/leg", "status_callback_event": EVENTS}
    given = {"twiml": WAITS, "timeout": RINGS_S, **told, **more}
    create = house.client()._rest.calls.create
    call = await asyncio.to_thread(lambda: create(to=to, from_="+917710014545", **given))
    return str(call.sid)


@pytest.mark.parametrize("address", ["+919826401799", "client:asha"])
def test_a_telephone_rings_is_answered_and_the_call_does_what_it_is_told(house: Reported, address: str) -> None:
    async def run() -> None:
        one = await (Talker.named(house, "asha", A) if "asha" in address else Talker.numbered(house, address, A))
        sid = await order(house, address)
        await one.answers()
        assert (one.rang, one.phone.call) == (["+917710014545"], sid)
        await one.phone.hang_up()
        assert await one.ended() == "hung up"
        await soon(lambda: house.statuses() == ["initiated", "ringing", "in-progress", "completed"])
        assert [r["SequenceNumber"] for r in house.reports] == ["0", "1", "2", "3"]
        assert {r["Direction"] for r in house.reports} == {"outbound-api"}
        await one.close()

    asyncio.run(run())


def test_who_refuses_is_busy_and_can_be_called_again(house: Reported) -> None:
    async def run() -> None:
        one = await Talker.named(house, "asha", A)
        first = await order(house, "client:asha")
        await one.rings()
        await one.phone.refuse()
        assert await one.ended() == "busy"
        second = await order(house, "client:asha")
        await one.rings(2)
        await one.answers()
        await one.close()
        await soon(lambda: house.statuses(first) == ["initiated", "ringing", "busy"])
        await soon(lambda: house.statuses(second) == ["initiated", "ringing", "in-progress", "completed"])

    asyncio.run(run())


@pytest.mark.parametrize("end", ["refuse", "hang up", "not answer"])
def test_an_application_that_is_told_of_an_end_can_ring_at_once(house: Reported, end: str) -> None:
    async def run() -> None:
        one = await Talker.named(house, "asha", A)
        again = {"twiml": WAITS, "to": "client:asha", "from_": "+917710014545", "timeout": RINGS_S}
        house.at_the_end = lambda: house.client()._rest.calls.create(**again)
        await order(house, "client:asha", timeout=5 if end == "not answer" else RINGS_S)
        await one.rings()
        if end == "refuse":
            await one.phone.refuse()
        elif end == "hang up":
            await one.answers()
            await one.phone.hang_up()
        await one.rings(2)
        await one.answers()
        await one.close()

    asyncio.run(run())


def test_a_telephone_that_was_told_of_the_end_is_free_while_the_application_hears_of_it(house: Reported) -> None:
    async def run() -> None:
        one, slow = await Talker.named(house, "asha", A), threading.Event()
        house.at_the_end = lambda: slow.wait(30)
        await order(house, "client:asha")
        await one.answers()
        await one.phone.hang_up()
        assert await one.ended() == "hung up"
        await order(house, "client:asha", status_callback="")
        await one.answers()
        slow.set()
        await one.close()

    asyncio.run(run())


def test_who_does_not_answer_is_rung_for_as_long_as_was_asked() -> None:
    seconds = 90  # more than an order that says nothing gets

    async def run(house: Reported) -> None:
        one = await Talker.named(house, "asha", A)
        before = house.clock.steady()
        await order(house, "client:asha", timeout=seconds)
        await one.rings()
        assert await one.ended() == "no-answer"
        assert house.clock.steady() - before >= seconds - 1
        await soon(lambda: house.statuses() == ["initiated", "ringing", "no-answer"])
        await one.close()

    with Running(Reported(speed=100.0)) as house:
        asyncio.run(run(house))


def test_a_telephone_in_a_call_is_busy_and_hears_nothing_of_the_second_one(house: Reported) -> None:
    async def run() -> None:
        one = await Talker.named(house, "asha", A)
        await order(house, "client:asha")
        await one.answers()
        await order(house, "client:asha")
        await soon(lambda: "busy" in house.statuses())
        assert (one.phone.state, len(one.rang)) == ("answered", 1)
        await one.close()

    asyncio.run(run())


def test_nobody_there_fails_at_once_and_a_page_that_is_closed_is_no_answer(house: Reported) -> None:
    async def run() -> None:
        await order(house, "client:nobody")
        await soon(lambda: house.statuses() == ["initiated", "failed"])
        one = await Talker.named(house, "asha", A)
        await order(house, "client:asha")
        await one.rings()
        one.phone.socket.transport.abort()
        await soon(lambda: house.statuses()[2:] == ["initiated", "ringing", "no-answer"])

    asyncio.run(run())


def test_ringing_stops_when_the_application_gives_up(house: Reported) -> None:
    async def run() -> None:
        one = await Talker.named(house, "asha", A)
        sid = await order(house, "client:asha")
        await one.rings()
        await asyncio.to_thread(house.bridge().hang_up, sid)
        assert await one.ended() == "finished"
        await soon(lambda: house.statuses() == ["initiated", "ringing", "canceled"])
        await one.close()

    asyncio.run(run())


def test_a_page_that_is_reloaded_takes_its_name_over(house: Reported) -> None:
    async def run() -> None:
        old, new = await Talker.named(house, "asha", A), await Talker.named(house, "asha", A)
        await old.close()
        await order(house, "client:asha")
        await new.answers()
        await new.close()

    asyncio.run(run())


def test_who_has_dialled_can_be_called_back(house: Reported) -> None:
    async def run() -> None:
        one = await Talker.caller(house, A, "+919826401799")
        await soon(lambda: one.phone.state == "answered")
        await one.phone.hang_up()
        await one.ended()
        await order(house, "+919826401799")
        await one.answers()
        await one.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("client:asha", ""),
        ("client:asha", "x.y.z"),
        ("client:ravi", access_token(KEY, "asha")),
        ("client:asha", access_token(Key("AC" + "0" * 32, "SK1", "another secret of 32 bytes length"), "asha")),
        ("client:asha", access_token(Key("AC" + "1" * 32, "SK1", TOKEN), "asha")),
        ("client:", access_token(KEY, "asha")),
        ("12", ""),
        ("", access_token(KEY, "asha")),
        (CITIZEN, ""),
        (CITIZEN, access_token(KEY, "asha")),
        (CITIZEN, access_token(KEY, waiting_name("+919826401700", MINE))),
    ],
)
def test_nobody_takes_an_agents_calls_without_the_agents_token(house: House, address: str, token: str) -> None:
    async def run() -> None:
        with pytest.raises(CallRefusedError, match="registers"):
            await Phone.register(f"ws{house.url[4:]}", address, token)

    asyncio.run(run())


def test_a_number_under_which_a_browser_waits_is_only_that_browsers(house: House) -> None:
    async def run() -> None:
        first = await Talker.numbered(house, CITIZEN, A, MINE)
        with pytest.raises(CallRefusedError, match="somebody else waits"):
            await Talker.numbered(house, CITIZEN, A, THEIRS)
        outsider = await Talker.caller(house, A, CITIZEN)
        await soon(lambda: outsider.phone.state == "answered")
        await outsider.phone.hang_up()
        await outsider.ended()
        await order(house, CITIZEN)
        await first.answers()
        assert outsider.rang == []
        await first.close()
        with pytest.raises(CallRefusedError, match="somebody else waits"):  # the page may only be loading again
            await Talker.numbered(house, CITIZEN, A, THEIRS)
        again = await Talker.numbered(house, CITIZEN, A, MINE)
        await order(house, CITIZEN)
        await again.answers()
        await again.close()
        await outsider.close()

    asyncio.run(run())


def test_a_number_is_anybodys_again_some_time_after_the_browser_left(house: House) -> None:
    async def run() -> None:
        house.exchange.subscribers = Subscribers(kept_s=0)
        first = await Talker.numbered(house, CITIZEN, A, MINE)
        await first.close()
        await soon(lambda: house.exchange.subscribers.get(CITIZEN) is None)
        second = await Talker.numbered(house, CITIZEN, A, THEIRS)
        await order(house, CITIZEN)
        await second.answers()
        await second.close()

    asyncio.run(run())


@pytest.mark.parametrize(("number", "browser"), [("+91", MINE), ("9826401799", "x"), (CITIZEN, MINE + "0"), ("", MINE)])
def test_what_is_no_wait_has_no_name(number: str, browser: str) -> None:
    with pytest.raises(ValueError, match="a wait has"):
        waiting_name(number, browser)
    assert waiting_as(waiting_name(CITIZEN, MINE)) == (CITIZEN, MINE)
    assert waiting_as("asha") == ("", "")
