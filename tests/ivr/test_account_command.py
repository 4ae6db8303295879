"""`app.py account` on a store of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from booking.accounts import passwords, people
from ivr.commands.account import command
from models.accounts import Account
from models.store import Store

WORD = "four green parrots sing"


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("MITAN_SERVER__VAR_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    store = Store(f"sqlite:///{tmp_path / 'mitan.db'}")
    store.upgrade()
    return store


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(words), input=typed)


def known(store: Store, login: str) -> Account:
    with store.read() as session:
        found = people.by_login(session, login)
    assert found
    return found


def test_the_first_administrator_is_made_with_a_password_that_is_asked_for_twice(house: Store) -> None:
    result = run("new", "Asha.Sahu", "--role", "administrator", "--name", "आशा साहू", typed=f"{WORD}\n{WORD}\n")
    assert result.exit_code == 0, result.output
    assert WORD not in result.output
    asha = known(house, "asha.sahu")
    assert (asha.name, asha.roles, asha.must_change) == ("आशा साहू", ["administrator"], False)
    assert passwords.matches(asha.password_hash, WORD)


def test_a_printed_password_is_shown_once_and_must_be_changed(house: Store) -> None:
    result = run("new", "ravi", "--role", "agent", "--role", "supervisor", "--print")
    shown = result.stdout.strip().splitlines()[-1]
    ravi = known(house, "ravi")
    assert passwords.matches(ravi.password_hash, shown)
    assert ravi.must_change
    assert ravi.roles == ["agent", "supervisor"]
    assert shown not in run("list").output


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("new", "asha", "--role", "agent"), "short\nshort\n", "too short"),
        (("new", "A B", "--role", "agent", "--print"), "", "A login is"),
        (("new", "asha", "--role", "king", "--print"), "", "king"),
        (("new", "asha", "--print"), "", "--role"),
        (("reset", "nobody", "--print"), "", "nobody"),
        (("lock", "nobody"), "", "nobody"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(house: Store, words: tuple[str, ...], typed: str, said: str) -> None:
    result = run(*words, typed=typed)
    assert result.exit_code != 0
    assert said in result.output
    with house.read() as session:
        assert people.everybody(session) == []


def test_accounts_are_listed_reset_locked_and_opened(house: Store) -> None:
    assert run("list").output.strip() == "no accounts"
    run("new", "asha", "--role", "administrator", "--print")
    run("new", "ravi", "--role", "agent", "--print")
    before = known(house, "ravi").password_hash
    assert run("reset", "ravi", "--print", "--second-step-off").exit_code == 0
    assert known(house, "ravi").password_hash != before
    assert run("lock", "ravi").output == "ravi: locked\n"
    assert "locked" in run("list").output
    assert run("unlock", "ravi").output == "ravi: open\n"
    assert "last administrator" in run("lock", "asha").output
