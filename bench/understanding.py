"""How well, how fast and in how much memory callers are understood.

`python -m bench understanding [--json] [--no-clips]`: the utterance files by kind; the trade between missed and wrongly
accepted answers as each threshold moves; 300 slipped queries to a catalogue of 1,001 services beside plain RapidFuzz;
the spoken clips through the recogniser.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rapidfuzz import process

from bench.catalogue_of_1001 import SEED, Query, catalogue, queries
from bench.clips_understood import measure
from bench.report import percentile, table
from dialogs.catalogue_file import load_catalogue
from dialogs.understand import Context, Hearing, Lexicon, build_lexicon, understand
from dialogs.understand.data import parsed
from dialogs.understand.lines import Judged, Line, parse_line, share
from dialogs.understand.numbers import nearest
from dialogs.understand.said import said
from dialogs.understand.sentences import FILE
from dialogs.understand.thresholds import thresholds
from dialogs.understand.words import words

ROOT = Path(__file__).parents[1]
NOW = datetime.fromisoformat("2026-11-21T10:00:00")
MOVES = {
    "service": (0.2, 0.35, 0.5, 0.65, 0.8, 0.95),
    "city": (0.7, 0.77, 0.84, 0.9, 0.96),
    "word": (0.78, 0.82, 0.85, 0.88, 0.92),
    "digit": (0.75, 0.8, 0.85, 0.9, 0.99),
    "phrase": (0.8, 0.85, 0.9, 0.95),
}
MEDIAN_MS, P99_MS, RIGHT = 2.0, 8.0, 0.95  # what is required of the 1,001 services


def home_lexicon() -> Lexicon:
    """The lexicon of the seed catalogue."""
    seed = ROOT / "models" / "seed"
    phrases = {p.parent.name: parsed(p) for p in sorted((ROOT / "prompts").glob("*/phrases.yaml"))}
    return build_lexicon(load_catalogue(seed / "services.yaml", seed / "cities.yaml"), phrases)


def lines() -> list[Line]:
    """All utterances of the test files."""
    files = [*sorted((ROOT / "tests" / "utterances").glob("*.jsonl")), FILE]
    return [parse_line(text) for f in files for text in f.read_text("utf-8").splitlines()]


def judged(all_lines: Sequence[Line], lexicon: Lexicon) -> list[Judged]:
    """Every line with what is understood."""
    return [Judged(n, understand([Hearing(n.text)], n.expect, n.context(lexicon)).gold()) for n in all_lines]


def slipped(all_lines: Sequence[Line]) -> list[Line]:
    """The lines with a letter lost in every second longer word, as a poor line or a hasty thumb does it."""
    rng = random.Random(SEED)

    def slip(word: str) -> str:
        if len(word) < 5 or word.isdigit() or rng.random() < 0.5:
            return word
        at = rng.randrange(1, len(word))
        return word[:at] + word[at + 1 :]

    return [replace(n, text=" ".join(slip(w) for w in n.text.split())) for n in all_lines]


def _set(kind: str, value: float) -> None:
    """Moves a threshold and forgets what was read with the old one."""
    thresholds()[kind] = value
    for remembered in (words, said, nearest):
        remembered.cache_clear()


def trade(all_lines: Sequence[Line], lexicon: Lexicon) -> list[dict[str, Any]]:
    """For each threshold and value, on slipped lines: share right, missed, wrongly accepted and wrong values."""
    out = []
    for kind, values in MOVES.items():
        before = thresholds()[kind]
        for value in values:
            _set(kind, value)
            results = judged(all_lines, lexicon)
            missed = sum(bool(j.line.gold) and not j.got for j in results)
            out.append({
                "threshold": kind, "value": value, "used": value == before, "right": share(results, "right"),
                "missed": missed, "wrongly_accepted": sum(j.wrongly_accepted for j in results),
                "wrong_value": sum(j.wrong_value for j in results),
            })  # fmt: skip
        _set(kind, before)
    return out


def _timed(asked: Sequence[Query], answer: Callable[[Query], bool]) -> dict[str, float]:
    """Share right, and median and 99th percentile in milliseconds of CPU time on one core."""
    spent, right = [], 0
    for query in asked:
        begun = time.process_time()
        right += answer(query)
        spent.append((time.process_time() - begun) * 1000)
    spent.sort()
    return {"right": right / len(asked), "median_ms": percentile(spent, 50), "p99_ms": percentile(spent, 99)}


def large() -> dict[str, Any]:
    """The 1,001 services: ours, and plain `extractOne` on the same names and queries (top answer fits)."""
    services, of = catalogue()
    asked = queries(of)
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    lexicon = build_lexicon(services, {})
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    begun = time.process_time()
    build_lexicon(services, {})
    load = time.process_time() - begun
    names = {f"{s.id}.{side}": getattr(s, side) for s in services.services for side in ("hi", "en")}

    def ours(query: Query) -> bool:
        context = Context(lexicon, query.language, NOW)
        got = set(understand([Hearing(query.text)], "service", context).service)
        return bool(got) and got == query.fits

    def plain(query: Query) -> bool:
        return process.extractOne(query.text, names)[2].split(".")[0] in query.fits

    return {
        "services": len(services.services), "queries": len(asked), "ours": _timed(asked, ours),
        "rapidfuzz_extractOne": _timed(asked, plain), "load_s": load, "memory_mb": held / 1e6,
        "resident_mb_before": resident / 1024,
    }  # fmt: skip


def _kind(group: Sequence[Judged]) -> dict[str, Any]:
    return {"lines": len(group), "right": share(group, "right"), "accepted": share(group, "wrongly_accepted")}


def report(clips: bool) -> dict[str, Any]:
    """All figures."""
    lexicon, all_lines = home_lexicon(), lines()
    results = judged(all_lines, lexicon)
    kinds = {k: [j for j in results if j.line.expect == k] for k in dict.fromkeys(n.expect for n in all_lines)}
    return {
        "lines": len(results),
        "kinds": {k: _kind(g) for k, g in kinds.items()},
        "trade": trade(slipped(all_lines), lexicon),
        "large": large(),
        "clips": [asdict(s) for s in measure(lexicon)] if clips else [],
    }  # fmt: skip


def _show(found: dict[str, Any]) -> None:
    print(f"{found['lines']} utterances of tests/utterances\n")
    print(table(["question", "lines", "right", "wrongly accepted"], [
        [k, g["lines"], f"{g['right']:.1%}", f"{g['accepted']:.1%}"] for k, g in found["kinds"].items()
    ]))  # fmt: skip
    counted = ("missed", "wrongly_accepted", "wrong_value")
    print("\nThe trade as a threshold moves (* in use), on the same lines with a letter lost in every second long word")
    print(table(["threshold", "value", "right", "missed", "wrongly accepted", "wrong value"], [
        [t["threshold"], f"{t['value']}{'*' if t['used'] else ' '}", f"{t['right']:.1%}", *(t[k] for k in counted)]
        for t in found["trade"]
    ]))  # fmt: skip
    big = found["large"]
    print(f"\n{big['services']} services, {big['queries']} queries with slips (CPU time on one core)")
    print(table(["", "right or rightly open", "median ms", "p99 ms"], [
        [name, f"{big[name]['right']:.1%}", f"{big[name]['median_ms']:.2f}", f"{big[name]['p99_ms']:.2f}"]
        for name in ("ours", "rapidfuzz_extractOne")
    ]))  # fmt: skip
    print(f"loaded in {big['load_s']:.2f} s, {big['memory_mb']:.1f} MB")
    if found["clips"]:
        print("\nSpoken clips through the recogniser")
        rows = [[c["language"], c["way"], c["turns"], c["understood"], c["wrong"]] for c in found["clips"]]
        print(table(["language", "decoding", "turns", "understood", "understood wrongly"], rows))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit status whether the large catalogue meets its numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--no-clips", action="store_true", help="leave out the recogniser")
    options = parser.parse_args(argv)
    found = report(clips=not options.no_clips)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _show(found)
    ours = found["large"]["ours"]
    return int(not (ours["right"] >= RIGHT and ours["median_ms"] <= MEDIAN_MS and ours["p99_ms"] <= P99_MS))
