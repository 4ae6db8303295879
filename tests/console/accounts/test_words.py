"""The words of the account pages, and the key that signs their cookies."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from booking.accounts import errors
from booking.accounts.errors import AccountError
from booking.accounts.roles import ROLES
from console.accounts.parts import WORDS, PasswordDiffers
from console.secret_key import FILE, SecretKeyError, secret_key
from console.words import SHARED
from tests.console.wording import CONSOLE, same_in_both, used_and_known

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("words", [WORDS, SHARED])
def test_both_languages_have_the_same_labels_and_hindi_is_devanagari(words: dict[str, dict[str, str]]) -> None:
    same_in_both(words)


def test_every_problem_and_every_role_has_its_words() -> None:
    codes = {e.code for e in vars(errors).values() if isinstance(e, type) and issubclass(e, AccountError)}
    assert {f"error_{c}" for c in codes | {PasswordDiffers.code}} - {"error_error"} <= WORDS["en"].keys()
    assert {f"role_{r}" for r in ROLES} <= SHARED["en"].keys()


def test_every_label_that_a_page_uses_exists_and_every_one_is_used() -> None:
    places = [CONSOLE / "accounts", CONSOLE / "templates/console/page.html", CONSOLE / "keeper.py"]
    used_and_known(WORDS, "error|did", places)


def test_the_key_is_made_once_for_all_processes_and_only_we_can_read_it(tmp_path: Path) -> None:
    program = f"import pathlib, console.secret_key as k; print(k.secret_key(pathlib.Path({str(tmp_path)!r})))"
    running = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
               for _ in range(6)]  # fmt: skip
    keys = {p.communicate(timeout=60)[0].strip() for p in running}
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [p.name for p in tmp_path.iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_key_that_others_could_read_is_closed_and_a_short_one_refused(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    assert secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    (tmp_path / FILE).write_text("short")
    with pytest.raises(SecretKeyError):
        secret_key(tmp_path)
    assert secret_key(tmp_path, "g" * 40) == "g" * 40
    with pytest.raises(SecretKeyError, match="CONSOLE_SECRET"):
        secret_key(tmp_path, "short")
