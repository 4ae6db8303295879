"""What stands before several server processes: passes connections on to one after the other, leaving out the dead."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Sequence


class Balancer:
    """Listens on `port` of 127.0.0.1 in a thread of its own and connects to `servers` (ports) in turn."""

    def __init__(self, port: int, servers: Sequence[int]) -> None:
        self._port, self._servers = port, list(servers)
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),), daemon=True)
        self._thread.start()
        self._up.wait(10)

    def end(self) -> None:
        """Stop."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)

    async def _run(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self._up.set()
        await self._ended.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._servers:
            self._servers.append(self._servers.pop(0))
            with contextlib.suppress(OSError):
                there, back = await asyncio.open_connection("127.0.0.1", self._servers[-1])
                await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))
                return
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
