"""Tries at once, and how long an answer takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from argon2 import extract_parameters
from flask import Flask

from booking.accounts import passwords
from models.store import Store
from tests.console.accounts.house import ASHA, WORD, Browser, Clock, application, founded
from tests.pace import at_best


def test_passwords_tried_at_once_are_counted_one_by_one(house: Flask) -> None:
    browsers = [Browser(house) for _ in range(16)]
    tokens = [b.token("/sign-in") for b in browsers]

    def attempt(n: int) -> int:
        return browsers[n].raw("/sign-in", csrf_token=tokens[n], login=ASHA, password=f"wrong-{n}").status_code

    with ThreadPoolExecutor(16) as threads:
        codes = sorted(threads.map(attempt, range(16)))
    assert codes == [400] * 5 + [429] * 11


def took(deed: Callable[[], object], times: int = 15) -> float:
    """The median of how long it takes, in processor time of this thread, seconds."""
    spent = []
    for _ in range(times):
        began = time.thread_time()
        deed()
        spent.append(time.thread_time() - began)
    return statistics.median(spent)


def ratio(one: Callable[[], object], other: Callable[[], object]) -> float:
    """How many times as long the one takes."""
    return took(one) / took(other)


def alike(times: float) -> bool:
    """Whether nobody could tell the two apart over a line."""
    return 0.6 < times < 1.6


def test_an_unknown_login_takes_as_long_as_a_known_one() -> None:
    real = passwords.hashed(WORD)
    known = partial(passwords.matches, real, "wrong")
    for unknown in (lambda: passwords.matches("", "wrong"), lambda: passwords.matches(real, "x" * 10_000)):
        assert 0.6 < at_best(partial(ratio, unknown, known), alike) < 1.6
    assert extract_parameters(passwords.NOBODY) == extract_parameters(real)


def test_the_whole_answer_takes_as_long_for_an_unknown_login(sqlite_store: Store) -> None:
    founded(sqlite_store)
    clock = Clock()
    browser = Browser(application(sqlite_store, clock))
    token = browser.token("/sign-in")

    def attempt(login: str) -> None:
        clock.later(hours=25)
        assert browser.raw("/sign-in", csrf_token=token, login=login, password="wrong").status_code == 400

    attempt(ASHA)
    assert 0.6 < at_best(lambda: ratio(lambda: attempt("nobody.here"), lambda: attempt(ASHA)), alike) < 1.6


@pytest.mark.parametrize("hash", ["", "$argon2id$", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$YWJjZGVmZ2g$YWJj"])
@pytest.mark.parametrize("password", ["", WORD, "x" * 201])
def test_nobody_has_a_password_that_is_not_a_whole_hash(hash: str, password: str) -> None:
    assert not passwords.matches(hash, password)


def test_a_hash_of_other_costs_is_renewed_at_the_next_sign_in(sqlite_store: Store) -> None:
    from argon2 import PasswordHasher

    from models.accounts import Account

    founded(sqlite_store)
    with sqlite_store.begin() as session:
        session.query(Account).filter_by(login=ASHA).one().password_hash = PasswordHasher(1, 8_192, 1).hash(
            passwords._same(WORD)
        )
    browser = Browser(application(sqlite_store, Clock()))
    assert browser.sign_in(ASHA).status_code == 303
    with sqlite_store.read() as session:
        assert not passwords.outdated(session.query(Account).filter_by(login=ASHA).one().password_hash)
