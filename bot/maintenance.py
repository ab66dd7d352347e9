"""What an operator does beside running the bot: bring stories in, check, back up."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from bot import strings
from bot.app import open_app
from bot.config import DEFAULT_FILE, Config, read_token
from bot.domain.access import rating_fits
from bot.domain.errors import BadInput
from bot.domain.story import Manuscript, Rating
from bot.ingest.manuscripts import slug_of
from bot.ingest.reading import read
from bot.ops import backup
from bot.services.library import Added
from bot.storage.inspection import inspect

_SETTABLE = ("rating", "title", "author", "language", "slug")


async def bring_in(config: Config, paths: Sequence[Path], settings: Sequence[str], out: TextIO) -> int:
    """Import the stories in ``paths``; a file that cannot be read is refused and the others go on.

    Returns 0, or 2 where something was refused.

    Raises:
        BadInput: a setting or the database cannot be used, or there is no story at all.
    """
    changes = _changes(settings)
    refused = found = 0
    async with open_app(config) as app:
        for path in paths:
            try:
                manuscripts = await asyncio.to_thread(read, path)
            except BadInput as error:
                refused += 1
                print(strings.IMPORT_REFUSED.format(reason=strings.refusal(error)), file=sys.stderr)
                continue
            if "slug" in changes and found + len(manuscripts) > 1:
                reason = "a slug names one story; import the others without it"
                raise BadInput("bad_setting", setting=f"slug={changes['slug']}", reason=reason)
            for manuscript in manuscripts:
                manuscript = replace(manuscript, **changes)
                found += 1
                _report(await app.library.add(manuscript), manuscript, out)
        if found:
            await app.index.refresh()
        elif not refused:
            raise BadInput("corpus_empty", path=", ".join(str(path) for path in paths))
    return 2 if refused else 0


def check(config: Config, config_file: Path | None, paths: Sequence[Path], out: TextIO) -> None:
    """Say that everything is good.

    Raises:
        BadInput: something is not; says what and what to do.
    """
    source = config_file or (DEFAULT_FILE if DEFAULT_FILE.exists() else strings.CHECK_CONFIG_DEFAULTS)
    read_token(config, os.environ)
    print(strings.CHECK_CONFIG.format(source=source), file=out)
    for path in paths:
        stories = read(path)
        if not stories:
            raise BadInput("corpus_empty", path=path)
        print(strings.CHECK_STORIES.format(path=path, count=len(stories)), file=out)
        for line in _problems(stories):
            print(line, file=out)
    held = inspect(config.database)
    serials = strings.ONE_SERIAL if held.serials == 1 else strings.SERIALS.format(count=held.serials)
    print(strings.CHECK_DATABASE.format(path=config.database, schema=held.schema, serials=serials), file=out)
    if not held.stories:
        raise BadInput("library_empty", path=config.database)
    print(strings.CHECK_LIBRARY.format(stories=_stories(held.stories), lines=f"{held.lines:,}"), file=out)


def back_up(config: Config, target: Path, out: TextIO) -> None:
    """Write a checked copy of the database.

    Raises:
        BadInput: it could not be written, or did not pass its check.
    """
    inspect(config.database)
    backup.copy(config.database, target)
    held = inspect(target)
    print(
        strings.BACKUP_DONE.format(
            path=target,
            stories=_stories(held.stories),
            lines=f"{held.lines:,}",
            size=f"{target.stat().st_size / 1e6:.1f}",
        ),
        file=out,
    )


def _changes(settings: Sequence[str]) -> dict[str, object]:
    changes: dict[str, object] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        key, value = key.strip(), value.strip()
        if not equals or not value:
            raise BadInput("bad_setting", setting=setting, reason="write it as KEY=VALUE")
        if key not in _SETTABLE:
            raise BadInput("bad_setting", setting=setting, reason=f"there are: {', '.join(_SETTABLE)}")
        if key == "rating":
            if value.lower() not in set(Rating):
                raise BadInput("bad_setting", setting=setting, reason=f"ratings are {', '.join(Rating)}")
            changes["rating"] = Rating(value.lower())
        elif key == "slug":
            if not (slug := slug_of(value)):
                raise BadInput("bad_setting", setting=setting, reason="write lower-case words joined by hyphens")
            changes["slug"] = slug
        elif key == "author":
            changes["authors"] = tuple(name.strip() for name in value.split(",") if name.strip())
        else:
            changes[key] = value
    return changes


def _report(added: Added, manuscript: Manuscript, out: TextIO) -> None:
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
    for line in _problems([manuscript]):
        print(line, file=out)


def _problems(stories: Sequence[Manuscript]) -> Iterator[str]:
    for story in stories:
        for problem in story.problems:
            where = f"{problem.file}, line {problem.line}" if problem.line else problem.file
            yield strings.IMPORT_PROBLEM.format(severity=problem.severity, where=where, message=problem.message)


def _stories(count: int) -> str:
    return strings.ONE_STORY if count == 1 else strings.STORIES.format(count=count)
