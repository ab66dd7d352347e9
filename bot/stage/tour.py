"""What ``inglenook try`` plays when it is given no steps, and what ``inglenook preview`` begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot import app, strings
from bot.services.library import Added
from bot.stage.commands import quoted
from bot.stage.play import Outcome, Play
from bot.stage.sight import Reading
from bot.stage.steps import parse
from bot.stage.terminal import JsonLines, Terminal
from bot.stage.world import World

CORPUS = app.CORPUS

_SERIAL = "The Salt Door"
_ADULT = "Nine Men and a Piano"
_MEMORY = "sugr realy was a dentist"


@dataclass(frozen=True, slots=True)
class Moment:
    """One sentence of narration and the steps that show it."""

    words: str
    """Key in ``strings.TOUR``."""
    actor: str
    channel: str
    steps: tuple[str, ...]
    refused: bool = False
    """Whether the point is that the last step is refused."""


MOMENTS = (
    Moment(
        "serial",
        "moderator",
        "mods",
        (f"/serial start story:{quoted(_SERIAL)} channel:#chapters every:day first:in a minute",),
    ),
    Moment("drop", "reader", "chapters", ("wait 2m",)),
    Moment("reaction", "reader", "chapters", ("react ❤️ [2]",)),
    Moment("quote", "reader", "talk", ("/quote", 'press "Another"', 'press "Context"')),
    Moment("suggest", "reader", "talk", ("suggest '/find words:\"nine feet thi'",)),
    Moment("find", "reader", "talk", (f"/find words:{quoted(_MEMORY)}",)),
    Moment("refused", "reader", "talk", (f"/quote story:{quoted(_ADULT)}",), refused=True),
    Moment("adult", "reader", "late-night", (f"/quote story:{quoted(_ADULT)}",)),
    Moment("top", "reader", "talk", ("/top",)),
    Moment("restart", "reader", "talk", ("restart", "/top", 'press "Another"')),
    Moment("still", "moderator", "mods", ("/serial list",)),
)


def highlights(channel: str, title: str = _SERIAL, memory: str | None = _MEMORY) -> tuple[Moment, ...]:
    """The short tour in one channel: a serial of that story starts at once, a memory of it is found."""
    reader = "moderator" if channel == "mods" else "reader"
    serial = f"/serial start story:{quoted(title)} channel:#{channel} every:day first:now"
    found = (Moment("find", reader, channel, (f"/find words:{quoted(memory)}",)),) if memory else ()
    return (
        Moment("serial_here", "moderator", channel, (serial,)),
        Moment("reaction", reader, channel, ("react ❤️ [2]",)),
        *found,
        Moment("quote", reader, channel, ("/quote",)),
    )


def tell_imports(terminal: Terminal, added: Sequence[Added]) -> None:
    """Say which stories came in."""
    terminal.narrate(strings.TOUR["import"].format(count=len(added)))
    for story in added:
        terminal.note(
            strings.TOUR_STORY.format(
                title=story.title,
                rating=story.rating.value,
                chapters=story.chapters,
                scenes=story.scenes,
                words=f"{story.words:,}",
            )
        )


async def tour(world: World, moments: Sequence[Moment], paper: Terminal | JsonLines) -> bool:
    """Play the moments; whether each went as it should."""
    as_told = True
    for moment in moments:
        if isinstance(paper, Terminal):
            paper.narrate(strings.TOUR[moment.words])
        play = Play(world, actor=moment.actor, channel=moment.channel)
        for number, text in enumerate(moment.steps, 1):
            outcome = await play.perform(parse(text))
            write(world, paper, text, outcome)
            refusal_due = moment.refused and number == len(moment.steps)
            as_told = as_told and (outcome.error is not None) == refusal_due
    return as_told


def write(world: World, paper: Terminal | JsonLines, step: str, outcome: Outcome) -> None:
    """Write a step down as it reads at this moment."""
    styled = isinstance(paper, Terminal) and paper.styled
    paper.write(step, outcome, Reading(world.names, world.now(), styled))
