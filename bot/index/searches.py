"""Who may search now: a few at a time, and of a reader who types on only the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


class Searches:
    """Runs searches in threads, at most ``most`` at a time; the others wait in line."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._line: dict[Hashable, asyncio.Future[bool]] = {}
        """Who waits, the longest first; each is told whether it is still wanted."""

    async def run(self, search: Callable[[], T], typist: Hashable = None) -> T | None:
        """What ``search`` gives; None where its typist had typed on before its turn came.

        The newer search takes the place in line of the older, so that nobody falls back by typing.
        """
        if not await self._turn(object() if typist is None else typist):
            return None
        work = asyncio.ensure_future(asyncio.to_thread(search))
        work.add_done_callback(self._done)
        # A thread cannot be stopped: who gives up waiting for it leaves it its turn until it is through.
        return await asyncio.shield(work)

    async def _turn(self, who: Hashable) -> bool:
        if self._free:
            self._free -= 1
            return True
        turn = asyncio.get_running_loop().create_future()
        older = self._line.get(who)
        if older is not None and not older.done():
            older.set_result(False)
        self._line[who] = turn
        try:
            return await turn
        except asyncio.CancelledError:
            if self._line.get(who) is turn:
                del self._line[who]
            if not turn.cancelled() and turn.result():
                # It was given up in the moment in which its turn came.
                self._pass_on()
            raise

    def _done(self, work: asyncio.Future[T]) -> None:
        if not work.cancelled():
            work.exception()  # looked at, so that nobody misses it where the one who asked is gone
        self._pass_on()

    def _pass_on(self) -> None:
        while self._line:
            turn = self._line.pop(next(iter(self._line)))
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1
