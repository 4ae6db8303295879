"""The key that signs the console's cookies: made once, kept in a file that only we can read, the same for all
processes; or given from outside, where several machines serve together."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "console.key"
LEAST = 32  # characters


class SecretKeyError(RuntimeError):
    """The key cannot be used: remove the file, or set CONSOLE_SECRET to at least 32 random characters; all people must
    sign in again."""


def secret_key(folder: Path, given: str = "") -> str:
    """The key; `given` wins over the one in `folder`. Raises SecretKeyError for a short one, OSError."""
    key = given or _kept(folder)
    if len(key) < LEAST:
        raise SecretKeyError(f"{SecretKeyError.__doc__} ({'CONSOLE_SECRET' if given else folder / FILE})")
    return key


def _kept(folder: Path) -> str:
    path = folder / FILE
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return path.read_text("ascii", errors="replace").strip()


def _make(path: Path) -> None:
    """Write a new key under another name and link it: whoever is first wins, and nobody reads half a key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
