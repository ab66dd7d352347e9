"""A story and its pieces, as the rules see them: plain, frozen, free of I/O.

Text is kept plain and its emphasis beside it as runs of offsets, so that offsets, searching and
quoting never meet markup. All offsets count Unicode code points into ``Scene.text``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType

from bot.domain.counting import words_in

StoryId = NewType("StoryId", int)
ChapterId = NewType("ChapterId", int)
SceneId = NewType("SceneId", int)
LineId = NewType("LineId", int)

Owner = NewType("Owner", int)
"""Whose a story is: a server's Discord id, or ``OPERATOR`` (offered to all servers)."""

OPERATOR = Owner(0)

MAX_LINE = 300
"""The longest a line may be, in code points; longer sentences are cut at a clause or a space."""


class Rating(StrEnum):
    """How adult a story is. What each may do is decided in ``access``."""

    GENERAL = "general"
    TEEN = "teen"
    MATURE = "mature"
    EXPLICIT = "explicit"
    UNRATED = "unrated"


_STRICTNESS = (Rating.GENERAL, Rating.TEEN, Rating.UNRATED, Rating.MATURE, Rating.EXPLICIT)


def strictest(ratings: Iterable[Rating]) -> Rating | None:
    """The most adult of several ratings; None of none. Unrated is stricter than teen."""
    return max(ratings, key=_STRICTNESS.index, default=None)


class PermissionFrom(StrEnum):
    """On whose word a story is here."""

    AUTHOR = "author"
    LICENCE = "licence"
    PUBLIC_DOMAIN = "public domain"
    UNKNOWN = "unknown"


class PermissionFor(StrEnum):
    """What that word covers: quotes and search only, or posting the whole text."""

    EXCERPTS = "excerpts"
    FULL_TEXT = "full text"


@dataclass(frozen=True, slots=True)
class Permission:
    """The consent that a story came with."""

    source: PermissionFrom = PermissionFrom.UNKNOWN
    covers: PermissionFor = PermissionFor.EXCERPTS

    @property
    def full_text(self) -> bool:
        """Whether the whole text may be posted.

        Nobody's word allows nothing but excerpts, whatever is said to be covered: quotes and search show
        a line at a time, and a story that is here without a word on record is taken for no more.
        """
        return self.covers is PermissionFor.FULL_TEXT and self.source is not PermissionFrom.UNKNOWN


@dataclass(frozen=True, slots=True)
class Emphasis:
    """A run of emphasised text: ``[start, end)``, never empty.

    The runs of a scene are in order, do not overlap, neither start nor end on white space, and
    stay inside one paragraph.
    """

    start: int
    end: int
    italic: bool
    bold: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, or one turn of speech with its tag: ``[start, end)`` of its scene's text.

    The lines of a scene are in order; between them and at the edges stands white space only, so
    they and the gaps give back the scene's text.
    """

    start: int
    end: int
    quotable: bool
    """Whole, self-contained and of a length that one would post by itself."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An unbroken passage inside a chapter.

    ``text`` has no white space at its edges; paragraphs are parted by one blank line (two
    newlines), lines of verse by a single newline; control and zero-width characters are gone.
    """

    text: str
    lines: tuple[Line, ...]
    emphasis: tuple[Emphasis, ...] = ()
    marker: str = ""
    """The scene break that stood before it in the source ("" for a chapter's first scene)."""
    source_line: int = 1
    """1-based line of its first word in the source file."""
    paragraph_lines: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """The same for each of its paragraphs, where it was just read; a stored scene has none."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A numbered part of a story, with at least one scene."""

    number: int
    scenes: tuple[Scene, ...]
    title: str | None = None
    date: date | None = None
    """The day the chapter plays on, where the author gives one."""


class Severity(StrEnum):
    """How much a problem matters: a warning is imported all the same, an error is not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a source file that its author should know."""

    severity: Severity
    file: str
    """The file's name, as the person gave it."""
    line: int | None
    """1-based line in that file, or None where it is about the file as a whole."""
    message: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Text of a source file that is not story: kept, but never quoted, searched or dropped."""

    kind: str
    """What it is, in lower case, such as "disclaimer", "end" or "front"."""
    text: str
    file: str
    line: int
    """1-based line in that file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """One story as read from its source files, before it is stored."""

    slug: str
    """Lower-case words joined by hyphens; with the owner it names the story."""
    title: str
    chapters: tuple[Chapter, ...]
    authors: tuple[str, ...] = ()
    rating: Rating = Rating.UNRATED
    warnings: tuple[str, ...] = ()
    language: str = "und"
    """BCP 47 tag; ``und`` where nobody said."""
    summary: str = ""
    source: str = ""
    permission: Permission = Permission()
    problems: tuple[Problem, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    member: str = field(default="", compare=False)
    """Which part of a folder or archive it is, where that holds several stories; else ""."""

    @property
    def words(self) -> int:
        """Words in all chapters."""
        return sum(words_in(s.text) for c in self.chapters for s in c.scenes)
