"""Reads stories from files and folders; the only part of ``ingest`` that touches the disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.domain.errors import BadInput
from bot.domain.story import Manuscript
from bot.ingest import markdown, plaintext
from bot.ingest.encoding import decode
from bot.ingest.manuscripts import story_of_files, story_of_one_file
from bot.ingest.metadata import Source
from bot.strings import PROBLEMS

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES = 2000

_READERS: dict[str, Callable[[str, str], Source]] = {
    ".txt": plaintext.read,
    ".text": plaintext.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
}
_STORY_FILE = "story.md"
_NO_STORY = re.compile(r"readme|licen[cs]e|changelog|contributing", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")
_MAX_DEPTH = 20


def read(path: Path) -> list[Manuscript]:
    """The stories in a file or folder, in natural order of their names.

    A file is one story. A folder with ``story.md``, or with chapter files directly in it, is one
    story, its chapters in natural order; any other folder is searched for such folders.

    Returns:
        Them all; none of a folder that holds no story.

    Raises:
        BadInput: a file cannot be read or used.
    """
    if path.is_dir():
        budget = _Budget(path)
        return list(_stories_in(path, budget, _MAX_DEPTH))
    if path.suffix.casefold() not in _READERS and path.exists():
        raise BadInput("format_unknown", file=path.name, formats=_formats())
    return [story_of_one_file(_source(path, path.name), path.stem)]


class _Budget:
    """How many files may still be read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._left = MAX_FILES

    def take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise BadInput("too_many_files", file=self._root.name, limit=MAX_FILES)


def _stories_in(folder: Path, budget: _Budget, depth: int) -> Iterator[Manuscript]:
    files, folders = _listed(folder, budget)
    head = next((file for file in files if file.name == _STORY_FILE), None)
    chapters = [file for file in files if file is not head and file.suffix.casefold() in _READERS]
    if head is None and not chapters:
        if depth:
            for inner in folders:
                yield from _stories_in(inner, budget, depth - 1)
        return
    name = folder.resolve().name
    if head is None or not chapters:
        alone = [head] if head else chapters
        if len(alone) == 1:
            yield story_of_one_file(_source(alone[0], alone[0].name), name)
            return
    sources = [_source(file, file.name) for file in chapters]
    for file in files:
        if file is not head and file.suffix.casefold() not in _READERS:
            sources[0].warn(None, PROBLEMS["file_left_out"].format(name=file.name, formats=_formats()))
    yield story_of_files(_source(head, head.name) if head else None, sources, name)


def _listed(folder: Path, budget: _Budget) -> tuple[list[Path], list[Path]]:
    """Files and folders directly in a folder, in natural order, without hidden ones, links and README."""
    try:
        entries = sorted(folder.iterdir(), key=natural)
    except OSError as error:
        raise BadInput("file_unreadable", file=folder.name, reason=error.strerror or "it cannot be read") from None
    entries = [entry for entry in entries if not entry.name.startswith(".")]
    budget.take(len(entries))
    files = [entry for entry in entries if entry.is_file() and not _NO_STORY.match(entry.stem)]
    return files, [entry for entry in entries if entry.is_dir() and not entry.is_symlink()]


def natural(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sorts ``chapter 2`` before ``chapter 10``."""
    parts = _DIGITS.split(path.name.casefold())
    return tuple((0, int(part[:18]), "") if i % 2 else (1, 0, part) for i, part in enumerate(parts))


def _source(path: Path, name: str) -> Source:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BadInput("file_too_large", file=name, limit=MAX_FILE_BYTES // 1024 // 1024)
        data = path.read_bytes()
    except FileNotFoundError:
        raise BadInput("file_missing", file=name) from None
    except OSError as error:
        raise BadInput("file_unreadable", file=name, reason=error.strerror or "it cannot be read") from None
    text, guessed = decode(data, name)
    source = _READERS[path.suffix.casefold()](text, name)
    if guessed:
        source.warn(None, PROBLEMS["encoding_guessed"])
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        source.warn(line, PROBLEMS["characters_lost"].format(count=text.count("\ufffd")))
    return source


def _formats() -> str:
    return ", ".join(_READERS)
