"""Says of each file what became of it, to a person or to a program."""

from __future__ import annotations

import json
import sys
from typing import TextIO

from bot import strings
from bot.domain.access import rating_fits
from bot.domain.story import Rating
from bot.importing.orders import ImportOrder
from bot.importing.progress import Progress
from bot.services.library import Added
from bot.services.report import Report, as_json, refused_as_json
from bot.services.reportpage import changes as changes_of
from bot.services.reportpage import page, short_problems


class Telling:
    """Says of every story what became of it."""

    def __init__(self, out: TextIO, order: ImportOrder, progress: Progress) -> None:
        self._out = out
        self._order = order
        self._progress = progress
        self._pages = 0

    def good(self, report: Report, added: Added | None) -> None:
        """A story that came in, or could."""
        self._progress.clear()
        order = self._order
        if order.as_json:
            self._object(as_json(report, lines=order.lines))
        elif added is None:
            before = "\n" if self._pages else ""
            print(before + page(report, verbose=order.verbose, lines=order.lines), file=self._out)
            self._pages += 1
        else:
            _short_report(added, report, self._out)

    def refused(self, file: str, form: str, reason: str) -> None:
        """A file that did not."""
        self._progress.clear()
        if self._order.as_json:
            self._object(refused_as_json(file, form, reason))
        else:
            print(strings.IMPORT_REFUSED.format(reason=reason), file=sys.stderr)

    def nothing_written(self) -> None:
        """That it was a dry run."""
        if self._pages:
            print("\n" + strings.REPORT["nothing_written"], file=self._out)

    def _object(self, told: dict[str, object]) -> None:
        # Kept to ASCII: whatever the terminal's encoding, and whatever a file's name holds, it can be written.
        print(json.dumps(told), file=self._out, flush=True)


def _short_report(added: Added, report: Report, out: TextIO) -> None:
    scenes = strings.ONE_SCENE if added.scenes == 1 else strings.SCENES.format(count=added.scenes)
    chapters = strings.ONE_CHAPTER if added.chapters == 1 else strings.CHAPTERS.format(count=added.chapters)
    what = strings.IMPORT_NEW if added.new else strings.IMPORT_AGAIN.format(kept=added.kept_scenes, scenes=scenes)
    print(
        strings.IMPORT_ADDED.format(
            title=added.title,
            slug=added.slug,
            chapters=chapters,
            scenes=scenes,
            words=f"{added.words:,}",
            what=what,
        ),
        file=out,
    )
    if added.rating is Rating.UNRATED:
        print(strings.IMPORT_UNRATED, file=out)
    elif rating_fits(added.rating, age_restricted=False):
        print(strings.IMPORT_ANYWHERE.format(rating=added.rating), file=out)
    else:
        print(strings.IMPORT_RESTRICTED.format(rating=added.rating), file=out)
    for line in short_problems(report.manuscript):
        print(line, file=out)
    if report.changes:
        for line in changes_of(report):
            print(f"  {line}", file=out)
