"""Folders of files, on the disk or in an archive, as one thing to whoever reads stories from them."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from bot.domain.errors import BadInput
from bot.ingest.archives import Archive, shown
from bot.strings import PROBLEMS

_DIGITS = re.compile(r"(\d+)")
_NO_STORY = re.compile(r"readme|licen[cs]e|changelog|contributing", re.IGNORECASE)
_README = re.compile(r"readme", re.IGNORECASE)
_NOT_OURS = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be opened."""

    name: str
    open: Callable[[], BinaryIO]

    @property
    def suffix(self) -> str:
        """What its name ends with, in lower case, with the dot."""
        return posixpath.splitext(self.name)[1].casefold()

    @property
    def stem(self) -> str:
        """Its name without its suffix."""
        return posixpath.splitext(self.name)[0]


@dataclass(frozen=True, slots=True)
class Folder:
    """What stands directly in a folder, in natural order, without hidden files, links and README."""

    name: str
    files: tuple[File, ...]
    folders: tuple[Callable[[], Folder], ...]
    problems: tuple[str, ...] = ()
    """What its owner should know: links that lead out of it, names that stand in it twice."""
    readmes: tuple[str, ...] = ()


class Budget:
    """How many files may still be looked at."""

    def __init__(self, root: str, limit: int) -> None:
        """Allow ``limit`` files below the folder called ``root``."""
        self._root = root
        self._limit = self._left = limit

    def take(self, count: int) -> None:
        """Count files.

        Raises:
            BadInput: there are too many of them.
        """
        self._left -= count
        if self._left < 0:
            raise BadInput("too_many_files", file=self._root, limit=self._limit)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts ``chapter 2`` before ``chapter 10``."""
    parts = _DIGITS.split(name.casefold())
    return tuple((0, int(part[:18]), "") if i % 2 else (1, 0, part) for i, part in enumerate(parts))


def file_on_disk(path: Path) -> File:
    """One file; opening it refuses with a reason."""

    def opened() -> BinaryIO:
        try:
            return path.open("rb")
        except FileNotFoundError:
            raise BadInput("file_missing", file=path.name) from None
        except OSError as error:
            raise BadInput("file_unreadable", file=path.name, reason=_reason(error)) from None

    return File(path.name, opened)


def folder_on_disk(path: Path, budget: Budget, root: Path | None = None) -> Folder:
    """A folder of the disk.

    Args:
        path: it.
        budget: how many files may be looked at.
        root: the folder out of which no link is followed; itself if None.

    Raises:
        BadInput: it cannot be read, or holds too many files.
    """
    root = root or path.resolve()
    try:
        entries = sorted(path.iterdir(), key=lambda entry: natural(entry.name))
    except OSError as error:
        raise BadInput("file_unreadable", file=path.name, reason=_reason(error)) from None
    entries = [entry for entry in entries if _is_ours(entry.name)]
    budget.take(len(entries))
    astray = {entry for entry in entries if entry.is_symlink() and (entry.is_dir() or _leads_out(entry, root))}
    entries = [entry for entry in entries if entry not in astray]
    return Folder(
        path.resolve().name,
        tuple(file_on_disk(entry) for entry in entries if entry.is_file() and not _NO_STORY.match(entry.stem)),
        tuple(_inner(entry, budget, root) for entry in entries if entry.is_dir()),
        tuple(PROBLEMS["link_left_out"].format(name=shown(entry.name)) for entry in sorted(astray)),
        tuple(entry.name for entry in entries if _README.match(entry.name)),
    )


def _leads_out(link: Path, root: Path) -> bool:
    try:
        return not link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return True


def _inner(path: Path, budget: Budget, root: Path) -> Callable[[], Folder]:
    return lambda: folder_on_disk(path, budget, root)


def folder_in_archive(archive: Archive, name: str, budget: Budget) -> Folder:
    """The files of an archive as the folder that would come of unpacking it."""
    budget.take(len(archive.names))
    folder = _packed(archive, name, [(entry, entry.split("/")) for entry in archive.names])
    links = [PROBLEMS["link_left_out"].format(name=shown(link)) for link in archive.links]
    return replace(folder, problems=(*folder.problems, *links))


def _packed(archive: Archive, name: str, entries: list[tuple[str, list[str]]]) -> Folder:
    files: list[tuple[str, str]] = []
    inner: dict[str, list[tuple[str, list[str]]]] = {}
    for entry, (first, *others) in entries:
        if not _is_ours(first):
            continue
        if others:
            inner.setdefault(first, []).append((entry, others))
        elif not _NO_STORY.match(first):
            files.append((first, entry))
    return Folder(
        name,
        tuple(_packed_file(archive, *file) for file in sorted(files, key=lambda file: natural(file[0]))),
        tuple(_packed_folder(archive, folder, inner[folder]) for folder in sorted(inner, key=natural)),
        tuple(PROBLEMS["entry_twice"].format(name=shown(entry)) for _, entry in files if entry in archive.doubles),
        tuple(shown(first) for _, (first, *others) in entries if not others and _README.match(first)),
    )


def _packed_file(archive: Archive, name: str, entry: str) -> File:
    return File(shown(name), lambda: io.BytesIO(archive.read(entry)))


def _packed_folder(archive: Archive, name: str, entries: list[tuple[str, list[str]]]) -> Callable[[], Folder]:
    return lambda: _packed(archive, shown(name), entries)


def _is_ours(name: str) -> bool:
    return not name.startswith(".") and name.casefold() not in _NOT_OURS


def _reason(error: OSError) -> str:
    return error.strerror or "it cannot be read"
