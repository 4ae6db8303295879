"""A conference that ends while it is asked about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivr.bridge import BridgeFailed
from ivr.carriers.twilio.conferences import Conferences
from ivr.carriers.twilio.rest import Account
from tests.ivr.carriers.house import TOKEN, House, Running

GONE = "CF" + "9" * 32


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """Ours at an exchange that has no conferences."""
    with Running(House()) as house:
        yield Account(house.exchange.shared.trunk.account_sid, TOKEN, "+917710014545", house.url)


class Late(Conferences):
    """Finds these conferences, one after the other; the last one for ever."""

    coming: list[str]

    def _look_up(self, room: str) -> str:
        return self.coming.pop(0) if len(self.coming) > 1 else self.coming[0]


def late(account: Account, *coming: str) -> Late:
    found = Late(account)
    found.coming = list(coming)
    return found


def test_it_has_nobody_in_it_and_is_no_fault_to_end(account: Account) -> None:
    assert late(account, GONE, "").participants("r1") == []
    late(account, GONE, "").end("r1")


def test_one_that_is_still_listed_and_cannot_be_asked_is_a_failure(account: Account) -> None:
    with pytest.raises(BridgeFailed):
        late(account, GONE).participants("r1")
    with pytest.raises(BridgeFailed):
        late(account, GONE).end("r1")
