"""How well and at what cost recognition hears, with a grammar and freely, for each kind of question.

`python -m bench recognition [--utterances development|heldout|further] [--every N] [--phrases product|development]
[--clean] [--json] [--plot]` on the models that config.yaml and the environment name (default here: the test models of
tests/vosk); once more over lines with noise and packet loss (bench/lines.py) unless `--clean`. What counts is what is
understood: `kept` the same as from the text itself, `lost` nothing, `wrong` something else;
`sure_wrong` are those of the wrong ones that are taken without asking back, `doubted_right` right ones asked back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from statistics import fmean, median
from typing import Any

from bench import plots
from bench.hearing import LANGUAGES, WAYS, Heard, Hearer, LanguageChoice
from bench.lines import LINES, over
from bench.report import table
from bench.spoken import TESTS, Case, clips, utterances
from dialogs.catalogue_file import load_catalogue
from dialogs.understand import Lexicon, build_lexicon
from ivr.settings import ROOT, load
from ivr.speech.models import load_models
from ivr.speech.recognise import Recognisers
from prompts.load import read_yaml


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(argv)
    os.environ.setdefault("VOSK_MODEL_PATH", str(TESTS / "vosk"))
    settings = load()
    models = load_models(settings.speech, print)
    if models.missing:
        raise SystemExit("\n".join(models.missing.values()))
    recognisers = Recognisers(settings.speech, models)
    hearer, cases = Hearer(recognisers, _lexicon(), options.phrases), _cases(options)
    results, choice = asyncio.run(hearer.all(cases)), asyncio.run(hearer.languages(cases))
    chosen = [] if options.clean else [line for line in LINES if line != "clean"]
    bad = {line: asyncio.run(hearer.all([over(line, c) for c in cases])) for line in chosen}
    recognisers.close()
    kinds = _table(results, settings.speech.doubtful)
    lines = _lines({"clean": results} | bad, settings.speech.doubtful)
    if options.json:
        said = [asdict(r) for r in results]
        print(json.dumps({"kinds": kinds, "lines": lines, "languages": asdict(choice), "cases": said}))
    else:
        _print(kinds, lines, choice, results)
    if options.plot:
        _plot(lines)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", choices=["development", "heldout", "further"], help="spoken, in place of clips")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth utterance")
    parser.add_argument("--phrases", choices=["product", "development"], default="product", help="of the grammars")
    parser.add_argument("--clean", action="store_true", help="without noise and packet loss")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plot", action="store_true", help="bench/out/recognition.png as well")
    options = parser.parse_args(argv)
    for language in LANGUAGES:
        os.environ.setdefault(f"MITAN_SPEECH__MODEL_{language.upper()}", f"vosk-model-test-{language}-0.1")
    return options


def _cases(options: argparse.Namespace) -> list[Case]:
    if not options.utterances:
        return clips()
    with tempfile.TemporaryDirectory() as folder:
        return list(utterances(options.utterances, Path(folder), options.every))


def _lexicon() -> Lexicon:
    catalogue = load_catalogue(ROOT / "models/seed/services.yaml", ROOT / "models/seed/cities.yaml")
    return build_lexicon(catalogue, {lang: read_yaml(ROOT / "prompts" / lang / "phrases.yaml") for lang in LANGUAGES})


def _table(results: Sequence[Heard], doubtful: float) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str, str], list[Heard]] = defaultdict(list)
    for one in results:
        for language, expect in ((one.language, one.expect), (one.language, "all"), ("both", "all")):
            groups[(language, expect, one.way)].append(one)
    return [
        {"lang": language, "expect": expect, "way": way} | _row(group, doubtful)
        for (language, expect, way), group in sorted(groups.items())
    ]


def _lines(results: Mapping[str, Sequence[Heard]], doubtful: float) -> list[dict[str, Any]]:
    """The same by line, language and way, all kinds of question together."""
    out = []
    for line, heard in results.items():
        for language, way in product(LANGUAGES, WAYS):
            group = [h for h in heard if (h.language, h.way) == (language, way)]
            if group:
                row = _row(group, doubtful)
                out.append({"line": line, "lang": language, "way": way, "kept_share": row["kept"] / len(group)} | row)
    return out


def _row(group: Sequence[Heard], doubtful: float) -> dict[str, Any]:
    sure = [h for h in group if h.confidence >= doubtful]
    return {
        "said": len(group),
        "exact": sum(h.exact for h in group),
        **{meaning: sum(h.meaning == meaning for h in group) for meaning in ("kept", "lost", "wrong")},
        "sure_wrong": sum(h.meaning == "wrong" for h in sure),
        "doubted_right": sum(h.meaning == "kept" and bool(h.heard) for h in group if h not in sure),
        "cpu_ms_per_s": round(fmean(h.cpu_ms_per_s for h in group), 1),
        "wait_ms": round(median(h.wait_ms for h in group), 1),
    }


def _print(
    kinds: Sequence[Mapping[str, Any]],
    lines: Sequence[Mapping[str, Any]],
    choice: LanguageChoice,
    results: Sequence[Heard],
) -> None:
    print(table(list(kinds[0]), [list(row.values()) for row in kinds]))
    print("\nBy line, all kinds of question together\n")
    heads = ["line", "lang", "way", "said", "kept", "lost", "wrong", "sure_wrong"]
    rows = [[*(row[h] for h in heads), f"{row['kept_share']:.0%}"] for row in lines]
    print(table([*heads, "kept"], rows))
    print(f"\nspoken language first, of {choice.said} with both listening: {choice.right}")
    for one in results:
        if one.meaning == "wrong":
            print(f"wrong: {one.expect} {one.way}: {one.text} -> {one.heard} ({one.confidence:.2f})")


def _plot(lines: Sequence[Mapping[str, Any]]) -> None:
    groups: dict[str, dict[str, float]] = defaultdict(dict)
    for row in lines:
        groups[row["line"]][f"{row['lang']}, {row['way']}"] = row["kept_share"] * 100
    plots.bars("recognition", "answers whose meaning was kept, %", groups)


if __name__ == "__main__":
    main()
