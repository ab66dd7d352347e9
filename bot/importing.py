"""Brings stories in from the command line, or shows first what that would be."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TextIO

from bot import strings
from bot.app import App, open_app, open_proofs
from bot.config import Config
from bot.domain.access import rating_fits
from bot.domain.corrections import Spot
from bot.domain.errors import BadInput
from bot.domain.story import Manuscript, Permission, PermissionFor, PermissionFrom, Rating
from bot.ingest.manuscripts import slug_of
from bot.ingest.ratings import rating_named
from bot.ingest.reading import natural, read
from bot.services.library import Added
from bot.services.proofs import Proof, Proofs, Wishes
from bot.services.report import Report, as_json, made_changes, refused_as_json
from bot.services.reportpage import changes as changes_of
from bot.services.reportpage import page, short_problems

_LOG = logging.getLogger(__name__)

_SPOT = re.compile(r"(?:(\d{1,6}):)?(\d{1,9})(?:\.(\d{1,6}))?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MAX_DEPTH = 20
_LONG = 0.7
"""Seconds after which work is long enough to be shown."""
_TICK = 0.15
_BAR = 20
_STEPS = 3
"""Reading, comparing and storing take about the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What `import` was asked to do."""

    paths: Sequence[Path]
    settings: Sequence[str] = ()
    """Of the form KEY=VALUE."""
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


async def bring_in(config: Config, order: ImportOrder, out: TextIO) -> int:
    """Import stories, or only say what would be; a file that cannot be read is refused and the others go on.

    Returns 0, or 2 where something was refused.

    Raises:
        BadInput: a setting or the database cannot be used.
    """
    changes = _changes(order.settings)
    wishes = _wishes(order, changes)
    paths = [story for path in order.paths for story in stories_in(path)]
    if len(paths) > 1:
        if "slug" in changes:
            reason = "a slug names one story; import the others without it"
            raise BadInput("bad_setting", setting=f"slug={changes['slug']}", reason=reason)
        for option, given in (("--break", order.breaks), ("--join", order.joins), ("--chapter", order.chapter)):
            if given:
                raise BadInput("import_one_file", option=option)
    async with AsyncExitStack() as opened:
        progress = await opened.enter_async_context(_Progress.shown(len(paths), order))
        bench: _Bench
        if order.dry_run:
            bench = _DryRun(await opened.enter_async_context(open_proofs(config)))
        else:
            bench = _Import(await opened.enter_async_context(open_app(config)), order.allow_shrink)
        refused = stored = 0
        for number, path in enumerate(paths):
            done, wrong = await _bring_one(path, bench, wishes, order, _Telling(out, order, progress, number))
            stored += done
            refused += wrong
        if stored:
            progress.says(strings.IMPORT_INDEXING, len(paths), 0)
            await bench.finish()
    if order.dry_run and not order.as_json and stored:
        print("\n" + strings.REPORT["nothing_written"], file=out)
    return 2 if refused else 0


async def _bring_one(path: Path, bench: _Bench, wishes: Wishes, order: ImportOrder, tell: _Telling) -> tuple[int, int]:
    """Bring in what one path holds: how many stories came in, and how many were refused."""
    file = shown_path(path)
    called = name_of(path)
    done = 0
    try:
        tell.working(strings.IMPORT_READING.format(name=called), 0)
        manuscripts = await asyncio.to_thread(read, path)
        if not manuscripts:
            raise BadInput("corpus_empty", path=path)
        for manuscript in manuscripts:
            tell.working(strings.IMPORT_COMPARING.format(name=called), 1)
            proof = await bench.proofs.proof(
                manuscript, file=file, name=called, form=format_of(path), wishes=wishes, compare=order.dry_run
            )
            if not order.dry_run:
                tell.working(strings.IMPORT_STORING.format(name=called), 2)
            added, report = await bench.bring_in(proof)
            tell.good(report, added, order)
            done += 1
    except BadInput as error:
        if error.key.startswith(("database_", "disk_")) or (error.key == "corpus_empty" and len(order.paths) == 1):
            raise
        tell.refused(file, format_of(path), strings.refusal(error))
        return done, 1
    except Exception as error:  # noqa: BLE001 (a fault of ours in one file must not stop the others)
        _LOG.exception("import of %s failed", file)
        if order.verbose:
            traceback.print_exception(error)
        tell.refused(file, format_of(path), strings.IMPORT_INCIDENT.format(error=f"{type(error).__name__}: {error}"))
        return done, 1
    return done, 0


class _Bench(Protocol):
    """Where proofs are made and what becomes of them."""

    proofs: Proofs

    async def bring_in(self, proof: Proof) -> tuple[Added | None, Report]:
        """Do with a proof what is to be done; its report tells what changed."""
        ...

    async def finish(self) -> None:
        """Make what came in searchable."""
        ...


class _DryRun:
    """Writes nothing."""

    def __init__(self, proofs: Proofs) -> None:
        self.proofs = proofs

    async def bring_in(self, proof: Proof) -> tuple[Added | None, Report]:
        return None, proof.report

    async def finish(self) -> None:
        return None


class _Import:
    """Stores what was proofed."""

    def __init__(self, app: App, allow_shrink: bool) -> None:
        self.proofs = app.proofs
        self._app = app
        self._allow_shrink = allow_shrink

    async def bring_in(self, proof: Proof) -> tuple[Added | None, Report]:
        added = await self._app.library.add(proof.whole, allow_shrink=self._allow_shrink)
        await self.proofs.remember(added.story_id, proof.corrected)
        present = await self.proofs.outline(added.slug) if proof.former is not None else None
        if proof.former is None or present is None:
            return added, proof.report
        return added, replace(proof.report, changes=await asyncio.to_thread(made_changes, proof.former, present))

    async def finish(self) -> None:
        await self._app.index.refresh()


class _Telling:
    """Says of one path what became of it."""

    def __init__(self, out: TextIO, order: ImportOrder, progress: _Progress, number: int) -> None:
        self._out = out
        self._order = order
        self._progress = progress
        self._number = number

    def working(self, what: str, step: int) -> None:
        """What is being done now, for those who watch."""
        self._progress.says(what, self._number, step)

    def good(self, report: Report, added: Added | None, order: ImportOrder) -> None:
        """A story that came in, or could."""
        self._progress.clear()
        if order.as_json:
            self._object(as_json(report, lines=order.lines))
        elif added is None:
            print(
                ("\n" if self._number else "") + page(report, verbose=order.verbose, lines=order.lines), file=self._out
            )
        else:
            _short_report(added, report, self._out)

    def refused(self, file: str, form: str, reason: str) -> None:
        """A file that did not."""
        self._progress.clear()
        if self._order.as_json:
            self._object(refused_as_json(file, form, reason))
        else:
            print(strings.IMPORT_REFUSED.format(reason=reason), file=sys.stderr)

    def _object(self, told: dict[str, object]) -> None:
        # Kept to ASCII: whatever the terminal's encoding, and whatever a file's name holds, it can be written.
        print(json.dumps(told), file=self._out, flush=True)


class _Progress:
    """A line on the terminal that says what is being done, how far it is and since when."""

    def __init__(self, total: int, stream: TextIO | None) -> None:
        self._total = total
        self._stream = stream
        self._what = ""
        self._done = self._step = 0
        self._since = asyncio.get_running_loop().time()
        self._drawn = False

    @classmethod
    @asynccontextmanager
    async def shown(cls, total: int, order: ImportOrder) -> AsyncIterator[_Progress]:
        """Keep it up to date until the block ends; drawn on a terminal only, and not beside JSON."""
        watched = sys.stderr.isatty() and not order.as_json
        progress = cls(total, sys.stderr if watched else None)
        ticking = asyncio.create_task(progress._tick()) if watched else None
        try:
            yield progress
        finally:
            if ticking:
                ticking.cancel()
            progress.clear()

    def says(self, what: str, done: int, step: int) -> None:
        """What is being done now, how many paths are done with, and which step of the next this is."""
        self._what = what
        self._done = done
        self._step = step

    def clear(self) -> None:
        """Take the line off the terminal, so that something else can be printed."""
        if self._stream and self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False

    async def _tick(self) -> None:
        await asyncio.sleep(_LONG)
        while True:
            self._draw()
            await asyncio.sleep(_TICK)

    def _draw(self) -> None:
        assert self._stream is not None
        filled = min(_BAR, _BAR * (self._done * _STEPS + self._step) // (self._total * _STEPS))
        seconds = int(asyncio.get_running_loop().time() - self._since)
        bar = "#" * filled + "-" * (_BAR - filled)
        line = f"[{bar}] {min(self._done + 1, self._total)}/{self._total} {seconds} s  {self._what}"
        self._stream.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
        self._stream.flush()
        self._drawn = True


def stories_in(path: Path, depth: int = _MAX_DEPTH) -> list[Path]:
    """The paths below ``path`` that are read one by one: a folder of nothing but folders is looked into."""
    try:
        entries = [entry for entry in path.iterdir() if not entry.name.startswith(".")] if path.is_dir() else []
        folders = sorted((entry for entry in entries if entry.is_dir() and not entry.is_symlink()), key=natural)
        files = [entry for entry in entries if entry.is_file() and entry.stem.casefold() != "readme"]
    except OSError:
        # Said by whoever reads it.
        return [path]
    if files and all(file.suffix.casefold() == ".epub" for file in files):
        # Each book is a story by itself.
        return sorted(files, key=natural)
    if files or not folders or not depth:
        return [path]
    return [story for folder in folders for story in stories_in(folder, depth - 1)]


def format_of(path: Path) -> str:
    """What a file is called by its name's ending; whether it is one is seen when it is read."""
    return "folder" if path.is_dir() else _FORMATS.get(path.suffix.casefold(), path.suffix.lstrip(".").casefold())


_FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".epub": "epub",
    ".zip": "zip",
}


def name_of(path: Path) -> str:
    """What a file or folder is called, also where it was given as ``.``."""
    return shown_path(Path(path.name or path.resolve().name))


def shown_path(path: Path) -> str:
    """A path as it can be printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def _wishes(order: ImportOrder, changes: dict[str, Any]) -> Wishes:
    if order.chapter is not None and order.story is None:
        raise BadInput("import_chapter_of")
    if order.chapter is None:
        override = changes
    else:
        # Said of a chapter, a title is the chapter's; the story keeps the name under which it is stored.
        override = {key: value for key, value in changes.items() if key not in ("title", "slug")}
    title = changes.get("title") if order.chapter is not None else None

    def overridden(story: Manuscript) -> Manuscript:
        permission = Permission(
            override.get("permission_from", story.permission.source),
            override.get("permission_for", story.permission.covers),
        )
        plain = {key: value for key, value in override.items() if not key.startswith("permission_")}
        return replace(story, permission=permission, **plain)

    return Wishes(
        breaks=tuple(_spot(text) for text in order.breaks),
        joins=tuple(_spot(text) for text in order.joins),
        story=order.story,
        chapter=order.chapter,
        chapter_title=title,
        override=overridden,
    )


def _spot(text: str) -> Spot:
    found = _SPOT.fullmatch(text.strip())
    if found is None:
        raise BadInput("import_bad_line", text=text)
    chapter, line, nth = (int(part) if part else None for part in found.groups())
    return Spot(line or 0, chapter, nth or None)


def _changes(settings: Sequence[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        key, value = key.strip().casefold().replace("_", "-"), " ".join(value.split())
        if not equals or (not value and key not in _MAY_BE_EMPTY):
            raise BadInput("bad_setting", setting=setting, reason="write it as KEY=VALUE")
        if key not in _SETTINGS:
            raise BadInput("bad_setting", setting=setting, reason=f"there are: {', '.join(_SETTINGS)}")
        field, understand, expected = _SETTINGS[key]
        understood = understand(value)
        if understood is None:
            raise BadInput("bad_setting", setting=setting, reason=expected)
        changes[field] = understood
    # Consent that is recorded covers the full text unless it says otherwise, as in front matter.
    if "permission_from" in changes and "permission_for" not in changes:
        known = changes["permission_from"] is not PermissionFrom.UNKNOWN
        changes["permission_for"] = PermissionFor.FULL_TEXT if known else PermissionFor.EXCERPTS
    return changes


def _listed(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _permission_from(value: str) -> PermissionFrom | None:
    name = value.casefold().replace("license", "licence").replace("-", " ")
    return PermissionFrom(name) if name in set(PermissionFrom) else None


def _permission_for(value: str) -> PermissionFor | None:
    name = value.casefold().replace("-", " ")
    return PermissionFor(name) if name in set(PermissionFor) else None


_SETTINGS: dict[str, tuple[str, Callable[[str], object], str]] = {
    "title": ("title", str, ""),
    "author": ("authors", _listed, ""),
    "authors": ("authors", _listed, ""),
    "rating": ("rating", rating_named, f"ratings are {', '.join(Rating)}"),
    "warnings": ("warnings", _listed, ""),
    "language": (
        "language",
        lambda value: value if _LANGUAGE.fullmatch(value) else None,
        "a language is a tag such as en or pt-BR",
    ),
    "summary": ("summary", str, ""),
    "source": ("source", str, ""),
    "slug": ("slug", lambda value: slug_of(value) or None, "a slug is made of letters and digits"),
    "permission": ("permission_from", _permission_from, f"permission is {', '.join(PermissionFrom)}"),
    "permission-for": ("permission_for", _permission_for, f"permission-for is {', '.join(PermissionFor)}"),
}
_MAY_BE_EMPTY = ("warnings", "summary", "source")


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
