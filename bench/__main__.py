"""`python -m bench NAME [options]` measures one thing; without a name it lists what there is."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def benches() -> dict[str, str]:
    """Every bench and what it measures: the modules of this folder with a `main`."""
    found = {}
    for path in sorted(HERE.glob("[a-z]*.py")):
        text = path.read_text(encoding="utf-8")
        if "\ndef main(" in text:
            found[path.stem] = text.split('"""')[1].strip().splitlines()[0]
    return found


def run(args: list[str]) -> int:
    """Run the bench named first with the rest as its options."""
    known = benches()
    if not args or args[0] not in known:
        print("usage: python -m bench NAME [--help]\n")
        print("\n".join(f"  {name:15} {what}" for name, what in known.items()))
        return 0 if args in ([], ["-h"], ["--help"]) else 2
    result = importlib.import_module(f"bench.{args[0]}").main(args[1:])
    return int(result or 0)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
