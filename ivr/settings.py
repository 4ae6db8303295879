"""Settings: `config.yaml`, overridden by `MITAN_SECTION__KEY`; secrets only from the environment."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config.yaml"

Hour = Annotated[int, Field(ge=0, le=24)]


class SettingsError(ValueError):
    """A setting is unknown or has a bad value. The message names each key and what is wrong."""


def _month_day(value: str) -> str:
    if date.fromisoformat(f"2024-{value}").strftime("%m-%d") != value:
        raise ValueError("must be MM-DD")
    return value


MonthDay = Annotated[str, AfterValidator(_month_day)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Brand(_Section):
    """What the helpline calls itself."""

    name_hi: str = "मितान"
    name_en: str = "Mitan"
    helpline: str = Field("14545", pattern=r"^\d{3,15}$")


class Server(_Section):
    """Where this process listens and keeps its files."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    public_url: str = Field("", pattern=r"^(https?://[^\s/]+(/\S*)?)?$")
    var_dir: Path = Path("var")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    exchange_url: str = Field("", pattern=r"^(https?://[^\s/]+)?$")
    gather_ms: int = Field(40, ge=0, le=200)

    @property
    def address(self) -> str:
        """The address under which this process is reached locally."""
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """The address under which the carrier reaches us, without a closing slash."""
        return (self.public_url or self.address).rstrip("/")


class Visits(_Section):
    """When executives visit; hours, minutes and days as config.yaml says."""

    first_slot_h: Hour = 8
    last_end_h: Hour = 20
    slot_min: int = Field(60, ge=15, le=240)
    seats: int = Field(2, ge=0, le=500)
    notice_h: float = Field(3.0, ge=0, le=240)
    ahead_days: int = Field(30, ge=1, le=366)
    hold_min: float = Field(5.0, gt=0, le=60)
    closed: tuple[MonthDay, ...] = ("01-26", "08-15", "10-02")
    visit_fee: int = Field(50, ge=0)
    move_cutoff_h: float = Field(24.0, ge=0, le=720)
    waiting_offer_min: float = Field(120.0, ge=30, le=1440)

    @model_validator(mode="after")
    def _a_day_has_a_slot(self) -> Visits:
        if self.first_slot_h * 60 + self.slot_min > self.last_end_h * 60:
            raise ValueError("last_end_h leaves no room for a slot after first_slot_h")
        return self


class NoticeTimes(_Section):
    """When citizens are written to (local hours, hours), on which channels, and under which registered templates."""

    quiet_from_h: int = Field(21, ge=0, le=23)
    quiet_until_h: int = Field(8, ge=0, le=23)
    reminder_evening_h: int = Field(18, ge=0, le=23)
    reminder_soon_h: float = Field(2.0, ge=0.5, le=24)
    feedback_after_h: float = Field(24.0, ge=0, le=240)
    template_ids: dict[str, str] = {}
    channels: tuple[Literal["sms", "whatsapp", "mail"], ...] = ("sms",)
    whatsapp_number: str = Field("", pattern=r"^(\+\d{8,15})?$")
    mail_server: str = Field("", pattern=r"^([^\s:/]+:\d{1,5})?$")
    mail_from: str = Field("", pattern=r"^([^\s@]+@[^\s@]+)?$")

    @model_validator(mode="after")
    def _channels_can_send(self) -> NoticeTimes:
        if "whatsapp" in self.channels and not self.whatsapp_number:
            raise ValueError("with the channel whatsapp whatsapp_number is needed, too")
        if "mail" in self.channels and not (self.mail_server and self.mail_from):
            raise ValueError("with the channel mail mail_server and mail_from are needed, too")
        return self

    @model_validator(mode="after")
    def _reminders_are_sent(self) -> NoticeTimes:
        begin, end, hour = self.quiet_from_h, self.quiet_until_h, self.reminder_evening_h
        if begin <= hour < end if begin <= end else hour >= begin or hour < end:
            raise ValueError("reminder_evening_h lies within the quiet hours: nobody would ever be reminded")
        return self


class Complaints(_Section):
    """What citizens may do after a complaint was resolved, days."""

    reopen_days: int = Field(10, ge=1, le=365)


class Appeals(_Section):
    """The time limits of appeals, days."""

    first: int = Field(30, ge=1, le=365)
    first_decided: int = Field(30, ge=1, le=365)
    second: int = Field(30, ge=1, le=365)
    no_order: int = Field(45, ge=1, le=365)
    second_decided: int = Field(45, ge=1, le=365)


class Agents(_Section):
    """The human agents' desk."""

    number: str = Field("+917710014545", pattern=r"^\+\d{8,15}$")
    open_h: Hour = 8
    close_h: Hour = 20
    dial_s: int = Field(25, ge=5, le=120)


class Dialog(_Section):
    """Timing and bounds of a conversation, seconds and minutes; the number at which drafts are tried."""

    resume_min: float = Field(30, ge=0, le=1440)
    silence_s: float = Field(6.0, gt=0, le=60)
    digit_gap_s: float = Field(3.0, gt=0, le=30)
    filler_s: float = Field(1.5, gt=0, le=30)
    note_max_s: int = Field(30, ge=3, le=300)
    note_silence_s: float = Field(2.5, gt=0, le=20)
    max_turns: int = Field(60, ge=10, le=1000)
    test_number: str = Field("", pattern=r"^(\+\d{8,15})?$")


class Speech(_Section):
    """Recognition, voice activity and synthesis."""

    model_hi: str = "vosk-model-small-hi-0.22"
    model_en: str = "vosk-model-small-en-in-0.4"
    model_path: str = ""
    voice_hi: str = "inc/hi"
    voice_en: str = "gmw/en-GB-x-rp"
    rate_hi: int = Field(150, ge=80, le=400)
    rate_en: int = Field(155, ge=80, le=400)
    level_dbfs: float = Field(-20.0, ge=-40, le=-6)
    threads: int = Field(2, ge=1, le=64)
    free_recognisers: int = Field(4, ge=1, le=256)
    vad_mode: int = Field(2, ge=0, le=3)
    pre_speech_ms: int = Field(300, ge=0, le=2000)
    end_silence_ms: int = Field(500, ge=100, le=5000)
    end_silence_early_ms: int = Field(200, ge=60, le=5000)
    end_silence_open_ms: int = Field(700, ge=100, le=5000)
    end_silence_digits_ms: int = Field(2500, ge=100, le=10000)
    end_silence_nearly_ms: int = Field(1000, ge=60, le=10000)
    end_silence_number_ms: int = Field(100, ge=60, le=5000)
    barge_in_ms: int = Field(300, ge=40, le=3000)
    barge_in_wait_ms: int = Field(260, ge=0, le=2000)
    backchannel_ms: int = Field(800, ge=40, le=5000)
    max_turn_s: float = Field(15.0, gt=1, le=120)
    doubtful: float = Field(0.6, ge=0, le=1)
    second_look_s: float = Field(4.0, ge=0, le=15)


class Desk(_Section):
    """How callers wait for agents and what agents have to do: seconds, minutes and counts as config.yaml says."""

    offer_s: float = Field(20.0, ge=3, le=120)
    again_s: float = Field(10.0, ge=0, le=600)
    drop_min: float = Field(3.0, ge=0, le=60)
    gone_s: float = Field(30.0, ge=5, le=600)
    handling_s: float = Field(240.0, ge=1, le=7200)
    long_wait_s: float = Field(180.0, ge=0, le=7200)
    target: float = Field(0.8, gt=0, lt=1)
    within_s: float = Field(20.0, ge=0, le=3600)
    callback_slot_min: int = Field(30, ge=5, le=240)
    callbacks: int = Field(4, ge=1, le=1000)
    missed_min: float = Field(60.0, ge=1, le=1440)
    address_min: float = Field(240.0, ge=1, le=10_080)
    doubtful: int = Field(4, ge=1, le=100)
    overload_wait_s: float = Field(600.0, ge=0, le=86_400)


class Retention(_Section):
    """For how many days what citizens have said is kept."""

    voice_notes_days: int = Field(180, ge=1, le=3650)
    transcripts_days: int = Field(365, ge=1, le=3650)
    conversations_days: int = Field(90, ge=1, le=3650)
    callbacks_days: int = Field(90, ge=1, le=3650)
    answers_days: int = Field(2, ge=1, le=365)


class Limits(_Section):
    """Bounds of a process, a call and a turn; seconds, milliseconds and counts as config.yaml says."""

    max_calls: int = Field(200, ge=1, le=100_000)
    keypad_lag_ms: int = Field(800, ge=50, le=60_000)
    busy_lag_ms: int = Field(4000, ge=50, le=600_000)
    drain_s: float = Field(900, ge=0, le=86_400)
    call_s: float = Field(1800, ge=60, le=86_400)
    think_s: float = Field(30, ge=1, le=300)
    hear_s: float = Field(6, ge=1, le=60)
    store_down_s: float = Field(120, ge=0, le=3600)
    silent_socket_s: float = Field(20, ge=1, le=300)
    stall_ms: int = Field(100, ge=20, le=10_000)

    @model_validator(mode="after")
    def _keypad_comes_first(self) -> Limits:
        if self.busy_lag_ms < self.keypad_lag_ms:
            raise ValueError("busy_lag_ms is below keypad_lag_ms: nobody would ever go by keypad")
        return self


class Api(_Section):
    """How much the interface `/api/v1` takes: requests a minute, kilobytes a body."""

    per_minute: int = Field(600, ge=1, le=1_000_000)
    outsider_per_minute: int = Field(60, ge=1, le=1_000_000)
    body_kb: int = Field(64, ge=1, le=10_000)


class Accounts(_Section):
    """How people sign in: minutes, hours, seconds and counts as config.yaml says."""

    idle_min: float = Field(30, ge=1, le=1440)
    longest_h: float = Field(12, ge=0.1, le=168)
    tries: int = Field(5, ge=1, le=100)
    address_tries: int = Field(30, ge=1, le=10_000)
    wait_s: float = Field(30, ge=1, le=3600)
    wait_max_min: float = Field(15, ge=1, le=1440)
    forget_h: float = Field(24, ge=1, le=720)
    password_min: int = Field(12, ge=8, le=64)
    link_h: float = Field(48, ge=0.1, le=336)


class Settings(BaseSettings):
    """All settings; frozen. Build with `load`."""

    model_config = SettingsConfigDict(
        env_prefix="MITAN_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    brand: Brand = Brand()
    server: Server = Server()
    visits: Visits = Visits()
    notices: NoticeTimes = NoticeTimes()
    complaints: Complaints = Complaints()
    appeals: Appeals = Appeals()
    agents: Agents = Agents()
    dialog: Dialog = Dialog()
    speech: Speech = Speech()
    desk: Desk = Desk()
    retention: Retention = Retention()
    limits: Limits = Limits()
    api: Api = Api()
    accounts: Accounts = Accounts()

    database_url: str = Field("", validation_alias="DATABASE_URL")
    twilio_account_sid: str = Field("", validation_alias="TWILIO_ACCOUNT_SID")
    twilio_auth_token: SecretStr = Field(SecretStr(""), validation_alias="TWILIO_AUTH_TOKEN")

    exchange_token: SecretStr = Field(SecretStr(""), validation_alias="EXCHANGE_TOKEN")
    console_secret: SecretStr = Field(SecretStr(""), validation_alias="CONSOLE_SECRET")
    twilio_api_key: str = Field("", validation_alias="TWILIO_API_KEY", pattern=r"^(SK\w{32})?$")
    twilio_api_secret: SecretStr = Field(SecretStr(""), validation_alias="TWILIO_API_SECRET")
    twilio_number: str = Field("", validation_alias="TWILIO_NUMBER", pattern=r"^(\+\d{8,15})?$")

    @model_validator(mode="after")
    def _twilio_is_whole(self) -> Settings:
        if self.twilio and not (self.twilio_number and self.server.public_url):
            raise ValueError("with Twilio's credentials TWILIO_NUMBER and server.public_url are needed, too")
        return self

    @model_validator(mode="after")
    def _exchange_shares_a_token(self) -> Settings:
        if self.server.exchange_url and not self.exchange_token.get_secret_value():
            raise ValueError("with server.exchange_url EXCHANGE_TOKEN is needed: the same here and at the exchange")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file; nothing else."""
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls)

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the store; SQLite in `var_dir` unless DATABASE_URL is set."""
        return self.database_url or f"sqlite:///{self.server.var_dir.resolve() / 'mitan.db'}"

    @property
    def twilio(self) -> bool:
        """Whether Twilio is the carrier (both credentials are set)."""
        return bool(self.twilio_account_sid and self.twilio_auth_token.get_secret_value())


# From the environment only, under a name of their own.
_SECRET_KEYS = {name for name, field in Settings.model_fields.items() if field.validation_alias}


def _unknown_variables() -> list[str]:
    known = {
        f"MITAN_{s}__{k}".upper()
        for s, f in Settings.model_fields.items()
        if s not in _SECRET_KEYS
        for k in (f.annotation.model_fields if isinstance(f.annotation, type) else ())
    }
    return sorted(v for v in os.environ if v.upper().startswith("MITAN_") and v.upper() not in known)


def load(config: Path | None = None) -> Settings:
    """The settings of this process from `config` (default: MITAN_CONFIG or the project's config.yaml).

    Raises SettingsError naming every unknown key and bad value.
    """

    path = config or Path(os.environ.get("MITAN_CONFIG", CONFIG))
    if not path.is_file():
        raise SettingsError(f"{path}: no such file. Point MITAN_CONFIG at a config.yaml.")
    unknown = [v for v in _unknown_variables() if v != "MITAN_CONFIG"]
    if unknown:
        raise SettingsError(f"unknown setting {', '.join(unknown)}: see config.yaml for the keys (MITAN_SECTION__KEY).")
    _refuse_file(path)
    return _validated(path)


def _refuse_file(path: Path) -> None:
    """Raise SettingsError for a file that is no mapping of sections, or has a secret in it."""
    try:
        sections = yaml.safe_load(path.read_text("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path.name} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(sections, dict | None):
        raise SettingsError(f"{path.name}: must be sections with keys, as in the config.yaml of the project.")
    secrets = [str(key) for key in sections or {} if str(key).lower() in _SECRET_KEYS]
    if secrets:
        raise SettingsError(f"{path.name}: {', '.join(secrets)}: secrets come from the environment only; remove them.")


def _validated(path: Path) -> Settings:
    class FromFile(Settings):
        model_config = SettingsConfigDict(**{**Settings.model_config, "yaml_file": path, "yaml_file_encoding": "utf-8"})

    try:
        settings = FromFile()
    except ValidationError as error:
        raise SettingsError(_sentence(path, error)) from None
    port = os.environ.get("PORT", "")
    if not port:
        return settings
    if not re.fullmatch(r"\d{1,5}", port) or int(port) > 65535:
        raise SettingsError(f"PORT={port!r}: must be a number from 0 to 65535.")
    return settings.model_copy(update={"server": settings.server.model_copy(update={"port": int(port)})})


def _sentence(path: Path, error: ValidationError) -> str:
    lines = []
    for e in error.errors():
        where = "".join(f"{part}." for part in e["loc"])[:-1]
        # A whole section or all settings together are not shown: there are secrets among them.
        found = "" if isinstance(e["input"], dict) else f" (found {str(e['input'])[:60]!r})"
        lines.append(f"{where}: {e['msg']}{found}" if where else e["msg"].removeprefix("Value error, "))
    return f"bad settings in {path.name} or the environment:\n  " + "\n  ".join(lines)
