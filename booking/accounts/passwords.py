"""Passwords: argon2id, and what is taken as one."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from booking.accounts.errors import PasswordLong, PasswordShort, PasswordSimple

# OWASP's first choice for argon2id: 19 MiB and some 20 ms; more memory would be taken from the recognisers.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
LONGEST = 200  # characters
LEAST_DIFFERENT = 5  # different characters
# A hash that no password has: checking an unknown login against it takes as long as checking a known one.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ$9i0fFAvNhjWtRkLfmVXJOT1yWtgTlQ4pS9Kf6tI1cZs"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def hashed(password: str) -> str:
    """The argon2id hash of `password`."""
    return HASHER.hash(_same(password))


def matches(hash: str, password: str) -> bool:
    """Whether `password` has `hash` ("": nobody's). Takes as long for an unknown hash and a much too long one."""
    usable = bool(hash) and len(password) <= LONGEST
    try:
        return HASHER.verify(hash if usable else NOBODY, _same(password[:LONGEST])) and usable
    except (VerificationError, InvalidHashError):
        return False


def outdated(hash: str) -> bool:
    """Whether `hash` was made with other costs than today's."""
    return HASHER.check_needs_rehash(hash)


def check(password: str, login: str, least: int) -> None:
    """Raise PasswordShort (fewer than `least` characters), PasswordLong or PasswordSimple for what is no password."""
    same = _same(password)
    if len(same) < least:
        raise PasswordShort(f"at least {least} characters")
    if len(same) > LONGEST:
        raise PasswordLong
    if len(set(same)) < LEAST_DIFFERENT or login in same.casefold():
        raise PasswordSimple


def made_up() -> str:
    """A password of five groups of four characters, 99 bits, for one use."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(5))


def _same(password: str) -> str:
    """The same for all ways to type it: keyboards differ in how they compose Devanagari."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
