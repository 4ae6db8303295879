"""The files of `prompts/` as plain texts by their path, and back into a folder: what an edition consists of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from prompts.errors import PromptError
from prompts.load import languages

LONGEST = 1_000_000  # characters of a file; ours have 20,000
MOST = 200  # files


def texts(root: Path) -> dict[str, str]:
    """The YAML files of all languages under `root`, "hi/prompts.yaml" and so on. Raises PromptError."""
    found = {}
    for path in (p for language in languages(root) for p in sorted((root / language).glob("*.yaml"))):
        try:
            found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PromptError(f"{path}: cannot be read: {error}") from None
    if not found:
        raise PromptError(f"{root}: has no prompts; there must be hi/prompts.yaml and en/prompts.yaml.")
    return found


def write(files: Mapping[str, str], root: Path) -> None:
    """Write `files` under `root`. Raises PromptError for a path that is no prompt file, or too much of it."""
    if len(files) > MOST:
        raise PromptError(f"{len(files)} files; an edition has at most {MOST}.")
    for name, text in files.items():
        if len(text) > LONGEST:
            raise PromptError(f"{name}: {len(text)} characters; at most {LONGEST}.")
        path = root / plain_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def plain_path(name: str) -> PurePosixPath:
    """`name` as a path that stays below its folder: language/file.yaml. Raises PromptError."""
    path = PurePosixPath(name)
    plain = len(path.parts) == 2 and not path.is_absolute() and ".." not in path.parts and "\\" not in name
    if not plain or path.suffix != ".yaml":
        raise PromptError(f"{name!r}: no prompt file; it must be language/name.yaml.")
    return path
