"""Mail as a channel, against a small SMTP server on a real socket, and the whole way of a notice through it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from booking.errors import SendFailed
from booking.notices import Direct, notices, notify
from booking.sending import Report, deliver_due
from ivr.mail import Mail
from models.notices import Notice
from models.store import Store
from tests.booking.town import NOW
from tests.ivr.whole import rows

TEXT = "मितान: पैन कार्ड के लिए ये कागज़ लगेंगे: पहचान पत्र"


class Session(socketserver.StreamRequestHandler):
    """One SMTP session (RFC 5321), as far as a relay's client needs it."""

    server: Relay

    def handle(self) -> None:
        self.answer("220 relay")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                self.answer("354 go on")
                self.take()
            elif verb == "QUIT":
                self.answer("221 bye")
                return
            else:
                self.answer(self.server.refusals.get(verb, "250 ok"))

    def take(self) -> None:
        body = b""
        while (line := self.rfile.readline()) != b".\r\n":
            body += line
        refusal = self.server.refusals.get("DATA")
        if refusal is None:
            message = message_from_bytes(body, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.server.mails.append(message)
        self.answer(refusal or "250 taken")

    def answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Relay(socketserver.ThreadingTCPServer):
    """Takes mails and keeps them; refuses what it is told to, by verb."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.mails: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}

    def mail(self) -> Mail:
        return Mail(f"127.0.0.1:{self.server_address[1]}", "mitan@helpline.example", "Mitan")


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay() as relay:
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        yield relay
        relay.shutdown()


def test_a_mail_arrives_with_its_text_and_can_be_told_from_others(relay: Relay) -> None:
    ids = [relay.mail().send("asha@example.in", TEXT, "", {}) for _ in range(2)]
    assert len(set(ids)) == 2
    first = relay.mails[0]
    assert first.get_content().strip() == TEXT
    assert (first["From"], first["To"], first["Subject"]) == ("mitan@helpline.example", "asha@example.in", "Mitan")
    assert first["Message-ID"] == ids[0]


@pytest.mark.parametrize(
    ("verb", "answer", "permanent"),
    [
        ("RCPT", "550 no such user", True),
        ("RCPT", "450 mailbox busy", False),
        ("MAIL", "553 sender refused", True),
        ("MAIL", "451 try later", False),
        ("DATA", "554 spam", True),
        ("DATA", "452 full", False),
    ],
)
def test_what_the_relay_refuses_fails_for_good_or_is_tried_again(
    relay: Relay, verb: str, answer: str, permanent: bool
) -> None:
    relay.refusals[verb] = answer
    with pytest.raises(SendFailed, match=answer[:3]) as failed:
        relay.mail().send("asha@example.in", TEXT, "", {})
    assert failed.value.permanent is permanent
    assert "asha" not in str(failed.value)
    assert relay.mails == []


def test_a_relay_that_cannot_be_reached_is_tried_again() -> None:
    with pytest.raises(SendFailed) as failed:
        Mail("127.0.0.1:9", "mitan@helpline.example", "Mitan").send("asha@example.in", TEXT, "", {})
    assert not failed.value.permanent


@pytest.mark.parametrize("address", ["a@b.example\nBcc: c@d.example", "a@b\r\nX: y"])
def test_an_address_with_a_line_break_is_not_sent(relay: Relay, address: str) -> None:
    with pytest.raises(ValueError):
        relay.mail().send(address, TEXT, "", {})
    assert relay.mails == []


def test_who_has_an_address_is_told_by_sms_and_mail(relay: Relay, store: Store) -> None:
    wording = replace(notices(), channels=("sms", "mail"))
    values: dict[str, Any] = {"service": "पैन कार्ड", "documents": ["identity"]}
    for n, mail in enumerate(("asha@example.in", "")):
        with store.begin() as session:
            to = Direct("9812345615", "hi", f"service:pan_card/{n}", mail)
            notify(session, NOW, to, "documents_list", wording, **values)

    class Phone:
        def send(self, recipient: str, text: str, template_id: str, variables: object) -> str:
            return f"SM{text[:5]}"

        def sent(self, recipient: str, text: str, since: object) -> None:
            return None

    report = deliver_due(store, NOW, {"sms": Phone(), "mail": relay.mail()}, wording)
    assert report == Report(sent=3)
    assert [m.get_content().strip() for m in relay.mails] == [TEXT]
    assert sorted((n.channel, n.state) for n in rows(store, Notice)) == [
        ("mail", "sent"), ("sms", "sent"), ("sms", "sent"),
    ]  # fmt: skip
