"""The phone's page and the captions it polls, without a browser."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console.phone.words import LANGUAGES, WORDS
from tests.console.fake_exchange import CALL, Exchange, page_app

CONSOLE = Path(__file__).parents[2] / "console"


@pytest.fixture
def fake() -> Exchange:
    return Exchange()


@pytest.fixture
def client(fake: Exchange) -> Iterator[FlaskClient]:
    with page_app(fake).test_client() as client:
        yield client


def _poll(client: FlaskClient, query: str = "", **headers: str) -> TestResponse:
    return client.get(f"/phone/calls/{CALL}{query}", headers=headers)


def test_a_call_gives_its_turns_in_hindi_and_what_is_filled(client: FlaskClient, fake: Exchange) -> None:
    filled = [{"item": "city", "label": "शहर", "value": "रायपुर"}]
    fake.turns(("bot", "नमस्ते"), ("caller", "रायपुर"), filled=filled)
    answer = _poll(client).get_json()
    assert [t["text"] for t in answer["turns"]] == ["नमस्ते", "रायपुर"]
    assert answer["filled"] == filled
    assert answer["language"] == "hi"


def test_only_turns_after_the_last_seen_are_sent(client: FlaskClient, fake: Exchange) -> None:
    fake.turns(("bot", "one"), ("caller", "two"), ("bot", "three"))
    assert [t["seq"] for t in _poll(client, "?after=2").get_json()["turns"]] == [3]
    assert _poll(client, "?after=3").get_json()["turns"] == []


@pytest.mark.parametrize("after", ["", "x", "-5", "99999999999999999999999", "1;drop", "%00"])
def test_a_malformed_after_is_no_error(client: FlaskClient, fake: Exchange, after: str) -> None:
    fake.turns(("bot", "one"))
    assert _poll(client, f"?after={after}").status_code == 200


def test_an_unchanged_call_answers_304_and_a_changed_one_200(client: FlaskClient, fake: Exchange) -> None:
    fake.turns(("bot", "one"))
    tag = _poll(client).headers["ETag"]
    unchanged = _poll(client, **{"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    fake.turns(("bot", "one"), node="city")
    assert _poll(client, **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "call", ["CA" + "f" * 32, "CAxyz", "CA" + "0" * 33, CALL.lower(), "..%2f..%2fetc", "%F0%9F%98%80", "CA" + "٣" * 32]
)
def test_an_unknown_or_malformed_call_is_404(client: FlaskClient, fake: Exchange, call: str) -> None:
    fake.turns(("bot", "secret"))
    answer = client.get(f"/phone/calls/{call}")
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def test_a_malformed_call_never_reaches_the_store(client: FlaskClient, fake: Exchange) -> None:
    fake.failing = True
    assert client.get("/phone/calls/CA' OR 1=1").status_code == 404


def test_a_transcript_is_not_kept_by_caches_and_is_never_markup(client: FlaskClient, fake: Exchange) -> None:
    fake.turns(("caller", "<script>alert(1)</script>"))
    answer = _poll(client)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "application/json"
    assert answer.get_json()["turns"][0]["text"] == "<script>alert(1)</script>"


def test_the_page_is_hindi_unless_english_is_asked_for(client: FlaskClient) -> None:
    for query, language, word in (
        ("", "hi", "कॉल करें"),
        ("?lang=en", "en", "Hang up"),
        ("?lang=hi", "hi", "कॉल काटें"),
        ("?lang=fr", "hi", "कॉल करें"),
        ("?lang=<script>", "hi", "कॉल करें"),
    ):
        html = client.get(f"/phone{query}").get_data(as_text=True)
        assert f'<html lang="{language}">' in html
        assert word in html


def test_the_page_answers_with_and_without_a_slash_at_its_end(client: FlaskClient) -> None:
    assert client.get("/phone").status_code == 200
    assert client.get("/phone/").status_code == 200


def test_brand_and_number_come_from_the_settings(client: FlaskClient) -> None:
    html = client.get("/phone?lang=en").get_data(as_text=True)
    assert "Mitan 14545" in html
    assert "{brand}" not in html.split('id="words"')[0]
    data = re.search(r'id="words">(.*?)</script>', html, re.S)
    assert data is not None
    assert json.loads(data.group(1))["helpline"] == "14545"


def test_no_page_may_load_anything_from_outside(client: FlaskClient) -> None:
    answer = client.get("/phone")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|unsafe|\*", policy)
    sources = re.findall(r'(?:src|href)="([^"]*)"', answer.get_data(as_text=True))
    assert sources
    assert all(s.startswith(("/", "?")) and not s.startswith("//") for s in sources)
    for source in sources:
        if source.startswith("/"):
            assert client.get(source).status_code == 200, source


def test_style_and_script_name_no_other_host() -> None:
    ours = [
        path for kind in ("css", "js", "html") for path in CONSOLE.rglob(f"*.{kind}") if path.parent.name != "vendor"
    ]
    for path in ours:
        assert not re.search(r"https?://|url\([\"']?//", path.read_text(encoding="utf-8")), path


def test_the_font_comes_with_its_licence(client: FlaskClient) -> None:
    font = client.get("/console/static/fonts/noto-sans-devanagari.woff2")
    assert font.data[:4] == b"wOF2"
    assert b"SIL OPEN FONT LICENSE" in client.get("/console/static/fonts/OFL.txt").data


def test_both_languages_have_the_same_labels_and_placeholders() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    first, *others = LANGUAGES
    for other in others:
        assert WORDS[first].keys() == WORDS[other].keys()
        assert {k: fields(v) for k, v in WORDS[first].items()} == {k: fields(v) for k, v in WORDS[other].items()}
    assert all(text.strip() for words in WORDS.values() for text in words.values())


def test_hindi_labels_are_devanagari() -> None:
    latin = {k for k, v in WORDS["hi"].items() if not re.search(r"[\u0900-\u097f]", v)}
    assert latin <= {"bot"}  # the brand's own name


def test_every_label_is_used_and_every_used_label_exists() -> None:
    sources = [*(CONSOLE / "phone").rglob("*.js"), *(CONSOLE / "phone").rglob("*.html")]
    text = "\n".join(p.read_text(encoding="utf-8") for p in sources)
    called = set(re.findall(r'\bt\("(\w+)"\)|\bw(?:ords\[code\])?\.(\w+)|data-word(?:-\w+)?="(\w+)"', text))
    used = {name for names in called for name in names if name} - {"brand_number"}
    assert used <= WORDS["hi"].keys()
    made = re.compile(r"(state|item|part|example)_")  # their names are put together
    assert {k for k in WORDS["hi"] if not made.match(k) and f'"{k}"' not in text and k not in used} == set()


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# (drawn, behind it): text needs 4.5, marks and edges of controls 3
TEXT = """ink ground,ink card,ink key,ink key-down,ink accent-tint,ink warm-tint,ink-soft ground,ink-soft card,
ink-soft key,ink-soft key-down,warm card,accent card,accent-deep accent-tint,accent-ink accent,accent-ink accent-deep,
stop-ink stop,stop-ink stop-deep,go-ink go,go-ink go-deep,stop stop-tint"""
SHAPES = "control-edge card,control-edge ground,accent card,go card,warm card,go edge"


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrasts_are_wcag_aa(scheme: int) -> None:
    css = (CONSOLE / "static" / "base.css").read_text(encoding="utf-8")
    blocks: list[Any] = re.findall(r":root \{(.*?)\}", css, re.S)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[scheme]))
    for pairs, least in ((TEXT, 4.5), (SHAPES, 3)):
        for pair in pairs.split(","):
            drawn, behind = pair.split()
            assert _contrast(colours[drawn], colours[behind]) >= least, pair
