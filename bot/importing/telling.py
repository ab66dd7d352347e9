"""Says of each file what became of it, to a person or to a program."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import TextIO

from bot import strings
from bot.domain.access import rating_fits
from bot.domain.story import Rating
from bot.importing.orders import ImportOrder
from bot.importing.progress import Progress
from bot.services.library import Added
from bot.services.report import Report, as_json, refused_as_json
from bot.services.reportpage import changes as changes_of
from bot.services.reportpage import overruled, page, short_problems


class Telling:
    """Says of every story what became of it."""

    def __init__(self, out: TextIO, order: ImportOrder, progress: Progress) -> None:
        self._out = out
        self._order = order
        self._progress = progress
        self._pages = 0

    async def good(self, report: Report, added: Added | None) -> None:
        """A story that came in, or could."""
        told = await asyncio.to_thread(self._told, report, added)
        self._progress.clear()
        if added is None and not self._order.as_json:
            told = ("\n" if self._pages else "") + told
            self._pages += 1
        print(told, file=self._out, flush=self._order.as_json)

    def _told(self, report: Report, added: Added | None) -> str:
        if self._order.as_json:
            return _object(as_json(report, lines=self._order.lines))
        if added is None:
            return page(report, verbose=self._order.verbose, lines=self._order.lines)
        return "\n".join(_short_report(added, report))

    def refused(self, file: str, form: str, reason: str) -> None:
        """A file that did not."""
        self._progress.clear()
        if self._order.as_json:
            print(_object(refused_as_json(file, form, reason)), file=self._out, flush=True)
        else:
            print(strings.IMPORT_REFUSED.format(reason=reason), file=sys.stderr)

    def nothing_written(self) -> None:
        """That it was a dry run."""
        if self._pages:
            print("\n" + strings.REPORT["nothing_written"], file=self._out)


def _object(told: dict[str, object]) -> str:
    # Kept to ASCII: whatever the terminal's encoding, and whatever a file's name holds, it can be written.
    return json.dumps(told)


def _short_report(added: Added, report: Report) -> Iterator[str]:
    scenes = strings.ONE_SCENE if added.scenes == 1 else strings.SCENES.format(count=added.scenes)
    chapters = strings.ONE_CHAPTER if added.chapters == 1 else strings.CHAPTERS.format(count=added.chapters)
    what = strings.IMPORT_NEW if added.new else strings.IMPORT_AGAIN.format(kept=added.kept_scenes, scenes=scenes)
    yield strings.IMPORT_ADDED.format(
        title=added.title, slug=added.slug, chapters=chapters, scenes=scenes, words=f"{added.words:,}", what=what
    )
    if added.rating is Rating.UNRATED:
        yield strings.IMPORT_UNRATED
    elif rating_fits(added.rating, age_restricted=False):
        yield strings.IMPORT_ANYWHERE.format(rating=added.rating)
    else:
        yield strings.IMPORT_RESTRICTED.format(rating=added.rating)
    yield from (f"  {line}" for line in overruled(report))
    yield from short_problems(report.manuscript)
    if report.changes:
        yield from (f"  {line}" for line in changes_of(report))
