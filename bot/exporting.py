"""Writes a stored story to files, in the form that is imported or as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from bot import strings
from bot.app import open_manuscripts
from bot.config import Config
from bot.domain.errors import BadInput
from bot.domain.story import OPERATOR, Manuscript, Owner
from bot.ingest.exported import STORY_FILE, files_of, is_export, text_of
from bot.ingest.manuscripts import slug_of

FORMATS = ("markdown", "text")


async def export(
    config: Config,
    slug: str,
    out: TextIO,
    *,
    form: str = "markdown",
    to: Path | None = None,
    server: int | None = None,
    force: bool = False,
) -> None:
    """Write the story called ``slug`` into a folder of its name, or into one text file.

    Args:
        config: the settings.
        slug: the story's short name.
        out: where to say what was written.
        form: one of ``FORMATS``.
        to: the folder to put it into; the working directory, unless given.
        server: the server whose story it is; without it the operator's.
        force: whether files that are there may be written over.

    Raises:
        BadInput: there is no such story, or files are in the way or cannot be written.
    """
    owner = Owner(server) if server is not None else OPERATOR
    async with open_manuscripts(config) as manuscripts:
        story = await manuscripts.manuscript(owner, slug)
        if story is None:
            known = ", ".join(await manuscripts.slugs(owner)) or strings.EXPORT_NO_STORIES
            raise BadInput("export_no_story", slug=slug, known=known)
    name = slug_of(story.slug) or "story"
    folder = to or Path()
    written = _write_folder(folder / name, story, force) if form == "markdown" else None
    if written is None:
        written = folder / f"{name}.txt"
        _write({written: text_of(story)}, force)
    what = strings.ONE_CHAPTER if len(story.chapters) == 1 else strings.CHAPTERS.format(count=len(story.chapters))
    print(strings.EXPORT_DONE.format(title=story.title, chapters=what, path=written), file=out)


def _write_folder(folder: Path, story: Manuscript, force: bool) -> Path:
    files = files_of(story)
    _write({folder / name: text for name, text in files.items()}, force, folder)
    return folder


def _write(files: Mapping[Path, str], force: bool, folder: Path | None = None) -> None:
    """Write all of them, or none where one of them is there already."""
    in_the_way = [*([folder] if folder and folder.exists() else []), *(path for path in files if path.exists())]
    if in_the_way and not force:
        raise BadInput("export_exists", path=in_the_way[0])
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            _clear(folder, files)
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    except OSError as error:
        raise BadInput("export_failed", path=error.filename or folder, reason=error.strerror or str(error)) from error


def _clear(folder: Path, files: Mapping[Path, str]) -> None:
    """Take away the chapters of an earlier export, which would come back as chapters of this one."""
    head = folder / STORY_FILE
    if head.is_file() and is_export(head.read_text(encoding="utf-8", errors="replace")):
        for path in folder.glob("[0-9]*.md"):
            if path not in files:
                path.unlink()
