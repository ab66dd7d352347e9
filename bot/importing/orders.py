"""What an import was asked to do, and what that means for each story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import strings
from bot.domain.corrections import Spot
from bot.domain.errors import BadInput
from bot.domain.stated import FIELDS, Stated
from bot.importing.settings import forgotten, understood
from bot.services.proofs import Wishes

_SPOT = re.compile(r"(?:(\d{1,6}):)?(\d{1,9})(?:\.(\d{1,6}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What `import` was asked to do."""

    paths: Sequence[Path]
    settings: Sequence[str] = ()
    """Of the form KEY=VALUE."""
    forget: Sequence[str] = ()
    """Keys of what was said at earlier imports."""
    story: str | None = None
    chapter: int | None = None
    breaks: Sequence[str] = ()
    """LINE, CHAPTER:LINE, or CHAPTER:LINE.N for the Nth paragraph that begins in that line."""
    joins: Sequence[str] = ()
    dry_run: bool = False
    as_json: bool = False
    lines: bool = False
    verbose: bool = False
    allow_shrink: bool = False

    def wishes(self) -> Wishes:
        """What is wanted of every story.

        Raises:
            BadInput: something of it cannot be meant.
        """
        changes = understood(self.settings)
        if self.chapter is not None and self.story is None:
            raise BadInput("import_chapter_of")
        if self.chapter is not None and self.chapter < 1:
            raise BadInput("import_bad_chapter", number=self.chapter)
        of_chapter = self.chapter is not None
        return Wishes(
            breaks=tuple(_spot(text) for text in self.breaks),
            joins=tuple(_spot(text) for text in self.joins),
            story=self.story,
            chapter=self.chapter,
            chapter_title=changes.get("title") if of_chapter else None,
            # Said of a chapter, a title is the chapter's; the story keeps the name under which it is stored.
            slug=changes.get("slug") if not of_chapter else None,
            stated=Stated(**{k: v for k, v in changes.items() if k in FIELDS and not (of_chapter and k == "title")}),
            forget=forgotten(self.forget),
        )

    def for_one_file(self) -> None:
        """Refuse what only one file can be meant by.

        Raises:
            BadInput: there is such an option.
        """
        for setting in self.settings:
            if "slug" in understood([setting]):
                raise BadInput("bad_setting", setting=setting, reason=strings.BAD_SETTING["slug_of_one"])
        for option in self._options_of_one():
            raise BadInput("import_one_file", option=option)

    def for_one_story(self, file: str, count: int) -> None:
        """Refuse what only one story can be meant by, where a file holds several.

        Raises:
            BadInput: there is such an option.
        """
        named = ["--set slug"] if "slug" in understood(self.settings) else []
        for option in (*named, *self._options_of_one()):
            raise BadInput("import_one_story", option=option, file=file, count=count)

    def _options_of_one(self) -> Iterator[str]:
        for option, given in (
            ("--break", self.breaks),
            ("--join", self.joins),
            ("--chapter", self.chapter is not None),
            ("--story", self.story is not None),
        ):
            if given:
                yield option


def _spot(text: str) -> Spot:
    found = _SPOT.fullmatch(text.strip())
    if found is None:
        raise BadInput("import_bad_line", text=text)
    chapter, line, nth = (int(part) if part else None for part in found.groups())
    return Spot(line or 0, chapter, nth or None)
