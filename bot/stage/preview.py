"""``inglenook preview``: the bot on a simulated Discord, in the browser."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot import strings
from bot.app import utc_now
from bot.domain.errors import BadInput

if TYPE_CHECKING:
    from bot.stage.page import Page
    from bot.stage.world import World

_log = logging.getLogger(__name__)

_BEAT = 1.0
"""Seconds between two looks at the clock."""


async def run_preview(*, channel: str, port: int, database: Path | None, out: TextIO) -> int:
    """Serve the page of ``channel`` until SIGINT or SIGTERM, or until somebody ends it in the page.

    Works on a copy of ``database``, or on the corpus; a serial runs in the channel, its first chapter
    posted. ``port`` 0 lets the system choose one.

    Returns:
        0.

    Raises:
        BadInput: simcord or its page is not installed, there is no such channel, the port is in use,
            or the database cannot be used.
    """
    try:
        from bot.stage import tour
        from bot.stage.terminal import Terminal
        from bot.stage.world import World
    except ModuleNotFoundError as error:
        if error.name != "simcord":
            raise
        raise BadInput("extra_missing", command="preview") from error

    with _interrupted() as stop:
        start = utc_now().astimezone(UTC).replace(microsecond=0)
        async with World(database, start=start) as world:
            if channel not in world.server.channels:
                names = ", ".join(f"#{name}" for name in world.server.channels)
                raise BadInput("stage_unknown_channel", name=channel, names=names)
            async with world.page(channel, port=port) as page:
                terminal = Terminal(out, brief=True)
                terminal.narrate(strings.TOUR["start"])
                if database is None:
                    tour.tell_imports(terminal, await world.load(tour.CORPUS))
                    await tour.tour(world, tour.highlights(channel), terminal)
                else:
                    await world.index()
                    if titles := await world.titles(channel):
                        await tour.tour(world, tour.highlights(channel, titles[0], None), terminal)
                    else:
                        terminal.narrate(strings.TOUR["nothing"].format(channel=channel))
                await page.move_on(timedelta())
                terminal.narrate(strings.TOUR["address"].format(channel=channel))
                print(f"\n{page.url}", file=out, flush=True)
                await _serve(world, page, stop)
    return 0


async def _serve(world: World, page: Page, stop: asyncio.Event) -> None:
    """Let time go on in the page as it does outside, until ``stop`` or until the page is closed."""
    loop = asyncio.get_running_loop()
    began, at = loop.time(), world.now()
    ends = [asyncio.create_task(stop.wait()), asyncio.create_task(page.closed())]
    try:
        while not (await asyncio.wait(ends, timeout=_BEAT, return_when=asyncio.FIRST_COMPLETED))[0]:
            try:
                await page.move_on(at + timedelta(seconds=loop.time() - began) - world.now())
            except Exception:  # noqa: BLE001 (a clock that stops would stop every serial of the visitor)
                _log.exception("the clock of the preview stumbled; it goes on with the next second")
    finally:
        for task in ends:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*ends)


@contextmanager
def _interrupted() -> Iterator[asyncio.Event]:
    """An event that is set when the process is asked to end."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    former = {
        number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
