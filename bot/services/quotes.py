"""Random quotes, none twice in a server until all have been shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.access import Cleared, Place, Released, Scope, clear, scope
from bot.domain.errors import NothingFound
from bot.domain.passages import Passage
from bot.domain.story import LineId, StoryId

CONTEXT_LINES = 3
"""Lines shown before and after a quote when somebody asks for its context."""


class Bag(Protocol):
    """What a server has been shown in its present round."""

    async def draw(self, scope: Scope, story_id: StoryId | None) -> LineId | None:
        """A random quotable line that may be shown and has not been in this round, now recorded as
        shown. Where all have been, the round of just these lines starts again. None: there are none.
        """
        ...


class PassageSource(Protocol):
    """Where lines are fetched with their surroundings."""

    async def passages(
        self, scope: Scope, line_ids: Sequence[LineId], *, before: int = 0, after: int = 0
    ) -> list[tuple[Passage, Released]]:
        """Those of the lines that still stand, each with what may be shown of its story. Nothing is filtered."""
        ...


class Quotes:
    """Draws quotes and shows where they come from."""

    def __init__(self, bag: Bag, source: PassageSource) -> None:
        self._bag = bag
        self._source = source

    async def draw(self, place: Place, story_id: StoryId | None = None) -> Cleared[Passage]:
        """A line worth quoting, at random, from one story or from all.

        Raises:
            NothingFound: there is none that may be shown here.
        """
        line_id = await self._bag.draw(scope(place), story_id)
        if line_id is None:
            raise NothingFound("nothing_to_quote")
        return await self._fetch(place, line_id, 0)

    async def context(self, place: Place, line_id: LineId) -> Cleared[Passage]:
        """The lines around one.

        Raises:
            NothingFound: it stands no more, or may not be shown here any more.
        """
        return await self._fetch(place, line_id, CONTEXT_LINES)

    async def _fetch(self, place: Place, line_id: LineId, around: int) -> Cleared[Passage]:
        found = await self._source.passages(scope(place), [line_id], before=around, after=around)
        if not found:
            raise NothingFound
        passage, released = found[0]
        return clear(passage, place, released)
