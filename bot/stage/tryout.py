"""``inglenook try``: the bot on a simulated Discord, in the terminal.

(Not ``try.py``: a module of that name could not be imported by an ``import`` statement.)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import TextIO

from bot import strings
from bot.app import utc_now
from bot.domain.errors import BadInput
from bot.stage.steps import check, join_arguments, parse


async def run_try(
    steps: Sequence[str], *, actor: str, channel: str, as_json: bool, database: Path | None, out: TextIO
) -> int:
    """Perform the steps, or the tour where there are none, on a copy of ``database`` or on the corpus.

    Returns:
        0; or 1 where the bot refused or failed (in the tour: where anything went otherwise than told).

    Raises:
        BadInput: simcord is not installed, the database cannot be used, or (``BadStep``) a step
            cannot be read; nothing has been done then.
    """
    texts = join_arguments(steps)
    parsed = [parse(text) for text in texts]
    try:
        from bot.stage import tour
        from bot.stage.play import Play
        from bot.stage.terminal import JsonLines, Terminal
        from bot.stage.world import World
    except ModuleNotFoundError as error:
        if error.name != "simcord":
            raise
        raise BadInput("extra_missing", command="try") from error

    paper = JsonLines(out) if as_json else Terminal(out, brief=not steps)
    start = utc_now().astimezone(UTC).replace(second=0, microsecond=0)
    async with World(database, start=start) as world:
        _check_cast(world.bill.actors, world.bill.channels, actor, channel)
        for step in parsed:
            check(step, world.bill)
        if database is not None:
            await world.index()
        if database is None or not steps:
            added = await world.load(tour.CORPUS)
            if not steps and isinstance(paper, Terminal):
                paper.narrate(strings.TOUR["start"])
                tour.tell_imports(paper, added)
        if not steps:
            as_told = await tour.tour(world, tour.MOMENTS, paper)
            if isinstance(paper, Terminal):
                paper.narrate(strings.TOUR["end" if as_told else "end_otherwise"])
            return 0 if as_told else 1
        play = Play(world, actor=actor, channel=channel)
        failed = False
        for text, step in zip(texts, parsed, strict=True):
            outcome = await play.perform(step)
            tour.write(world, paper, text, outcome)
            failed = failed or outcome.error is not None
        return 1 if failed else 0


def _check_cast(actors: Sequence[str], channels: Sequence[str], actor: str, channel: str) -> None:
    if actor not in actors:
        raise BadInput("stage_unknown_person", name=actor, names=", ".join(actors))
    if channel not in channels:
        names = ", ".join(f"#{name}" for name in channels)
        raise BadInput("stage_unknown_channel", name=channel, names=names)
