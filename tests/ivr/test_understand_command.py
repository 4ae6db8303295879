"""`python app.py understand`, as a program."""

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.pace import at_best

ROOT = Path(__file__).parents[2]


def run(*options, stdin=b""):
    command = [sys.executable, "app.py", "understand", *options]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT, check=False, timeout=60)


def row(**fields):
    return (json.dumps(fields, ensure_ascii=False) + "\n").encode()


def test_lines_in_are_meanings_out():
    lines = row(id="a", expect="city", text="रायपुर में") + row(id="b", expect="yesno", text="जी नहीं")
    done = run(stdin=lines)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "a", "got": {"city": "raipur"}},
        {"id": "b", "got": {"yesno": "no"}},
    ]
    assert done.returncode == 0


def test_a_line_that_cannot_be_read_is_named_and_the_rest_go_on():
    bad = [
        b"{", b"[]", b"7", b'{"id":1}', row(expect="city", text=5), row(expect="weather", text="a"),
        row(expect="date", text="कल", now="gestern"), row(expect="slot", text="x", offers="y"),
        row(expect="digits", text="एक", length=-1), row(expect="slot", text="x", offers=[5]),
        b"\xff\xfe{}", b"[" * 5000,
    ]  # fmt: skip
    last = row(id="last", expect="yesno", text="हाँ")
    done = run(stdin=b"\n".join(b.strip() for b in bad) + b"\n\n" + last)
    assert json.loads(done.stdout) == {"id": "last", "got": {"yesno": "yes"}}
    complaints = done.stderr.decode().splitlines()
    assert [c.split(":")[0] for c in complaints] == [f"line {n}" for n in range(1, len(bad) + 1)]
    assert done.returncode == 1
    assert "Traceback" not in done.stderr.decode()


def test_the_clock_of_the_line_counts_with_its_zone():
    text = row(id="z", expect="date", text="कल", now="2026-12-30T20:00:00+00:00")
    assert json.loads(run(stdin=text).stdout)["got"] == {"date": "2027-01-01"}


def test_explain_shows_why():
    found = json.loads(run("--explain", stdin=row(id="a", expect="service", text="जन्म प्रमाण पत्र")).stdout)
    assert found["why"]
    assert found["scores"] == {"service": 1.0}


def test_another_catalogue_has_its_own_ids(tmp_path):
    path = tmp_path / "services.yaml"
    path.write_text('- {id: "77", hi: "वन अधिकार पट्टा", en: "forest rights title"}\n', "utf-8")
    done = run("--catalogue", str(path), stdin=row(id="a", expect="service", text="forest rights"))
    assert json.loads(done.stdout)["got"] == {"service": "77"}


def test_a_broken_catalogue_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "services.yaml"
    path.write_text("nothing: here")
    done = run("--catalogue", str(path))
    assert done.returncode == 1
    assert done.stderr.decode().startswith("Error: ")


def test_evaluate_shows_accuracy_wrong_acceptances_and_misses(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(
        row(id="good", lang="hi", expect="city", text="रायपुर", gold={"city": "raipur"})
        + row(id="miss", lang="en", expect="city", text="raipur", gold={"city": "korba"})
        + row(id="took", lang="en", expect="yesno", text="yes", gold={})
    )
    shown = run("--evaluate", str(path)).stdout.decode()
    assert "exactly right      33.3% of 3 lines" in shown
    assert "wrong acceptances  33.3%" in shown
    assert "miss city en" in shown
    assert "took yesno en" in shown


def test_it_starts_quickly():
    def took() -> float:
        begun = time.monotonic()
        run()
        return time.monotonic() - begun

    assert at_best(took, lambda seconds: seconds < 3) < 3
