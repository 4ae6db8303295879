"""The application of one server process: its parts built and joined, its routes, its start and stop."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import Flask

from booking.channels import Channel
from booking.receipts import Outcome, Receipt, receive
from booking.seed import seed
from dialogs.effects import Ask
from ivr import gate, health, live
from ivr.bridge import Bridge, BrowserPhone, Desk, address
from ivr.carriers.exchange.asgi import PATHS, ExchangeApp
from ivr.carriers.exchange.exchange import Exchange
from ivr.carriers.exchange.trunk import Trunk
from ivr.carriers.twilio import receipts, routes
from ivr.carriers.twilio.bridge import TwilioBridge
from ivr.carriers.twilio.browser_leg import Key, browser_phone
from ivr.carriers.twilio.client import TwilioClient
from ivr.carriers.twilio.deps import Deps
from ivr.carriers.twilio.rest import Account
from ivr.carriers.twilio.signature import Signatures
from ivr.carriers.twilio.socket import StreamEndpoint
from ivr.clock import Clock
from ivr.delivery import channels_of
from ivr.desk.controls import Controls
from ivr.desk.floor import Floor, floor
from ivr.desk.queue_desk import QueueDesk
from ivr.gateway import Endpoint, Gateway
from ivr.health import Part
from ivr.helpline import PROMPTS, Helpline, desk_rules_of, helpline, rules_of
from ivr.live import Live
from ivr.memory import few_arenas
from ivr.observe import page
from ivr.observe.metrics import Metrics
from ivr.observe.observer import Observer, Observers
from ivr.observe.spans import Spans, spans
from ivr.observe.stalls import Watchdog
from ivr.reception import Reception
from ivr.schedule import schedule
from ivr.settings import Settings
from ivr.speech.errors import SpeechUnavailable
from ivr.speech.models import Models, load_models
from ivr.speech.prepare import prepare
from ivr.speech.recognise import Recognisers
from ivr.speech.speak import Speaker
from ivr.studio import studio_of
from ivr.switchboard import Phones, Switchboard
from ivr.underway import Admission
from models.store import Store, StoreError

EXCHANGE_ACCOUNT = "AC" + "0" * 32
Pages = Callable[[Flask, "Application"], None]


@dataclass
class Address:
    """Where the server listens; the port is known only once it does."""

    settings: Settings
    port: int = 0

    def local(self) -> str:
        """The address in this machine."""
        host = self.settings.server.host
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{self.port or self.settings.server.port}"

    def public(self) -> str:
        """The address under which the carrier reaches us."""
        return self.settings.server.public_url.rstrip("/") or self.local()


@dataclass
class Application:
    """The parts of a server process. Build with `build`, serve with `ivr.application`, close at the end."""

    settings: Settings
    clock: Clock
    helpline: Helpline
    speaker: Speaker
    ears: Recognisers
    models: Models
    address: Address
    reception: Reception
    secret: str
    signatures: Signatures
    exchange: Exchange | None
    metrics: Metrics
    spans: Spans | None
    admission: Admission
    switchboard: Switchboard
    voice_problem: str = ""
    desk: Desk | None = None
    floor: Floor | None = None
    live: Live | None = None  # the console brings it along

    @cached_property
    def account(self) -> Account:
        """The carrier's account; known when it is first used, because the exchange's address is known late."""
        settings, told = self.settings, f"{self.address.public()}{receipts.MESSAGE}"
        if settings.twilio:
            return Account(settings.twilio_account_sid, self.secret, settings.twilio_number, callback=told)
        number, exchange = f"+91{settings.brand.helpline}", settings.server.exchange_url or self.address.local()
        return Account(EXCHANGE_ACCOUNT, self.secret, number, exchange, told)

    @cached_property
    def client(self) -> TwilioClient:
        """The carrier's REST interface for messages and recordings."""
        return TwilioClient(self.account)

    @cached_property
    def bridge(self) -> Bridge:
        """The carrier, as the agents' queue uses it."""
        return TwilioBridge(self.account, self.signatures, self.reception.audio_path, _browser_key(self))

    @property
    def controls(self) -> Controls:
        """What agents and supervisors can do with a call."""
        assert self.floor is not None  # made by `build`
        return self.floor.controls

    @property
    def browser_phone(self) -> BrowserPhone:
        """How telephones in pages reach the carrier."""
        if self.settings.twilio:
            return browser_phone(_browser_key(self))
        elsewhere = self.settings.server.exchange_url.replace("http", "ws", 1)
        return BrowserPhone(host=elsewhere, hosts=(elsewhere,) if elsewhere else ())

    def channels(self) -> dict[str, Channel]:
        """The ways to send notices."""
        return channels_of(self.settings, self.client)

    def received(self, receipt: Receipt) -> Outcome:
        """A message's receipt from the carrier."""
        quiet = self.helpline.operations.notices.quiet
        outcome = receive(self.helpline.store, self.clock.now(), receipt, quiet)
        if outcome == "noted":
            self.metrics.received(receipt.arrival)
        return outcome

    def parts(self) -> Mapping[str, Part]:
        """What works now, for /readyz and the start-up text."""
        return {"store": self._store_part(), "models": self._models_part(), "voices": self._voices_part(),
                "carrier": self._carrier_part(), "admission": self._admission_part()}  # fmt: skip

    def _admission_part(self) -> Part:
        calls = len(self.admission.under_way)
        if self.admission.draining:
            return Part(False, f"draining: no new calls; {calls} under way", essential=True)
        return Part(True, f"new calls are taken; {calls} under way")

    def _store_part(self) -> Part:
        try:
            self.helpline.store.ready()
        except StoreError as error:
            return Part(False, str(error), essential=True)
        return Part(True, self.helpline.store.place, essential=True)

    def _models_part(self) -> Part:
        if self.models.missing:
            return Part(False, "\n".join((*self.models.missing.values(), "Until then calls go by keypad.")))
        return Part(True, " ".join(("speech is recognised in Hindi and English.", *self.models.warnings)))

    def _voices_part(self) -> Part:
        return Part(not self.voice_problem, self.voice_problem or "espeak-ng", essential=True)

    def _carrier_part(self) -> Part:
        if self.settings.server.exchange_url and not self.settings.twilio:
            return Part(True, f"the exchange at {self.settings.server.exchange_url}")
        if self.exchange is None:
            return Part(True, f"Twilio, reaching us at {self.address.public()}")
        return Part(True, "the built-in exchange; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN for real calls")

    def close(self) -> None:
        """Stop the voices, the recognisers and the store's connections."""
        self.speaker.stop()
        self.ears.close()
        if self.spans:
            self.spans.close()
        self.helpline.store.close()


