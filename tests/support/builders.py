"""Small stories, scenes and cards for tests; every value can be named, none has to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from bot.domain.access import EVERYTHING, Cleared, Gated, Place, Released, Terms, clear
from bot.domain.passages import (
    Heading,
    MovedScene,
    Passage,
    SerialCard,
    StoredChapter,
    StoredScene,
    StoryCard,
)
from bot.domain.story import (
    OPERATOR,
    Chapter,
    ChapterId,
    Emphasis,
    Line,
    LineId,
    Manuscript,
    Owner,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    Scene,
    SceneId,
    StoryId,
)

GUILD = 100
OTHER_GUILD = 200
CHANNEL = 10
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

T = TypeVar("T", bound=Gated)

_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s)|(?=\n\n)|$)")


def open_place(guild_id: int = GUILD, channel_id: int = CHANNEL) -> Place:
    return Place(guild_id, channel_id, age_restricted=False)


def adult_place(guild_id: int = GUILD, channel_id: int = CHANNEL) -> Place:
    return Place(guild_id, channel_id, age_restricted=True)


def cleared(item: T, place: Place | None = None, released: Released = EVERYTHING) -> Cleared[T]:
    """``item``, let through by the real gate."""
    return clear(item, place or adult_place(), released)


def terms(rating: Rating = Rating.TEEN, *, owner: Owner = OPERATOR, withdrawn: bool = False) -> Terms:
    return Terms(owner, rating, withdrawn)


def story_card(
    title: str = "The Salt Door",
    *,
    story_id: int = 1,
    slug: str | None = None,
    authors: Sequence[str] = ("Peg Lanyon",),
    warnings: Sequence[str] = (),
    summary: str = "A loaf, a door, a goat.",
    source: str = "",
    permission: Permission = Permission(PermissionFrom.AUTHOR, PermissionFor.FULL_TEXT),
    chapters: int = 5,
    words: int = 4600,
    terms: Terms = Terms(OPERATOR, Rating.TEEN, withdrawn=False),
) -> StoryCard:
    return StoryCard(
        id=StoryId(story_id),
        slug=slug if slug is not None else re.sub(r"\W+", "-", title.lower()).strip("-"),
        title=title,
        authors=tuple(authors),
        warnings=tuple(warnings),
        summary=summary,
        language="en",
        source=source,
        permission=permission,
        chapters=chapters,
        words=words,
        terms=terms,
    )


def heading(
    story_title: str = "The Salt Door",
    *,
    story_id: int = 1,
    authors: Sequence[str] = ("Peg Lanyon",),
    chapter_number: int = 2,
    chapter_title: str | None = "Nine for breakage",
    scene_id: int = 21,
    scene_number: int = 3,
) -> Heading:
    return Heading(
        story_id=StoryId(story_id),
        story_title=story_title,
        authors=tuple(authors),
        chapter_id=ChapterId(chapter_number),
        chapter_number=chapter_number,
        chapter_title=chapter_title,
        scene_id=SceneId(scene_id),
        scene_number=scene_number,
    )


def passage(
    text: str = "The river remembers every oar.",
    *,
    focus: str | None = None,
    emphasis: Sequence[Emphasis] = (),
    heading: Heading | None = None,
    line_id: int = 7,
    warnings: Sequence[str] = (),
    terms: Terms = Terms(OPERATOR, Rating.TEEN, withdrawn=False),
) -> Passage:
    """A passage; ``focus`` is the words of it that were asked for (all, unless given)."""
    start = text.index(focus) if focus is not None else 0
    return Passage(
        heading=heading or _HEADING,
        text=text,
        emphasis=tuple(emphasis),
        focus=(start, start + len(focus if focus is not None else text)),
        line_id=LineId(line_id),
        terms=terms,
        warnings=tuple(warnings),
    )


_HEADING = heading()


def stored_scene(text: str, *, scene_id: int = 21, emphasis: Sequence[Emphasis] = ()) -> StoredScene:
    ends = tuple(line.end for line in lines(text))
    return StoredScene(id=SceneId(scene_id), text=text, emphasis=tuple(emphasis), line_ends=ends)


def stored_chapter(
    *scenes: StoredScene,
    number: int = 2,
    title: str | None = "Nine for breakage",
    story_title: str = "The Salt Door",
    authors: Sequence[str] = ("Peg Lanyon",),
    warnings: Sequence[str] = (),
    terms: Terms = Terms(OPERATOR, Rating.TEEN, withdrawn=False),
) -> StoredChapter:
    return StoredChapter(
        id=ChapterId(number),
        story_id=StoryId(1),
        story_title=story_title,
        authors=tuple(authors),
        warnings=tuple(warnings),
        number=number,
        title=title,
        date=None,
        scenes=scenes or (stored_scene("The river remembers every oar."),),
        terms=terms,
    )


def moved_scene(
    opening: str = "The river remembers",
    *,
    heading: Heading | None = None,
    tallies: Sequence[tuple[str, int]] = (("❤️", 2),),
    message_id: int | None = 555,
    terms: Terms = Terms(OPERATOR, Rating.TEEN, withdrawn=False),
) -> MovedScene:
    return MovedScene(
        heading=heading or _HEADING,
        opening=opening,
        tallies=tuple(tallies),
        total=sum(readers for _, readers in tallies),
        message_id=message_id,
        channel_id=CHANNEL if message_id is not None else None,
        terms=terms,
    )


def serial_card(
    serial_id: int = 1,
    *,
    story_title: str = "The Salt Door",
    state: str = "active",
    reason: str | None = None,
    next_due: datetime | None = NOON,
    posted: int = 1,
    chapters: int = 5,
    terms: Terms = Terms(OPERATOR, Rating.TEEN, withdrawn=False),
) -> SerialCard:
    return SerialCard(
        id=serial_id,
        channel_id=CHANNEL,
        story_title=story_title,
        state=state,
        reason=reason,
        next_due=next_due,
        posted=posted,
        chapters=chapters,
        terms=terms,
    )


def lines(text: str) -> tuple[Line, ...]:
    """Its sentences, found the simple way."""
    return tuple(Line(m.start(), m.end(), quotable=True) for m in _SENTENCE.finditer(text))


def scene(text: str, *, emphasis: Sequence[Emphasis] = ()) -> Scene:
    return Scene(text=text, lines=lines(text), emphasis=tuple(emphasis))


def manuscript(
    *chapters: Sequence[str],
    slug: str = "the-salt-door",
    title: str = "The Salt Door",
    rating: Rating = Rating.TEEN,
    numbers: Sequence[int] | None = None,
) -> Manuscript:
    """A story of chapters given as the texts of their scenes."""
    return Manuscript(
        slug=slug,
        title=title,
        rating=rating,
        authors=("Peg Lanyon",),
        chapters=tuple(
            Chapter(number=number, scenes=tuple(scene(text) for text in texts))
            for number, texts in zip(numbers or range(1, len(chapters) + 1), chapters, strict=True)
        ),
    )
