"""What can go wrong with accounts: a code for the page's words, and a docstring that says what to do."""

# ruff: noqa: N818  the names say what happened
from __future__ import annotations

from datetime import timedelta

from booking.errors import BookingError


class AccountError(BookingError):
    """This cannot be done with the account."""


class BadLogin(AccountError):
    """A login is 3 to 40 small Latin letters, digits, dots, hyphens or underscores, and begins with a letter."""

    code = "login_form"


class LoginTaken(AccountError):
    """Another account has this login: choose another one."""

    code = "login_taken"


class BadName(AccountError):
    """A name has 1 to 100 characters on one line: shorten it."""

    code = "name_form"


class BadRoles(AccountError):
    """An account needs at least one role, and only roles that exist: agent, supervisor, administrator, editor,
    publisher."""

    code = "roles_form"


class PasswordShort(AccountError):
    """The password is too short: several words make a long one that can be remembered."""

    code = "password_short"


class PasswordLong(AccountError):
    """The password has more than 200 characters: shorten it."""

    code = "password_long"


class PasswordSimple(AccountError):
    """The password is too easy to guess: do not use the login or a few characters again and again."""

    code = "password_simple"


class PasswordSame(AccountError):
    """The new password is the old one: choose another one."""

    code = "password_same"


class WrongPassword(AccountError):
    """Login or password is wrong."""

    code = "wrong"


class WrongCode(AccountError):
    """The code is wrong, was used already, or is older than half a minute: type the one that is shown now."""

    code = "code_wrong"


class Locked(AccountError):
    """An administrator has locked this account: ask them."""

    code = "locked"


class LinkUseless(AccountError):
    """The link was used already, is too old, or was never made: ask an administrator for a new one."""

    code = "link_useless"


class LastAdministrator(AccountError):
    """This is the last administrator who can sign in: make another one first."""

    code = "last_administrator"


class MustWait(AccountError):
    """Too many failed tries: wait."""

    code = "must_wait"

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"{wait.total_seconds():.0f} s")
        self.wait = wait
