"""Settings: what the file and the environment may say, and how a mistake is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from ivr.settings import CONFIG, Settings, SettingsError, load

SECRETS = {name for name, field in Settings.model_fields.items() if field.validation_alias}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(("MITAN_", "TWILIO_")) or name in ("PORT", "DATABASE_URL"):
            monkeypatch.delenv(name)


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def defaults() -> dict[str, dict[str, object]]:
    dumped = Settings.model_construct().model_dump(mode="json")
    return {section: keys for section, keys in dumped.items() if section not in SECRETS}


def test_config_yaml_names_every_setting_with_its_default() -> None:
    assert yaml.safe_load(CONFIG.read_text("utf-8")) == defaults()


def test_every_line_of_config_yaml_says_what_it_is() -> None:
    lines = [x for x in CONFIG.read_text("utf-8").splitlines() if x.startswith("  ")]
    assert [x for x in lines if "  # " not in x] == []


def test_secrets_are_never_in_the_file() -> None:
    text = CONFIG.read_text("utf-8").lower()
    assert not any(f"{secret}:" in text for secret in (*SECRETS, "auth_token", "password"))


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_a_secret_written_in_the_file_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(SettingsError, match=secret):
        load(config(tmp_path, f"{secret}: x\n"))


def test_the_file_as_shipped_loads() -> None:
    assert load().brand.helpline == "14545"


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(config(tmp_path, "{}\n")).model_dump() == load().model_dump()


def test_one_key_in_a_section_leaves_the_others_at_their_defaults(tmp_path: Path) -> None:
    settings = load(config(tmp_path, "visits:\n  seats: 7\n"))
    assert (settings.visits.seats, settings.visits.slot_min) == (7, 60)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MITAN_VISITS__SEATS", "9")
    settings = load(config(tmp_path, "visits:\n  seats: 7\n  slot_min: 30\n"))
    assert (settings.visits.seats, settings.visits.slot_min) == (9, 30)


def test_port_wins_over_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MITAN_SERVER__PORT", "8100")
    monkeypatch.setenv("PORT", "8200")
    assert load().server.port == 8200
    assert load().server.base_url == "http://127.0.0.1:8200"


@pytest.mark.parametrize("port", ["http", "-1", "65536", "80 ", "123456"])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SettingsError, match="PORT="):
        load()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("visit:\n  seats: 2\n", "visit"),
        ("visits:\n  seat: 2\n", "visits.seat"),
        ("visits:\n  seats: many\n", "visits.seats"),
        ("visits:\n  seats: -1\n", "visits.seats"),
        ("visits:\n  closed: ['02-30']\n", "visits.closed.0"),
        ("visits:\n  closed: ['W01-1']\n", "visits.closed.0"),
        ("visits:\n  closed: ['1-26']\n", "visits.closed.0"),
        ("visits:\n  first_slot_h: 20\n", "visits"),
        ("agents:\n  number: '0771'\n", "agents.number"),
        ("server:\n  public_url: mitan.example\n", "server.public_url"),
        ("server:\n  log_level: LOUD\n", "server.log_level"),
        ("speech:\n  doubtful: 2\n", "speech.doubtful"),
        ("brand:\n  helpline: 'call us'\n", "brand.helpline"),
    ],
)
def test_an_unknown_key_or_a_bad_value_stops_the_start_and_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(config(tmp_path, text))
    assert f"{named}: " in str(error.value)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load(config(tmp_path, "visits:\n  seats: x\n  slot: 5\nspeech:\n  threads: 0\n"))
    assert all(name in str(error.value) for name in ("visits.seats", "visits.slot", "speech.threads"))


@pytest.mark.parametrize("name", ["MITAN_VISITS__SEAT", "MITAN_SEATS", "MITAN_VISITS", "MITAN_DATABASE_URL"])
def test_an_unknown_variable_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=name):
        load()


def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MITAN_VISITS__HOLD_MIN", "soon")
    with pytest.raises(SettingsError, match=r"visits\.hold_min"):
        load()


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MITAN_CONFIG"):
        load(tmp_path / "none.yaml")


def test_mitan_config_names_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MITAN_CONFIG", str(config(tmp_path, "brand:\n  name_en: Sangwari\n")))
    assert load().brand.name_en == "Sangwari"


@pytest.mark.parametrize("text", ["visits: [\n", "- visits\n", "visits: 5\n", "\xff"])
def test_a_broken_file_is_a_settings_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError):
        load(config(tmp_path, text))


def test_a_settings_error_never_shows_a_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "very-secret-token")
    monkeypatch.setenv("DATABASE_URL", "postgresql://mitan:very-secret@db/mitan")
    with pytest.raises(SettingsError) as error:
        load(config(tmp_path, "visits:\n  seats: x\n"))
    assert "very-secret" not in str(error.value)
    assert "very-secret-token" not in repr(load())


def test_twilio_is_the_carrier_only_with_both_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_NUMBER", "+917714545000")
    monkeypatch.setenv("MITAN_SERVER__PUBLIC_URL", "https://mitan.example")
    assert not load().twilio
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    assert not load().twilio
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "token")
    assert load().twilio


@pytest.mark.parametrize("given", ["TWILIO_NUMBER", "MITAN_SERVER__PUBLIC_URL"])
def test_twilio_without_a_number_or_an_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC-secret-sid")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "secret-token")
    monkeypatch.setenv("DATABASE_URL", "postgresql://mitan:secret-word@db/mitan")
    monkeypatch.setenv(given, {"TWILIO_NUMBER": "+917714545000"}.get(given, "https://mitan.example"))
    with pytest.raises(SettingsError) as error:
        load()
    assert "TWILIO_NUMBER and server.public_url are needed" in str(error.value)
    assert "secret-" not in str(error.value)


@pytest.mark.parametrize("number", ["07714545000", "14545", "+91 771", "abc"])
def test_a_number_that_twilio_cannot_call_from_is_named(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("TWILIO_NUMBER", number)
    with pytest.raises(SettingsError, match="TWILIO_NUMBER"):
        load()


def test_the_store_is_sqlite_until_a_database_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MITAN_SERVER__VAR_DIR", str(tmp_path))
    assert load().store_url == f"sqlite:///{tmp_path / 'mitan.db'}"
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://localhost/mitan")
    assert load().store_url == "postgresql+psycopg://localhost/mitan"


def test_settings_cannot_be_changed_while_running() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().visits.seats = 5  # type: ignore[misc]
