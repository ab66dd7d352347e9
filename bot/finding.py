"""Finds a half-remembered line from the terminal, for the one who hosts the bot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from bot import strings
from bot.app import open_finder
from bot.config import Config
from bot.domain.access import Scope
from bot.domain.errors import BadInput
from bot.domain.passages import Passage
from bot.domain.ranking import FOUND, UNSURE, highlight
from bot.domain.story import OPERATOR, Rating, StoryId
from bot.domain.text import search_words
from bot.services.lookup import MAX_QUERY, Allowed

MOST = 100
"""Lines that are named at most."""

_EVERYTHING = Scope(OPERATOR, frozenset(Rating), ahead=True)
_BOLD, _PLAIN = "\033[1m", "\033[0m"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that was found, whoever's it is."""

    slug: str
    passage: Passage
    score: float
    part: tuple[int, int] | None
    """What of it answers."""


async def find(
    config: Config, words: str, out: TextIO, *, story: str | None = None, limit: int = 5, as_json: bool = False
) -> int:
    """Print the lines most like ``words``, of every story whoever owns it and whatever its rating.

    Args:
        config: the settings.
        words: what is remembered.
        out: where to print.
        story: the short name of the only story to look through.
        limit: how many lines at most.
        as_json: whether to print one JSON object a line.

    Returns:
        0 where something like it was found, 1 where not.

    Raises:
        BadInput: there are no words, there is no such story, or the database cannot be used.
    """
    if not search_words(words):
        raise BadInput("find_no_words")
    found = await _found(config, words[:MAX_QUERY], story, limit)
    if as_json:
        for each in found:
            print(json.dumps(_as_json(each), ensure_ascii=False), file=out)
    elif found:
        print(strings.FOUND if found[0].score >= FOUND else strings.UNSURE, file=out)
        for each in found:
            print(_shown(each, *((_BOLD, _PLAIN) if out.isatty() else ("**", "**"))), file=out)
    else:
        print(strings.FIND_NOTHING, file=out)
    return 0 if found else 1


async def _found(config: Config, words: str, story: str | None, limit: int) -> Sequence[_Line]:
    if not config.database.is_file():
        raise BadInput("database_missing", path=config.database)
    async with open_finder(config) as (index, stories, every):
        slugs = await every.slugs()
        if not slugs:
            raise BadInput("library_empty", path=config.database)
        wanted = frozenset(number for number, slug in slugs.items() if story in (None, slug))
        if not wanted:
            raise BadInput("find_no_story", slug=story, known=", ".join(sorted(set(slugs.values()))))
        hits = await index.search(words, limit, Allowed(wanted, frozenset()))
        scores = {line: score for line, score in hits if score >= UNSURE}
        passages = [passage for passage, _ in await stories.passages(_EVERYTHING, list(scores))]
    return [
        _Line(
            slugs.get(StoryId(passage.heading.story_id), ""),
            passage,
            scores[passage.line_id],
            highlight(passage.text, words),
        )
        for passage in passages
        if passage.line_id in scores
    ]


def _shown(line: _Line, begin: str, end: str) -> str:
    text, heading, terms = line.passage.text, line.passage.heading, line.passage.terms
    if line.part is not None:
        start, stop = line.part
        text = f"{text[:start]}{begin}{text[start:stop]}{end}{text[stop:]}"
    chapter = strings.CHAPTER.format(number=heading.chapter_number)
    if heading.chapter_title:
        chapter = strings.CHAPTER_TITLED.format(number=heading.chapter_number, title=heading.chapter_title)
    return strings.FIND_LINE.format(
        score=f"{line.score:.0%}",
        text=" ".join(text.split()),
        story=heading.story_title,
        slug=line.slug,
        chapter=chapter,
        scene=strings.SCENE.format(number=heading.scene_number),
        rating=terms.rating.value,
        owner=strings.FIND_OPERATOR if terms.owner == OPERATOR else strings.FIND_SERVER.format(server=terms.owner),
    )


def _as_json(line: _Line) -> dict[str, object]:
    heading, terms = line.passage.heading, line.passage.terms
    return {
        "score": round(line.score, 4),
        "sure": line.score >= FOUND,
        "text": line.passage.text,
        "part": line.part,
        "story": line.slug,
        "title": heading.story_title,
        "chapter": heading.chapter_number,
        "chapter_title": heading.chapter_title,
        "scene": heading.scene_number,
        "rating": terms.rating.value,
        "server": None if terms.owner == OPERATOR else terms.owner,
    }
