"""Which stories a place may know of, and which one a person means."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.domain.access import EVERYTHING, Cleared, Place, Scope, clear_all, scope
from bot.domain.errors import StoryNotFound
from bot.domain.passages import StoryCard
from bot.domain.story import StoryId


class ShelfSource(Protocol):
    """Where the stories stand."""

    async def shelf(self, scope: Scope) -> list[StoryCard]:
        """The stories that a place may know of, by title."""
        ...


class Shelf:
    """The stories that may be named in a place."""

    def __init__(self, source: ShelfSource) -> None:
        self._source = source

    async def stories(self, place: Place) -> list[Cleared[StoryCard]]:
        """All of them, by title."""
        cards = await self._source.shelf(scope(place))
        return clear_all([(card, EVERYTHING) for card in cards], place)

    async def suggest(self, place: Place, typed: str) -> list[Cleared[StoryCard]]:
        """Those whose title or author holds what has been typed; titles that begin so come first."""
        wanted = typed.casefold().strip()
        stories = await self.stories(place)
        fitting = [s for s in stories if wanted in _searchable(s.item)]
        return sorted(fitting, key=lambda s: not s.item.title.casefold().startswith(wanted))

    async def find(self, place: Place, name: str) -> Cleared[StoryCard]:
        """The story that a person means: a suggestion's value, a title, or the short name.

        Raises:
            StoryNotFound: none of that name may be shown here, or several.
        """
        stories = await self.stories(place)
        wanted = name.casefold().strip()
        for name_of in (_value, _title, _slug):
            if found := [s for s in stories if name_of(s.item) == wanted]:
                return _only(found, name)
        partly = [s for s in stories if wanted and wanted in _title(s.item)]
        if len(partly) == 1:
            return partly[0]
        raise StoryNotFound(name=name)

    async def find_for_moderator(self, place: Place, name: str) -> tuple[StoryCard, str]:
        """The story that a moderator means, of whatever rating, and how to call it here.

        A title that may not stand in this place is never given back: the moderator reads what they
        typed. Only a whole title or a short name is taken for such a story.

        Raises:
            StoryNotFound: this server has none of that name, or several.
        """
        wanted = name.casefold().strip()
        called = [
            story
            for story in await self.stories(replace(place, age_restricted=True))
            if wanted in (_title(story.item), _slug(story.item))
        ]
        if len({story.item.id for story in called if _title(story.item) == wanted}) > 1:
            raise StoryNotFound("story_ambiguous", name=name)
        try:
            found = (await self.find(place, name)).item
            return found, found.title
        except StoryNotFound as refused:
            if refused.key == "story_ambiguous" or not called:
                raise
            return _only(called, name).item, name.strip()


def _only(found: list[Cleared[StoryCard]], name: str) -> Cleared[StoryCard]:
    if len(found) > 1:
        raise StoryNotFound("story_ambiguous", name=name)
    return found[0]


def option_value(story_id: StoryId) -> str:
    """The opaque value of a suggested story: no title anybody would type."""
    return f"story:{story_id}"


def _value(card: StoryCard) -> str:
    return option_value(card.id)


def _title(card: StoryCard) -> str:
    return card.title.casefold()


def _slug(card: StoryCard) -> str:
    return card.slug


def _searchable(card: StoryCard) -> str:
    return " ".join((card.title, *card.authors, card.slug)).casefold()
