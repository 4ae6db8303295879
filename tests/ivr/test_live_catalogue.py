"""A changed catalogue holds in every running process within seconds: in new calls, and in calls under way at their next
turn."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from booking import catalogue_version
from dialogs.understand import Hearing
from ivr.conversation import Conversation
from ivr.helpline import Helpline
from models.catalogue import CityRow, ServiceRow
from models.store import Store
from tests.calls.conftest import Town, _days, shared, town  # noqa: F401 - fixtures
from tests.ivr.test_editions import NOW, begun, changed, english, published
from tests.ivr.whole import serving, settings

SOON_S = 5.0


def renamed(store: Store, name: str = "sarpanch slip") -> None:
    """The English name of a service is changed, as a page does it."""
    with store.begin() as session:
        session.get_one(ServiceRow, "domicile_certificate").en = name
        catalogue_version.touch(session)


def new_city(store: Store) -> None:
    with store.begin() as session:
        session.add(CityRow(id="bemetara", hi="बेमेतरा", en="Bemetara", also=[], position=99))
        catalogue_version.touch(session)


def heard(talk: Conversation, text: str) -> str | None:
    talk.heard([Hearing(text, 1.0, "en")])
    found = talk.state.filled.get("service")
    return None if found is None else str(found)


def test_the_number_of_the_catalogue_grows_with_every_change(store: Store) -> None:
    with store.read() as session:
        assert catalogue_version.present(session) == 0
    for _ in range(2):
        with store.begin() as session:
            catalogue_version.touch(session)
    with store.read() as session:
        assert catalogue_version.present(session) == 2


def test_changes_at_the_same_moment_are_both_counted(store: Store) -> None:
    def once(_: int) -> None:
        with store.begin() as session:
            catalogue_version.touch(session)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(once, range(12)))
    with store.read() as session:
        assert catalogue_version.present(session) == 12


def test_nothing_is_made_anew_while_the_catalogue_stays(town: Town) -> None:  # noqa: F811
    helpline, _ = town(NOW)
    assert not helpline.editions.look(helpline)
    renamed(helpline.store)
    assert helpline.editions.look(helpline)
    assert not helpline.editions.look(helpline)


def test_a_new_name_is_understood_and_said_in_the_next_turn_of_a_call_under_way(town: Town) -> None:  # noqa: F811
    helpline, _ = town(NOW)
    talk = begun(helpline)
    english(talk)
    assert heard(talk, "sarpanch slip") is None
    renamed(helpline.store)
    helpline.editions.look(helpline)
    assert heard(talk, "sarpanch slip") == "domicile_certificate"
    assert helpline.names.service("domicile_certificate", "en") == "sarpanch slip"


@pytest.mark.parametrize("loaded_before", [True, False])
def test_every_edition_has_the_present_catalogue(town: Town, loaded_before: bool) -> None:  # noqa: F811
    helpline, _ = town(NOW)
    number = published(helpline, changed(("en/prompts.yaml", "how can I help you", "what can I do for you")))
    if loaded_before:
        helpline.at(number)
    new_city(helpline.store)
    helpline.editions.look(helpline)
    for edition in (0, number):
        assert "bemetara" in helpline.at(edition).flow.catalogue.city
    assert "what can I do for you" in english(begun(helpline))


def test_what_was_lost_with_the_store_is_looked_for_again(town: Town, tmp_path: Path) -> None:  # noqa: F811
    """A look that fails in the middle counts for nothing: the next one takes the catalogue over."""
    helpline, _ = town(NOW)
    renamed(helpline.store)
    failing = _Failing(helpline)
    with pytest.raises(OSError):
        helpline.editions.look(failing)  # type: ignore[arg-type]
    assert helpline.editions.look(helpline)


class _Failing:
    """A helpline whose store goes away after the number has been read."""

    def __init__(self, helpline: Helpline) -> None:
        self._stores = iter([helpline.store])

    @property
    def store(self) -> Store:
        for store in self._stores:
            return store
        raise OSError("gone")


def test_a_running_server_takes_a_changed_catalogue_over_within_5_seconds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(settings(monkeypatch, tmp_path / "var")) as running:
        helpline = running.application.helpline

        async def taken_over() -> float:
            began = time.monotonic()
            new_city(helpline.store)
            while "bemetara" not in helpline.at(0).flow.catalogue.city:
                await asyncio.sleep(0.05)
                assert time.monotonic() - began < SOON_S
            return time.monotonic() - began

        asyncio.run(taken_over())
        assert helpline.names.city("bemetara", "hi") == "बेमेतरा"
