"""What tests do with the page again and again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.console.fake_exchange import Exchange

WAIT_MS = 15_000  # a busy machine's browser is slow; nothing waits so long when all is well


def call(page: Page, exchange: Exchange) -> None:
    page.get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Call").click()
    answered(page, exchange)


def answered(page: Page, exchange: Exchange) -> None:
    until(page, lambda: "dial" in exchange.types())
    exchange.answer()
    expect(page.get_by_role("timer")).to_be_visible()


def until(page: Page, true: Callable[[], bool]) -> None:
    for _ in range(WAIT_MS // 50):
        if true():
            return
        page.wait_for_timeout(50)
    pytest.fail("waited in vain")
