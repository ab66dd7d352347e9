"""What a source says about itself, before it is known which story it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bot.domain.breaks import Block
from bot.domain.story import Permission, Problem, Rating, SetAside, Severity

MAX_LINES = 500_000
"""The most lines that are not blank in one file: ten megabytes of wrapped prose have a third of them."""
MAX_PARAGRAPHS = 250_000
"""The most paragraphs in one file."""
MAX_PARAGRAPH = 10_000_000
"""The longest paragraph, in code points: a whole library whose line ends were lost."""
MAX_SCENES = 50_000
"""The most scenes in one story."""
MAX_CHAPTERS = 5_000
"""The most chapters in one story."""


@dataclass(slots=True, kw_only=True)
class Metadata:
    """Facts about a story and one of its chapters; None or empty where the source is silent."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    rating: Rating | None = None
    warnings: tuple[str, ...] = ()
    language: str | None = None
    summary: str | None = None
    source: str | None = None
    permission: Permission | None = None
    chapter: int | None = None
    chapter_title: str | None = None
    chapter_date: date | None = None


@dataclass(slots=True, kw_only=True)
class Source:
    """One file as its reader understood it."""

    file: str
    """Its name, as a person would say which file it is."""
    blocks: list[Block]
    metadata: Metadata = field(default_factory=Metadata)
    front_matter: bool = False
    """Whether ``metadata`` is the file's own front matter: a chapter's file may then be meant."""
    whole: bool = False
    """Whether it says that it is a work of its own, as the downloads of archives do: no chapter of another."""
    set_aside: list[SetAside] = field(default_factory=list[SetAside])
    problems: list[Problem] = field(default_factory=list[Problem])

    def warn(self, line: int | None, message: str) -> None:
        """Note something that its author should know and that does not stop the import."""
        self.problems.append(Problem(Severity.WARNING, self.file, line, message))

    def put_aside(self, kind: str, blocks: Iterable[Block]) -> None:
        """Keep text that is not story."""
        self.set_aside += (SetAside(kind, block.text, self.file, block.line) for block in blocks)
