"""How well and at what cost recognition hears, with a grammar and freely, for each kind of question.

`python -m bench.recognition [--utterances development|heldout|further] [--every N] [--phrases product|development]
[--json]` on the models that config.yaml and the environment name (default here: the test models of tests/vosk). What
counts is what is understood: `kept` the same as from the text itself, `lost` nothing, `wrong` something else;
`sure_wrong` are those of the wrong ones that are taken without asking back, `doubted_right` right ones asked back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean, median

from bench.hearing import LANGUAGES, Heard, Hearer, LanguageChoice
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
    recognisers.close()
    table = _table(results, settings.speech.doubtful)
    if options.json:
        print(json.dumps({"kinds": table, "languages": asdict(choice), "cases": [asdict(r) for r in results]}))
    else:
        _print(table, choice, results)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", choices=["development", "heldout", "further"], help="spoken, in place of clips")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth utterance")
    parser.add_argument("--phrases", choices=["product", "development"], default="product", help="of the grammars")
    parser.add_argument("--json", action="store_true")
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


def _table(results: Sequence[Heard], doubtful: float) -> list[dict[str, object]]:
    groups: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for one in results:
        for expect in (one.expect, "all"):
            groups[(expect, one.way)].append(one)
    return [_row(expect, way, group, doubtful) for (expect, way), group in sorted(groups.items())]


def _row(expect: str, way: str, group: Sequence[Heard], doubtful: float) -> dict[str, object]:
    sure = [h for h in group if h.confidence >= doubtful]
    return {
        "expect": expect,
        "way": way,
        "said": len(group),
        "exact": sum(h.exact for h in group),
        **{meaning: sum(h.meaning == meaning for h in group) for meaning in ("kept", "lost", "wrong")},
        "sure_wrong": sum(h.meaning == "wrong" for h in sure),
        "doubted_right": sum(h.meaning == "kept" and bool(h.heard) for h in group if h not in sure),
        "cpu_ms_per_s": round(fmean(h.cpu_ms_per_s for h in group), 1),
        "wait_ms": round(median(h.wait_ms for h in group), 1),
    }


def _print(table: Sequence[dict[str, object]], choice: LanguageChoice, results: Sequence[Heard]) -> None:
    heads = list(table[0])
    for row in [dict[str, object](zip(heads, heads, strict=True)), *table]:
        print("".join(str(cell).ljust(max(len(head), 8) + 2) for head, cell in row.items()))
    print(f"\nspoken language first, of {choice.said} with both listening: {choice.right}")
    for one in results:
        if one.meaning == "wrong":
            print(f"wrong: {one.expect} {one.way}: {one.text} -> {one.heard} ({one.confidence:.2f})")


if __name__ == "__main__":
    main()
