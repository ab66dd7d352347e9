"""Turns at work of which only one may go on at a time: servers are let in one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Turns:
    """One at a time; who waits is let in server by server, so that nobody waits for all that another has in line."""

    def __init__(self) -> None:
        self._busy = False
        self._lines: dict[int, deque[asyncio.Future[None]]] = {}
        """Who waits, by server; the server that is let in next stands first."""

    @asynccontextmanager
    async def of(self, guild_id: int) -> AsyncGenerator[None]:
        """Wait for a turn of that server, and keep it for as long as the block lasts."""
        if self._busy:
            turn = asyncio.get_running_loop().create_future()
            self._lines.setdefault(guild_id, deque()).append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():
                    # It was given up in the moment in which it came.
                    self._pass_on()
                raise
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._lines:
            guild_id = next(iter(self._lines))
            line = self._lines.pop(guild_id)
            turn = line.popleft()
            if line:
                self._lines[guild_id] = line
            if not turn.done():
                turn.set_result(None)
                return
        self._busy = False
