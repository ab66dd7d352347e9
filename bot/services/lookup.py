"""Finds the line that somebody half remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.access import Cleared, Place, Scope, clear_all, scope
from bot.domain.errors import NothingFound
from bot.domain.passages import Passage
from bot.domain.ranking import FOUND, UNSURE
from bot.domain.story import LineId, SceneId, StoryId
from bot.services.quotes import PassageSource

MAX_QUERY = 1_000
"""Code points of a query that are looked at; nobody half remembers more."""

AROUND = 2
"""Lines shown before and after the one that was found."""

_AS_WELL = 0.02
"""A line whose score comes this close fits as well: one word, or two, may stand in many lines."""

_FOR_SCENES = 25
"""Lines among which the scenes are looked for that a message may be from."""

_TRIES, _FURTHER = 3, 4
"""How often lines that may not be shown after all are made up for, and how many times as many are asked for then."""

OTHERS = 5
"""Other matches that are offered beside the best."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be looked through: whole stories, and single scenes of those that may be shown in part."""

    stories: frozenset[StoryId]
    scenes: frozenset[SceneId]


class AllowedSource(Protocol):
    """Where it stands what may be looked through."""

    async def allowed(self, scope: Scope, story_id: StoryId | None) -> tuple[frozenset[StoryId], frozenset[SceneId]]:
        """The stories that are wholly allowed, and the scenes of those that are partly."""
        ...


class Finder(Protocol):
    """The line index."""

    async def search(
        self, query: str, limit: int, allowed: Allowed, *, typist: int | None = None
    ) -> Sequence[tuple[LineId, float]]:
        """The best allowed lines, best first, each with a score from 0 to 1; none where ``typist`` has typed on."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """A line that was found, with its surroundings."""

    passage: Cleared[Passage]
    score: float

    @property
    def line_id(self) -> LineId:
        """The line's id."""
        return self.passage.item.line_id

    @property
    def scene_id(self) -> SceneId:
        """The scene that it stands in."""
        return self.passage.item.heading.scene_id

    @property
    def text(self) -> str:
        """The line itself, without its surroundings."""
        item = self.passage.item
        return item.text[slice(*item.focus)]


def is_sure(matches: Sequence[Match]) -> bool:
    """Whether the first match is the line that was meant: it fits, and no other line fits as well."""
    best = matches[0]
    return best.score >= FOUND and all(
        other.score < best.score - _AS_WELL or other.text == best.text for other in matches[1:]
    )


class Lookup:
    """Answers what people half remember."""

    def __init__(self, finder: Finder, allowed: AllowedSource, source: PassageSource) -> None:
        self._finder = finder
        self._allowed = allowed
        self._source = source

    async def find(
        self,
        place: Place,
        words: str,
        story_id: StoryId | None = None,
        *,
        limit: int = 1 + OTHERS,
        around: int = AROUND,
        typist: int | None = None,
    ) -> list[Match]:
        """The best matches that may be shown here, best first.

        ``typist`` is who asks at every key: of those that wait only their newest is looked for.

        Raises:
            NothingFound: nothing like it may be shown here.
        """
        matches: list[Match] = []
        asked = limit
        for _ in range(_TRIES):
            # What the snapshot proposes may have been withdrawn, edited or held back in this very moment: then what
            # is allowed is asked again, and further down.
            may = Allowed(*await self._allowed.allowed(scope(place), story_id))
            hits = await self._finder.search(words[:MAX_QUERY], asked, may, typist=typist)
            likely = {line_id: score for line_id, score in hits if score >= UNSURE}
            matches = (await self._fetch(place, likely, around))[:limit]
            if len(matches) >= limit or len(likely) in (len(matches), 0) or len(likely) < asked:
                break
            asked *= _FURTHER
        if not matches:
            raise NothingFound
        return matches

    async def scenes(self, place: Place, words: str) -> list[Match]:
        """The best match of each scene that these words may be from, best first. A paragraph answers to several lines
        of one scene, which does not make it any less sure.

        Raises:
            NothingFound: nothing like it may be shown here.
        """
        best: dict[SceneId, Match] = {}
        for match in await self.find(place, words, limit=_FOR_SCENES):
            best.setdefault(match.scene_id, match)
        return list(best.values())[: 1 + OTHERS]

    async def line(self, place: Place, line_id: LineId, *, around: int = AROUND) -> Match:
        """The match that somebody picked from the suggestions.

        Raises:
            NothingFound: it stands no more, or may not be shown here.
        """
        matches = await self.lines(place, [line_id], around=around)
        if not matches:
            raise NothingFound
        return matches[0]

    async def lines(self, place: Place, line_ids: Sequence[LineId], *, around: int = AROUND) -> list[Match]:
        """Those of lines that were found earlier which stand and may be shown here now, in that order."""
        return await self._fetch(place, dict.fromkeys(line_ids, 1.0), around)

    async def _fetch(self, place: Place, scores: dict[LineId, float], around: int) -> list[Match]:
        found = await self._source.passages(scope(place), list(scores), before=around, after=around)
        # A line may have become another since its id was handed out, even one that was asked for as well.
        least = min(scores.values(), default=0.0)
        matches: dict[LineId, Match] = {}
        for cleared in clear_all(found, place):
            line_id = cleared.item.line_id
            matches.setdefault(line_id, Match(cleared, scores.get(line_id, least)))
        return list(matches.values())
