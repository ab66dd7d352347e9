"""Reads stories from files, folders and archives; ``folders`` alone touches the disk for it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from bot.domain.errors import BadInput
from bot.domain.story import Manuscript
from bot.ingest import epub, html, markdown, plaintext
from bot.ingest.archives import Archive
from bot.ingest.encoding import decoded_text
from bot.ingest.exported import is_export, story_of_export
from bot.ingest.folders import Budget, File, Folder, file_on_disk, folder_in_archive, folder_on_disk
from bot.ingest.folders import natural as natural_order
from bot.ingest.manuscripts import story_of_files, story_of_one_file
from bot.ingest.metadata import Source
from bot.strings import PROBLEMS

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
"""Books bring pictures and fonts, which are never unpacked."""
MAX_FILES = 2000

_STORY_FILE = "story.md"
_MAX_DEPTH = 20


def read(path: Path) -> list[Manuscript]:
    """The stories in a file, folder or zip archive, in natural order of their names.

    A file is one story, and so is each EPUB. A folder with ``story.md``, or with chapter files
    directly in it, is one story, its chapters in natural order; any other folder is searched for
    such folders. An archive is read as the folder that it was made of.

    Returns:
        Them all; none of a folder that holds no story.

    Raises:
        BadInput: a file cannot be read or used.
    """
    if path.is_dir():
        budget = Budget(path.name, MAX_FILES)
        return list(_stories_in(folder_on_disk(path, budget), _MAX_DEPTH))
    return _read_file(file_on_disk(path))


def read_attached(data: bytes, name: str) -> list[Manuscript]:
    """The stories in a file that is not on the disk, as ``read`` finds them.

    Raises:
        BadInput: it cannot be read or used.
    """
    return _read_file(File(name, lambda: io.BytesIO(data)))


def natural(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sorts ``chapter 2`` before ``chapter 10``."""
    return natural_order(path.name)


def _read_file(file: File) -> list[Manuscript]:
    if file.suffix == _ARCHIVE:
        with file.open() as stream:
            _check_size(stream, file.name, MAX_ARCHIVE_BYTES)
            budget = Budget(file.name, MAX_FILES)
            stories = list(_stories_in(folder_in_archive(Archive(stream, file.name), file.stem, budget), _MAX_DEPTH))
        if not stories:
            raise BadInput("archive_no_story", file=file.name, formats=_formats())
        return stories
    if file.suffix not in _READERS:
        file.open().close()
        raise BadInput("format_unknown", file=file.name, formats=_formats())
    return [story_of_one_file(_source(file), file.stem)]


def _stories_in(folder: Folder, depth: int) -> Iterator[Manuscript]:
    head = next((file for file in folder.files if file.name == _STORY_FILE), None)
    known = [file for file in folder.files if file is not head and file.suffix in _READERS]
    books = [file for file in known if file.suffix == _BOOK]
    chapters = [file for file in known if file.suffix != _BOOK]
    for book in books:
        yield story_of_one_file(_source(book), book.stem)
    if head is None and not chapters:
        if depth and not books:
            for inner in folder.folders:
                yield from _stories_in(inner(), depth - 1)
        return
    if head is not None and is_export(about := _exported(head)):
        yield story_of_export(about, [(f.name, _exported(f)) for f in chapters if f.suffix == ".md"])
        return
    if head is None or not chapters:
        alone = [head] if head else chapters
        if len(alone) == 1:
            yield story_of_one_file(_source(alone[0]), folder.name)
            return
    sources = [_source(file) for file in chapters]
    for file in folder.files:
        if file is not head and file.suffix not in _READERS:
            sources[0].warn(None, PROBLEMS["file_left_out"].format(name=file.name, formats=_formats()))
    yield story_of_files(_source(head) if head else None, sources, folder.name)


def _exported(file: File) -> str:
    """The text of a file that may be an exported one: those are UTF-8, and nothing about them is guessed."""
    with file.open() as stream:
        _check_size(stream, file.name, MAX_FILE_BYTES)
        return _bytes(stream, file.name).decode(errors="replace")


def _source(file: File) -> Source:
    with file.open() as stream:
        limit = MAX_ARCHIVE_BYTES if file.suffix == _BOOK else MAX_FILE_BYTES
        _check_size(stream, file.name, limit)
        return _READERS[file.suffix](stream, file.name)


def _check_size(stream: BinaryIO, name: str, limit: int) -> None:
    try:
        if stream.seek(0, io.SEEK_END) > limit:
            raise BadInput("file_too_large", file=name, limit=limit // 1024 // 1024)
        stream.seek(0)
    except OSError as error:
        raise BadInput("file_unreadable", file=name, reason=error.strerror or "it cannot be read") from None


def _bytes(stream: BinaryIO, name: str) -> bytes:
    try:
        return stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadInput("file_unreadable", file=name, reason=error.strerror or "it cannot be read") from None


def _text_reader(read_text: Callable[[str, str], Source]) -> Callable[[BinaryIO, str], Source]:
    def read_stream(stream: BinaryIO, name: str) -> Source:
        text, encoding, repaired = decoded_text(_bytes(stream, name), name)
        source = read_text(text, name)
        if encoding:
            source.warn(None, PROBLEMS["encoding_named"].format(encoding=encoding))
        if repaired:
            source.warn(None, PROBLEMS["mojibake_repaired"].format(count=repaired))
        if "\ufffd" in text:
            line = text.count("\n", 0, text.index("\ufffd")) + 1
            source.warn(line, PROBLEMS["characters_lost"].format(count=text.count("\ufffd")))
        return source

    return read_stream


def _read_html(stream: BinaryIO, name: str) -> Source:
    return html.read(_bytes(stream, name), name)


_BOOK = ".epub"
_ARCHIVE = ".zip"
_READERS: dict[str, Callable[[BinaryIO, str], Source]] = {
    ".txt": _text_reader(plaintext.read),
    ".text": _text_reader(plaintext.read),
    ".md": _text_reader(markdown.read),
    ".markdown": _text_reader(markdown.read),
    ".html": _read_html,
    ".htm": _read_html,
    ".xhtml": _read_html,
    _BOOK: epub.read,
}


def _formats() -> str:
    return ", ".join((*_READERS, _ARCHIVE))