def build(settings: Settings, clock: Clock | None = None, models: Models | None = None) -> Application:
    """The application with a migrated and seeded store. Raises StoreError, FlowError, PromptError.

    `models` are the recogniser's; by default those on this machine, without downloading.
    """
    few_arenas()
    clock = clock or Clock()
    store = prepared_store(settings, clock)
    metrics = Metrics()
    traced = spans()
    watching: list[Observer] = [metrics, traced] if traced else [metrics]
    observer = Observers(watching)
    shared = helpline(settings, store, clock, observer)
    models = models or load_models(settings.speech, download=False)
    address = Address(settings)
    secret = _secret(settings)
    speaker = Speaker(settings.speech, settings.server.var_dir / "speech", PROMPTS, studio_of(store))
    ears = Recognisers(settings.speech, models)
    ears.lag.told = metrics.lag.observe
    admission = Admission(settings.limits, clock, ears.lag.now, lambda: ears.ready)
    reception = Reception(shared, speaker, lambda: ears.ready, secret)
    admission.told = lambda way: metrics.calls.labels(way).inc()
    shown(metrics, admission, ears)
    application = Application(
        settings=settings,
        clock=clock,
        helpline=shared,
        speaker=speaker,
        ears=ears,
        models=models,
        address=address,
        reception=reception,
        secret=secret,
        signatures=Signatures(secret, address.public),
        exchange=None if _foreign(settings) else Exchange(_trunk(settings, secret, address), clock),
        metrics=metrics,
        spans=traced,
        admission=admission,
        switchboard=Switchboard(reception.talk, Phones(speaker, ears, clock, settings), admission.under_way, observer),
    )
    watching.append(_opened(application))
    _prepare_grammars(shared, ears)
    shared.editions.told = lambda edition: _prepare(edition, speaker, ears)
    try:
        speaker.start()
    except SpeechUnavailable as error:
        application.voice_problem = str(error)
    return application


def _opened(application: Application) -> QueueDesk:
    """The desk of the application."""
    rules = desk_rules_of(application.settings)
    has_room = lambda: application.admission.free  # noqa: E731
    application.floor = made = floor(application.helpline, rules, lambda: application.bridge, address, has_room)
    application.desk = made.desk
    made.tender.holds_calls = application.exchange is not None
    application.admission.besides = lambda: made.tender.needed
    return made.desk


def _secret(settings: Settings) -> str:
    """The token that signs between carrier and us. An exchange in our own process needs none that lasts."""
    if settings.twilio:
        return settings.twilio_auth_token.get_secret_value()
    return settings.exchange_token.get_secret_value() or secrets.token_hex(16)


