"""What an operator does beside running the bot and bringing stories in: check, back up."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from bot import strings
from bot.config import DEFAULT_FILE, Config, read_token
from bot.domain.errors import BadInput
from bot.ingest.reading import read
from bot.ops import backup
from bot.services.reportpage import short_problems
from bot.storage.inspection import inspect


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
        for story in stories:
            for line in short_problems(story):
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


def _stories(count: int) -> str:
    return strings.ONE_STORY if count == 1 else strings.STORIES.format(count=count)
