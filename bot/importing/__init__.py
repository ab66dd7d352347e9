"""Brings stories in from the command line, or shows first what that would be."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TextIO

from bot import strings
from bot.app import App, open_app, open_proofs
from bot.config import Config
from bot.domain.errors import BadInput
from bot.domain.story import Manuscript
from bot.importing.orders import ImportOrder
from bot.importing.paths import format_of, name_of, shown_path, stories_in
from bot.importing.progress import Progress
from bot.importing.telling import Telling
from bot.ingest.reading import read
from bot.services.garbage import unsearched
from bot.services.library import Added
from bot.services.proofs import Proof, Proofs, Wishes
from bot.services.report import Report, planned_changes

__all__ = ["ImportOrder", "bring_in", "stories_in"]

_LOG = logging.getLogger(__name__)

_WORD = re.compile(r"\w+")
_SAME_STORY = 0.2
"""The share of the shorter one's lines that two files of one story have in common, at the very least."""
_READ, _COMPARED = 0.35, 0.5
"""The share of a file's work that is done when it has been read, and when it has been compared."""


async def bring_in(config: Config, order: ImportOrder, out: TextIO) -> int:
    """Import stories, or only say what would be; a file that cannot be read is refused and the others go on.

    Returns 0, or 2 where something was refused.

    Raises:
        BadInput: a setting or the database cannot be used.
    """
    wishes = order.wishes()
    paths = [story for path in order.paths for story in stories_in(path)]
    if len(paths) > 1:
        order.for_one_file()
    async with AsyncExitStack() as opened:
        progress = await opened.enter_async_context(Progress.shown(paths, hidden=order.as_json))
        bench: _Bench
        if order.dry_run:
            bench = _DryRun(await opened.enter_async_context(open_proofs(config)))
        else:
            bench = _Import(await opened.enter_async_context(open_app(config)), order.allow_shrink)
        tell = Telling(out, order, progress)
        desk = _Desk(bench, wishes, order, progress, tell)
        for number, path in enumerate(paths):
            with unsearched():
                await desk.bring(path, number)
        if desk.came_in:
            progress.says(strings.IMPORT_INDEXING, len(paths))
            with unsearched():
                await bench.finish()
    tell.nothing_written()
    return 2 if desk.refused else 0


class _Desk:
    """Where paths are worked through, one by one."""

    def __init__(self, bench: _Bench, wishes: Wishes, order: ImportOrder, progress: Progress, tell: Telling) -> None:
        self.came_in: dict[str, tuple[str, Path, str]] = {}
        """By short name, the file of every story that came in or could: as shown, its path, the part of it."""
        self.refused = 0
        self._bench = bench
        self._wishes = wishes
        self._order = order
        self._progress = progress
        self._tell = tell

    async def bring(self, path: Path, number: int) -> None:
        """Bring in what one path holds. What is wrong with it is told, and nothing else suffers."""
        file, called = shown_path(path), name_of(path)
        try:
            self._progress.says(strings.IMPORT_READING.format(name=called), number)
            manuscripts = await asyncio.to_thread(read, path)
        except Exception as error:  # noqa: BLE001 (a fault of ours in one file must not stop the others)
            self._refuse(error, file, path)
            return
        if not manuscripts:
            self._refuse(BadInput("corpus_empty", path=path), file, path)
            return
        several = len(manuscripts) > 1
        try:
            if several:
                self._order.for_one_story(called, len(manuscripts))
        except BadInput as error:
            self._refuse(error, file, path)
            return
        manuscripts.reverse()
        while manuscripts:
            # None is held any longer than it is worked on.
            shown = f"{file}/{manuscripts[-1].member}" if several else file
            await self._bring_one(manuscripts.pop(), path, shown, number)

    async def _bring_one(self, manuscript: Manuscript, path: Path, file: str, number: int) -> None:
        called = name_of(path)

        def stored(share: float) -> None:
            self._progress.says(strings.IMPORT_STORING.format(name=called), number, _COMPARED + share * (1 - _COMPARED))

        try:
            self._progress.says(strings.IMPORT_COMPARING.format(name=called), number, _READ)
            proof = await self._bench.proofs.proof(
                manuscript,
                file=file,
                name=called,
                form=format_of(path),
                wishes=self._wishes,
                compare=self._order.dry_run,
            )
            slug = proof.whole.slug
            if (before := self.came_in.get(slug)) and not await asyncio.to_thread(_alike, manuscript, *before[1:]):
                raise BadInput("import_same_name", file=file, slug=slug, other=before[0])
            stored(0)
            added, report = await self._bench.bring_in(proof, stored)
        except Exception as error:  # noqa: BLE001 (a fault of ours in one file must not stop the others)
            self._refuse(error, file, path)
            return
        self.came_in[slug] = file, path, manuscript.member
        await self._tell.good(report, added)

    def _refuse(self, error: Exception, file: str, path: Path) -> None:
        if isinstance(error, BadInput):
            if error.key.startswith(("database_", "disk_")):
                raise error
            reason = strings.refusal(error)
        else:
            _LOG.error("import of %s failed", file, exc_info=error)
            if self._order.verbose:
                traceback.print_exception(error)
            reason = strings.IMPORT_INCIDENT.format(error=f"{type(error).__name__}: {error}")
        self.refused += 1
        self._tell.refused(file, format_of(path), reason)


def _alike(manuscript: Manuscript, path: Path, member: str) -> bool:
    """Whether a story is the one that came in before it, which is read once more: two of one name are rare."""
    lines = _lines_of(manuscript)
    known = frozenset[int]().union(*(_lines_of(story) for story in read(path) if story.member == member))
    return len(lines & known) >= min(len(lines), len(known)) * _SAME_STORY


def _lines_of(story: Manuscript) -> frozenset[int]:
    """A story's lines by their words, so that it is known in another format and after edits."""
    return frozenset(
        hash(tuple(_WORD.findall(scene.text[line.start : line.end].casefold())))
        for chapter in story.chapters
        for scene in chapter.scenes
        for line in scene.lines
    )


class _Bench(Protocol):
    """Where proofs are made and what becomes of them."""

    proofs: Proofs

    async def bring_in(self, proof: Proof, told: _Told) -> tuple[Added | None, Report]:
        """Do with a proof what is to be done; its report tells what changed."""
        ...

    async def finish(self) -> None:
        """Make what came in searchable."""
        ...


class _Told(Protocol):
    """Hears which share of the storing is done."""

    def __call__(self, share: float, /) -> None: ...


class _DryRun:
    """Writes nothing."""

    def __init__(self, proofs: Proofs) -> None:
        self.proofs = proofs

    async def bring_in(self, proof: Proof, told: _Told) -> tuple[Added | None, Report]:
        return None, proof.report

    async def finish(self) -> None:
        return None


class _Import:
    """Stores what was proofed."""

    def __init__(self, app: App, allow_shrink: bool) -> None:
        self.proofs = app.proofs
        self._app = app
        self._allow_shrink = allow_shrink

    async def bring_in(self, proof: Proof, told: _Told) -> tuple[Added | None, Report]:
        added = await self._app.library.add(
            proof.whole,
            allow_shrink=self._allow_shrink,
            corrections=proof.corrected.remember,
            told=told,
            stated=proof.stated,
        )
        if added.former is None or added.kept is None:
            return added, proof.report
        changes = await asyncio.to_thread(planned_changes, proof.whole, added.former, added.kept)
        return replace(added, former=None, kept=None), replace(proof.report, changes=changes)

    async def finish(self) -> None:
        await self._app.index.refresh()