def _browser_key(application: Application) -> Key | None:
    """What signs the tokens of agents' browser telephones; None: with Twilio no API key was given."""
    settings = application.settings
    if not settings.twilio:
        return Key(EXCHANGE_ACCOUNT, "SK" + "0" * 32, application.secret)
    secret = settings.twilio_api_secret.get_secret_value()
    return Key(settings.twilio_account_sid, settings.twilio_api_key, secret) if settings.twilio_api_key else None


def _foreign(settings: Settings) -> bool:
    """Whether the carrier is outside this process."""
    return settings.twilio or bool(settings.server.exchange_url)


def shown(metrics: Metrics, admission: Admission, ears: Recognisers) -> None:
    """The figures that are looked up when the metrics are read."""
    metrics.show("mitan_calls_up", "Calls under way.", lambda: len(admission.under_way))
    metrics.show("mitan_draining", "1 while no new calls are taken.", lambda: float(admission.draining))
    metrics.show("mitan_recognition_lag_now_seconds", "The lag that decides how new calls are taken.", ears.lag.now)


def _prepare(edition: Helpline, speaker: Speaker, ears: Recognisers) -> None:
    """Have an edition's grammars and sentences made before a caller needs them."""
    _prepare_grammars(edition, ears)
    prepare(edition.prompts.fixed_sentences(), speaker, progress=False)


def _prepare_grammars(shared: Helpline, ears: Recognisers) -> None:
    """Make the grammars of all questions ahead; words that a model lacks are reported now, not in a call."""
    for node in shared.flow.graph.nodes.values():
        if node.kind == "ask":
            ask = Ask(node.id, node.expect, ears.languages, length=node.length, also=node.also)
            for language in ears.languages:
                ears.prepare(language, shared.phrases(ask, language))


def prepared_store(settings: Settings, clock: Clock) -> Store:
    """The store, migrated and seeded. Raises StoreError."""
    settings.server.var_dir.mkdir(parents=True, exist_ok=True)
    store = Store(settings.store_url)
    store.upgrade()
    with store.begin() as session:
        seed(session, clock.now(), rules_of(settings))
    return store


def _trunk(settings: Settings, secret: str, address: Address) -> Trunk:
    return Trunk(secret, address.public, address.local, EXCHANGE_ACCOUNT, number=settings.brand.helpline)


def gateway(application: Application, pages: Pages | None = None) -> Gateway:
    """The ASGI application with all routes; `pages` adds the console's."""
    flask = Flask("mitan", static_folder=None)
    flask.register_blueprint(routes.blueprint(_deps(application)))
    flask.register_blueprint(receipts.blueprint(application.signatures, application.received))
    flask.register_blueprint(page.blueprint(application.metrics))
    flask.register_blueprint(health.blueprint(application.parts))
    if pages:
        pages(flask, application)
    exchange = application.exchange
    limits, metrics = application.settings.limits, application.metrics
    stream = StreamEndpoint(
        application.signatures,
        application.switchboard.start_call,
        typing=not application.settings.twilio,
        silent_s=limits.silent_socket_s,
    )
    metrics.show("mitan_streams_broken", "Audio connections lost.", lambda: stream.counts["broken"])
    jobs = schedule(application.helpline, application.channels, metrics.sent)
    watchdog = Watchdog(limits.stall_ms / 1000, metrics.loop.observe, lambda _: metrics.stalls.inc())
    native: dict[str, Endpoint] = {routes.STREAM: stream}
    if exchange:
        native.update(dict.fromkeys(PATHS, ExchangeApp(exchange)))
    if application.live:
        native[live.PATH] = application.live
    gate.require_declared(flask, native)

    def begin() -> None:
        watchdog.begin()
        jobs.start()
        application.helpline.editions.begin(application.helpline)
        application.helpline.wordings.begin()
        if application.floor:
            application.floor.tender.begin()

    async def end() -> None:
        watchdog.end()
        if exchange:
            await exchange.close()
        if application.floor:
            await asyncio.to_thread(application.floor.tender.end)
        await asyncio.to_thread(application.helpline.editions.end)
        await asyncio.to_thread(application.helpline.wordings.end)
        jobs.shutdown(wait=False)

    return Gateway(flask, native, begin, end)


def _deps(application: Application) -> Deps:
    reception = application.reception
    return Deps(
        settings=application.settings,
        clock=application.clock,
        signatures=application.signatures,
        call_opened=reception.call_opened,
        open_talk=reception.open_talk,
        outcome=reception.outcome,
        dial_failed=reception.dial_failed,
        call_closed=reception.call_closed,
        speech_ready=reception.speech_ready,
        admission=application.admission,
        busy=reception.busy,
        audio_path=reception.audio_path,
        audio_of=reception.audio_of,
        fetch_recording=lambda url: application.client.fetch_recording(url),
        desk=application.desk,
        practises=reception.practises,
    )
