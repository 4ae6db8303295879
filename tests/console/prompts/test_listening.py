"""Every prompt can be heard with sample values, what is typed before it is saved."""

from __future__ import annotations

import io
import wave

import pytest

from booking.zone import ZONE
from console.prompts.samples import samples
from prompts.contents import contents
from tests.console.accounts.house import START, Browser
from tests.console.prompts.house import drafted, own


def seconds(audio: bytes) -> float:
    with wave.open(io.BytesIO(audio)) as file:
        return file.getnframes() / file.getframerate()


def test_every_prompt_has_sample_values_in_every_language() -> None:
    ours = own()
    for spot, (text, *_) in contents(ours.first).items():
        if spot.kind == "prompt":
            values = samples([text], spot.language, ours.names.catalogue, START)
            assert ours.prompts.render(spot.language, spot.key, values, ours.names, START.astimezone(ZONE)), spot


def test_what_is_typed_is_heard_before_it_is_saved(esha: Browser) -> None:
    at = f"{drafted(esha)}/hear/en/welcome.both"
    saved = esha.get(at)
    assert (saved.status_code, saved.mimetype) == (200, "audio/wav")
    typed = esha.get(f"{at}?text=Hello {{brand}}.")
    assert 0 < seconds(typed.data) < seconds(saved.data)


@pytest.mark.parametrize(("text", "status"), [("{brand", 422), ("<b>", 422), ("{fee:x}", 422), ("unspeakable", 503)])
def test_what_cannot_be_said_is_no_error_of_the_server(esha: Browser, text: str, status: int) -> None:
    assert esha.get(f"{drafted(esha)}/hear/en/welcome.both?text={text}").status_code == status


@pytest.mark.parametrize("path", ["en/no.such", "fr/welcome.both", "en/answers.yes"])
def test_there_is_nothing_to_hear_where_there_is_no_prompt(esha: Browser, path: str) -> None:
    assert esha.get(f"{drafted(esha)}/hear/{path}").status_code == 404
