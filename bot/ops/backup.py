"""A consistent copy of the database while it is in use, opened and checked."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.domain.errors import BadInput
from bot.storage.inspection import damage, inspect

_ATTEMPTS = 3
"""How often a copy is begun anew when somebody wrote to the database meanwhile."""


def copy(source: Path, target: Path) -> None:
    """Copy the database ``source`` to the new file ``target`` and check the copy.

    The copy is one moment of the database, whoever writes meanwhile. A failed one is deleted.

    Raises:
        BadInput: there is no such database, ``target`` is already there, or the copy is not good.
    """
    if not source.is_file():
        raise BadInput("database_missing", path=source)
    if target.exists():
        raise BadInput("backup_exists", path=target)
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as origin,
            closing(sqlite3.connect(target)) as copied,
        ):
            # In one step, for which nobody waits: between two of them every change would begin it anew.
            origin.backup(copied)
            # A single file is easier to carry away than one with its write-ahead log.
            copied.execute("PRAGMA journal_mode = DELETE")
        problem = damage(target)
    except BaseException as error:
        with suppress(OSError):
            target.unlink()
        if isinstance(error, (sqlite3.Error, OSError)):
            raise BadInput("backup_failed", path=target, reason=error) from error
        raise
    if problem is not None:
        target.unlink(missing_ok=True)
        raise BadInput("backup_bad", path=target, reason=problem)


def clone(source: Path, target: Path) -> None:
    """Copy the database ``source`` to ``target`` file by file, without opening it: nothing of it
    changes, and it may lie where nothing can be written.

    Raises:
        BadInput: there is no such database, or it cannot be used; says why and what to do.
    """
    if not source.is_file():
        raise BadInput("database_missing", path=source)
    for attempt in range(_ATTEMPTS):
        try:
            shutil.copyfile(source, target)
            _log(target).unlink(missing_ok=True)
            if _log(source).exists():
                shutil.copyfile(_log(source), _log(target))
            inspect(target)
        except OSError as error:
            raise BadInput("database_unopenable", path=source) from error
        except BadInput as refusal:
            # Somebody may have written between the two files; a database that is bad stays bad.
            if attempt == _ATTEMPTS - 1:
                raise BadInput(refusal.key, **{**refusal.values, "path": source}) from refusal
        else:
            return


def _log(database: Path) -> Path:
    """SQLite's write-ahead log of a database: what is not in the main file yet."""
    return database.with_name(database.name + "-wal")
