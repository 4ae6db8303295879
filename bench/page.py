"""A page of the desk as the server sees it: signed in, listening, fetching what has changed. See `bench.pages`."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Coroutine, Iterable
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

REST_S = 0.4  # between two fetches for one topic, as in console/desk/static/live.js
FETCHES = {"queue": ("line",), "agents": ("line", "status", "now"), "tasks": ("work-due",)}
GROUP_S = 0.06  # what comes together is fetched once
FORM = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}


class Page:
    """One page. `shown` has, for each marker that came up in the line, when it did (steady seconds)."""

    def __init__(self, url: str) -> None:
        self._host, self._port = str(urlsplit(url).hostname), int(urlsplit(url).port or 80)
        self._cookies: dict[str, str] = {}
        self._token = self._address = ""
        self._has = {"now": "", "status": ""}
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: set[str] = set()
        self._last: dict[str, float] = {}
        self.shown: dict[str, float] = {}
        self.fetched = 0

    async def open(self, login: str, password: str) -> None:
        """Sign in, open /desk and listen."""
        self._token = _csrf(await self.ask("GET", "/sign-in"))
        await self.ask("POST", "/sign-in", {"csrf_token": self._token, "login": login, "password": password})
        page = await self.ask("GET", "/desk")
        self._token = _csrf(page)
        self._address = unescape(_found(r'data-address="([^"]+)"', page))
        self._do(self._listen())
        await self._fetch("now")

    async def close(self) -> None:
        """Close the page."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """The text of an answer."""
        body = urlencode(form or {}).encode()
        reader, writer = await self._sent(method, path, body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        for name, value in re.findall(r"(?im)^set-cookie: ([^=]+)=([^;\r]*)", head):
            self._cookies[name] = value
        text = await reader.read()
        writer.close()
        return text.decode(errors="replace")

    async def _sent(self, method: str, path: str, body: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=2**20)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        own = {"Host": f"{self._host}:{self._port}", "Connection": "close", "Cookie": cookies, "Accept": "text/html",
               "X-CSRFToken": self._token, "Content-Length": str(len(body))}  # fmt: skip
        own |= FORM if method == "POST" else {}
        head = "".join(f"{name}: {value}\r\n" for name, value in own.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return reader, writer

    async def _listen(self) -> None:
        reader, _ = await self._sent("GET", self._address, b"")
        first = True
        while line := (await reader.readline()).decode():
            if line.startswith("event: beat"):
                self._do(self._alive())
            elif line.startswith("data: {"):
                if not first:
                    self._changed(json.loads(line[6:]))
                first = False

    async def _alive(self) -> None:
        await self.ask("POST", "/desk/alive")

    def _changed(self, topics: Iterable[str]) -> None:
        """Fetch what shows these, at once or when the rest after the last time is over."""
        for part in {part: None for topic in topics for part in FETCHES.get(topic, ())}:
            if part in self._due:
                continue
            now = time.monotonic()
            wait = max(0.0, self._last.get(part, 0.0) + REST_S - now)
            self._due.add(part)
            self._do(self._fetches(part, wait + GROUP_S))

    async def _fetches(self, part: str, wait: float) -> None:
        await asyncio.sleep(wait)
        self._due.discard(part)
        self._last[part] = time.monotonic()
        await self._fetch(part)

    async def _fetch(self, part: str) -> None:
        known = f"?has={self._has[part]}" if self._has.get(part) else ""
        text = await self.ask("GET", f"/desk/{part}{known}")
        self.fetched += 1
        if part in self._has:
            self._has[part] = _found(rf"/desk/{part}\?has=([^\"&]+)", text) or self._has[part]
        for marker in re.findall(r"…(\d{4})", text):
            self.shown.setdefault(marker, time.monotonic())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[1] if found else ""


def _csrf(page: str) -> str:
    return _found(r'name="csrf-token" content="([^"]+)"', page)
