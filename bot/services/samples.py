"""The stories that come with the bot: for a server whose shelf is empty, and for showing how a scene looks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from bot.domain.access import Cleared, Place, Scope, clear, scope
from bot.domain.errors import BadInput, NothingFound, Refused
from bot.domain.passages import Passage, StoryCard
from bot.domain.story import LineId, Manuscript, Owner, StoryId
from bot.services.library import Library
from bot.services.quotes import PassageSource
from bot.services.shelf import Shelf

AROUND = (6, 3, 1, 0)
"""How many lines follow the first one of a sample: the most that fit."""

LONGEST = 1500
"""Code points that a sample may have."""


class Openings(Protocol):
    """Where stories begin."""

    async def first_line(self, scope: Scope, story_id: StoryId) -> LineId | None:
        """The first line of a story that may be shown; None: there is none."""
        ...


class Samples:
    """Brings the bundled stories in, and shows how a scene looks."""

    def __init__(
        self,
        read: Callable[[], Iterable[Manuscript]],
        library: Library,
        refresh: Callable[[], Awaitable[object]],
        shelf: Shelf,
        openings: Openings,
        passages: PassageSource,
    ) -> None:
        self._read = read
        self._library = library
        self._refresh = refresh
        self._shelf = shelf
        self._openings = openings
        self._passages = passages
        self._turns = asyncio.Lock()

    async def add(self, owner: Owner) -> int:
        """Make the bundled stories a server's own and return how many came in; one that it has stays as it is."""
        # One at a time: who presses twice must not have two imports of one story meet.
        async with self._turns:
            added = 0
            for manuscript in await asyncio.to_thread(lambda: list(self._read())):
                if not await self._has(manuscript, owner):
                    await self._library.add(manuscript, owner)
                    added += 1
            if added:
                await self._refresh()
            return added

    async def opening(self, place: Place) -> tuple[Cleared[StoryCard], Cleared[Passage]]:
        """How a story begins: of the stories that may stand in ``place`` the first that has something to show.

        Raises:
            Refused: none has.
        """
        cards = await self._shelf.stories(place)
        for card in sorted(cards, key=lambda card: not card.item.permission.full_text):
            line = await self._openings.first_line(scope(place), card.item.id)
            if line is None:
                continue
            for after in AROUND:
                found = await self._passages.passages(scope(place), [line], after=after)
                if found and len(found[0][0].text) <= LONGEST:
                    try:
                        return card, clear(found[0][0], place, found[0][1])
                    except NothingFound:
                        break
        raise Refused("sample_none")

    async def _has(self, manuscript: Manuscript, owner: Owner) -> bool:
        try:
            return await self._library.check(manuscript, owner)
        except BadInput:
            return True
