"""Reads stories from files, folders and archives; ``folders`` alone touches the disk for it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from bot.domain.errors import BadInput
from bot.domain.story import Manuscript
from bot.ingest import epub, html, markdown, plaintext
from bot.ingest.archives import Archive
from bot.ingest.disguises import is_page, refuse_disguised, refuse_foreign_name
from bot.ingest.encoding import decoded_text
from bot.ingest.exported import is_export, story_of_export
from bot.ingest.folders import Budget, File, Folder, file_on_disk, folder_in_archive, folder_on_disk
from bot.ingest.folders import natural as natural_order
from bot.ingest.manuscripts import story_of_files, story_of_one_file
from bot.ingest.metadata import Source
from bot.ingest.unseen import told_of_garbled, told_of_unseen
from bot.services.garbage import unsearched
from bot.strings import PROBLEMS

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
"""Books bring pictures and fonts, which are never unpacked."""
MAX_FILES = 2000

_STORY_FILE = "story.md"
_MAX_DEPTH = 20
_FEWEST_NUMBERED = 2
_CHAPTER_NAME = re.compile(
    r"\d|chapter|part|pro-?logue?|epi-?logue?|interlude|intermission|foreword|preface|intro|after|coda|bonus|extra|side"
    r"|(?<![a-z])(?:[ivxlc]+|one|two|three|four|five|six|seven|eight|nine|ten|the end|finale?)(?![a-z])",
    re.IGNORECASE,
)
"""What a chapter's file is named by."""
_MOST_NAMED = 3


@unsearched()
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
        return _parted(_stories_in(folder_on_disk(path, budget), _MAX_DEPTH))
    return _read_file(file_on_disk(path))


@unsearched()
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
            archive = folder_in_archive(Archive(stream, file.name), file.stem, budget)
            stories = _parted(_stories_in(archive, _MAX_DEPTH))
        if not stories:
            raise BadInput("archive_no_story", file=file.name, formats=", ".join(_READERS))
        return stories
    if file.suffix not in _READERS:
        file.open().close()
        refuse_foreign_name(file.name, file.suffix)
        raise BadInput("format_unknown", file=file.name, formats=_formats())
    return [story_of_one_file(_source(file), file.stem)]


def _parted(stories: Iterable[tuple[str, Manuscript]]) -> list[Manuscript]:
    """The stories, each with the name of its part where there are several."""
    found = list(stories)
    return [replace(story, member=member) if len(found) > 1 else story for member, story in found]


def _stories_in(folder: Folder, depth: int, above: str = "") -> Iterator[tuple[str, Manuscript]]:
    """The stories of a folder, each with where it stands below the first one."""
    head = next((file for file in folder.files if file.name == _STORY_FILE), None)
    known = [file for file in folder.files if file is not head and file.suffix in _READERS]
    left_out = [_left_out(file.name) for file in folder.files if file is not head and file.suffix not in _READERS]
    left_out += folder.problems
    chapters = [file for file in known if file.suffix != _BOOK]
    if head is not None and is_export(about := _exported(head)):
        yield above.rstrip("/"), story_of_export(about, [(f.name, _exported(f)) for f in chapters if f.suffix == ".md"])
        return
    for book in known:
        if book.suffix == _BOOK:
            yield above + book.name, story_of_one_file(_told(_source(book), left_out), book.stem)
    sources = [_source(file) for file in chapters]
    works = _works_of(sources)
    for source in works:
        yield above + source.file, story_of_one_file(_told(source, left_out), source.file.rpartition(".")[0])
    sources = [source for source in sources if not any(source is work for work in works)]
    if head is None:
        odd = _no_chapters(sources)
        left_out += [PROBLEMS["beside_left_out"].format(name=source.file) for source in odd]
        sources = [source for source in sources if not any(source is other for other in odd)]
        if len(sources) > 1:
            left_out += [PROBLEMS["beside_left_out"].format(name=name) for name in folder.readmes]
    alone = len(sources) + (head is not None) == 1
    inner = [make() for make in folder.folders] if depth else []
    if (head is not None or sources) and not alone:
        # Beside the chapters of a story a folder is no other story; what it holds is named.
        left_out += [_left_out(_named(folder)) for folder in inner if _holds_stories(folder)]
        inner = []
    if sources or head is not None:
        about_story = _source(head) if head else None
        first = sources[0] if sources else about_story
        assert first is not None
        _told(first, left_out)
        if alone:
            yield above.rstrip("/") or first.file, story_of_one_file(first, folder.name)
        else:
            yield above.rstrip("/"), story_of_files(about_story, sources, folder.name)
    for other in inner:
        yield from _stories_in(other, depth - 1, f"{above}{other.name}/")


def _works_of(sources: Sequence[Source]) -> list[Source]:
    """Files of a folder that are works of their own: they say so, and have several titles."""
    works = [source for source in sources if source.whole]
    return works if len({source.metadata.title for source in works}) > 1 else []


def _no_chapters(sources: Sequence[Source]) -> list[Source]:
    """Files beside numbered chapters that have neither a number nor the name of a chapter: notes, mostly."""
    odd = [s for s in sources if not _CHAPTER_NAME.search(s.file) and s.metadata.chapter is None]
    return odd if len(sources) - len(odd) >= max(_FEWEST_NUMBERED, len(odd)) else []


def _told(source: Source, left_out: list[str]) -> Source:
    """A source that tells, once for its folder, of the files beside it that nothing was made of."""
    for problem in left_out:
        source.warn(None, problem)
    left_out.clear()
    return source


def _left_out(name: str) -> str:
    return PROBLEMS["file_left_out"].format(name=name, formats=_formats())


def _named(folder: Folder) -> str:
    """A folder that is left out, by the first of its files."""
    names = [file.name for file in folder.files if file.suffix in _READERS]
    more = ", …" if len(names) > _MOST_NAMED or folder.folders else ""
    return f"{folder.name}/ ({', '.join(names[:_MOST_NAMED])}{more})" if names else f"{folder.name}/"


def _holds_stories(folder: Folder) -> bool:
    return any(file.suffix in _READERS for file in folder.files) or bool(folder.folders)


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
        data = _bytes(stream, name)
        refuse_disguised(data, name)
        text, encoding, repaired = decoded_text(data, name)
        if is_page(text, fragments=read_text is plaintext.read):
            source = html.read(data, name)
            source.warn(1, PROBLEMS["page_in_text"])
            return source
        del data
        marked = read_text is plaintext.read and markdown.is_markdown(text)
        source = (markdown.read if marked else read_text)(text, name)
        if encoding:
            source.warn(None, PROBLEMS["encoding_named"].format(encoding=encoding))
        if repaired:
            source.warn(None, PROBLEMS["mojibake_repaired"].format(count=repaired))
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            source.warn(line, PROBLEMS["nuls_removed"].format(count=text.count("\0")))
        if "\ufffd" in text:
            line = text.count("\n", 0, text.index("\ufffd")) + 1
            source.warn(line, PROBLEMS["characters_lost"].format(count=text.count("\ufffd")))
        for line, problem in (*told_of_unseen(text), *told_of_garbled(text)):
            source.warn(line, problem)
        return source

    return read_stream


def _read_html(stream: BinaryIO, name: str) -> Source:
    data = _bytes(stream, name)
    refuse_disguised(data, name)
    return html.read(data, name)


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
