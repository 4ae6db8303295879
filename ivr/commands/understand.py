"""`python app.py understand`: what utterances mean, as JSON lines; or how well a file of them is understood."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import click

from dialogs.catalogue_file import load_catalogue
from dialogs.understand import Hearing, Lexicon, Meaning, build_lexicon, understand
from dialogs.understand.data import parsed
from dialogs.understand.lines import Judged, Line, parse_line, share

ROOT = Path(__file__).parents[2]
SEED = ROOT / "models" / "seed"
_LONGEST_LINE = 1_000_000  # bytes


def load_lexicon(services: Path, cities: Path, prompts: Path) -> Lexicon:
    """The lexicon of a catalogue's files and the phrases in `prompts`/<language>/phrases.yaml."""
    phrases = {p.parent.name: parsed(p) for p in sorted(prompts.glob("*/phrases.yaml"))}
    return build_lexicon(load_catalogue(services, cities), phrases)


def _lines(stream: Iterable[bytes]) -> Iterator[tuple[int, Line | str]]:
    """Each line with its number: the utterance, or what is wrong with the line."""
    for number, raw in enumerate(stream, start=1):
        if not raw.strip():
            continue
        try:
            if len(raw) > _LONGEST_LINE:
                raise ValueError("longer than a million bytes")
            yield number, parse_line(raw)
        except ValueError as error:
            yield number, str(error)


def _explained(meaning: Meaning) -> dict[str, object]:
    return {
        "why": list(meaning.why),
        "scores": dict(meaning.scores),
        "near": {k: list(v) for k, v in meaning.near.items()},
    }


def _complain(number: int, problem: str) -> None:
    click.echo(f"line {number}: {problem}", err=True)


def _answer(stream: BinaryIO, lexicon: Lexicon, explain: bool) -> bool:
    """Answers every readable line at once; whether all were readable."""
    fine = True
    for number, line in _lines(stream):
        if isinstance(line, str):
            _complain(number, line)
            fine = False
            continue
        meaning = understand([Hearing(line.text)], line.expect, line.context(lexicon))
        row: dict[str, object] = {"id": line.id, "got": meaning.gold()}
        if explain:
            row |= _explained(meaning)
        click.echo(json.dumps(row, ensure_ascii=False))
    return fine


def judge(path: Path, lexicon: Lexicon) -> tuple[list[Judged], bool]:
    """Every readable line of a file with what is understood of it; whether all lines were readable."""
    out, fine = [], True
    with path.open("rb") as stream:
        for number, line in _lines(stream):
            if isinstance(line, str):
                _complain(number, line)
                fine = False
                continue
            meaning = understand([Hearing(line.text)], line.expect, line.context(lexicon))
            out.append(Judged(line, meaning.gold()))
    return out, fine


def _table(judged: list[Judged]) -> None:
    """Accuracy by question and by language."""
    for field in ("expect", "lang"):
        for name in dict.fromkeys(getattr(j.line, field) for j in judged):
            group = [j for j in judged if getattr(j.line, field) == name]
            click.echo(
                f"  {name:<12} {sum(j.right for j in group):>4} of {len(group):<4} {share(group, 'right'):>7.1%}"
            )
        click.echo("")


def _report(judged: list[Judged]) -> None:
    with_answer = [j for j in judged if j.line.gold]
    _table(judged)
    click.echo(f"exactly right      {share(judged, 'right'):.1%} of {len(judged)} lines")
    click.echo(f"wrong acceptances  {share(judged, 'wrongly_accepted'):.1%} of all lines")
    click.echo(f"wrong values       {share(with_answer, 'wrong_value'):.1%} of {len(with_answer)} lines with an answer")
    for miss in (j for j in judged if not j.right):
        kind = "accepted" if miss.wrongly_accepted else "wrong" if miss.wrong_value else "missed"
        gold, got = (json.dumps(m, ensure_ascii=False) for m in (miss.line.gold, dict(miss.got)))
        click.echo(f"{kind:<8} {miss.line.id} {miss.line.expect} {miss.line.lang}: {miss.line.text} | {gold} | {got}")


@click.command()
@click.option("--explain", is_flag=True, help="Show why: the concepts heard, scores, near alternatives.")
@click.option(
    "--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another services.yaml."
)
@click.option("--cities", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another cities.yaml.")
@click.option(
    "--evaluate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Judge a file of utterances with their meaning.",
)
def command(explain: bool, catalogue: Path | None, cities: Path | None, evaluate: Path | None) -> None:
    """Understand utterances: JSON lines in (id lang expect now offers length text), JSON lines out (id, got).

    A line that cannot be read is named on standard error, the rest go on, and the exit status is 1.
    """
    try:
        lexicon = load_lexicon(catalogue or SEED / "services.yaml", cities or SEED / "cities.yaml", ROOT / "prompts")
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if evaluate:
        judged, fine = judge(evaluate, lexicon)
        _report(judged)
    else:
        fine = _answer(sys.stdin.buffer, lexicon, explain)
    if not fine:
        sys.exit(1)
