"""The header block that authors paste above a story: ``Title:``, ``Rating:``, ``Disclaimer:``, …

Mailing lists and archives made it a habit, never a format: any order, any spelling, values that
run on over lines and even paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.breaks import is_mark
from bot.domain.story import SetAside
from bot.domain.text import single_spaced
from bot.ingest.headings import byline, chapter_named
from bot.ingest.metadata import Metadata, Source
from bot.ingest.ratings import rating_in
from bot.strings import PROBLEMS

_FIELDS = {
    "title": ("title", "story title", "story", "fic", "fic title", "name of story"),
    "authors": ("author", "authors", "author's name", "written by", "by", "writer", "penname"),
    "rating": ("rating", "rated", "ratings"),
    "warnings": (
        "warning",
        "warnings",
        "archive warning",
        "archive warnings",
        "content warning",
        "content warnings",
    ),
    "summary": ("summary", "synopsis"),
    "source": ("source", "url", "link", "story url", "story link"),
    "chapter": ("chapter", "chapter title", "part", "episode"),
    "language": ("language",),
}
_OTHERS = (
    "disclaimer disclaimers disclaim legal copyright feedback pairing pairings ship ships relationship "
    "relationships spoiler spoilers fandom fandoms crossover category categories genre genres archive "
    "archiving distribution distro permission permissions beta betas beta-reader beta-readers a/n an note "
    "notes series sequel timeline setting set date dates published posted updated completed status "
    "characters character word-count wordcount words length tags keywords additional-tags email e-mail "
    "mail website homepage site dedication dedicated-to thanks acknowledgements acknowledgments "
    "author's-note author's-notes authors-note authors-notes author-note author-notes credits soundtrack "
    "song lyrics content content-notes previous previously prologue-to teaser challenge prompt "
    "written-for type story-type started finished packaged publisher"
).split()
_FIELD_OF = {name: field for field, names in _FIELDS.items() for name in names}
_KEYS = {*_FIELD_OF, *(name.replace("-", " ") for name in _OTHERS), "e-mail", "beta-reader"}
_ALONE_NO_HEADER = {
    "by",
    "part",
    "note",
    "notes",
    "set",
    "date",
    "words",
    "content",
    "story",
    "an",
    "song",
    "thanks",
    "previously",
    "chapter",
    "episode",
    "link",
    "type",
    "length",
    "mail",
    "name",
}

_KEY = re.compile(r"[\s*_#>~=|-]*([A-Za-z][A-Za-z/'’ -]{0,24}?)[*_\s]*[:：][*_]*(?:\s+|$)(.*)")
_TITLE_CHAPTER = re.compile(
    r"[\s,:;–—-]*[(\[]?(?:(?:chapter|chap\.?|ch\.?|part|pt\.?)\s*)?(\d{1,3})\s*(?:/|of)\s*(?:\d{1,3}|\?|\w{3,6})[)\]]?$"
    r"|[\s,:;–—-]+[(\[]?(?:chapter|chap\.?|ch\.?|part|pt\.?)\s*(\d{1,3})[)\]]?$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl",
    "nederlands": "nl", "swedish": "sv", "svenska": "sv", "polish": "pl", "polski": "pl", "russian": "ru",
    "русский": "ru", "japanese": "ja", "chinese": "zh", "korean": "ko", "finnish": "fi", "suomi": "fi",
    "danish": "da", "norwegian": "no", "czech": "cs", "hungarian": "hu", "turkish": "tr", "greek": "el",
}  # fmt: skip

_MAX_FRONT_LINES = 6
_MAX_FRONT_LINE = 100
_MAX_VALUE = 3000
_LONG_RUN = 40
"""Lines without a blank one between them beyond which a file plainly does not part its paragraphs."""
_LOOKAHEAD = 6


class Run(NamedTuple):
    """Neighbouring lines without a blank one between them: ``[start, end)``, from 0."""

    start: int
    end: int


class _Field(NamedTuple):
    key: str
    line: int
    values: list[str]


def runs_of(lines: Sequence[str], start: int = 0) -> list[Run]:
    """The runs of non-blank lines from ``start`` on."""
    runs: list[Run] = []
    begun = -1
    for i in range(start, len(lines)):
        if lines[i] and not lines[i].isspace():
            if begun < 0:
                begun = i
        elif begun >= 0:
            runs.append(Run(begun, i))
            begun = -1
    if begun >= 0:
        runs.append(Run(begun, len(lines)))
    return runs


def take_header(lines: Sequence[str], source: Source) -> int:
    """Read the header block at the top of ``lines`` into ``source``, if one is there.

    Returns:
        The index of the first line after it.
    """
    head = lines[:400]
    runs = runs_of(head)
    front: list[tuple[int, str]] = []
    fields: list[_Field] = []
    end = 0
    for n, run in enumerate(runs):
        if is_mark(" ".join(head[run.start].split())) and run.end == run.start + 1:
            if n and not _begins_with_key(head, runs[n + 1 : n + 2]):
                # The rule below a header belongs to it.
                end = run.end if fields else end
                break
            continue
        stop = _read_run(head, run, fields, front)
        if stop == run.start and not (fields and _value_runs_on(head, runs, n, fields)):
            break
        if fields:
            end = stop
        if stop < run.end and stop != run.start:
            break
    names = {field.key for field in fields}
    if not names - _ALONE_NO_HEADER and len(names) < 2:
        return 0
    _keep(fields, front, source)
    return end


def _key_of(line: str) -> tuple[str, str] | None:
    """A header line's key in lower case and its value."""
    found = _KEY.match(line)
    if found is None:
        return None
    key = " ".join(found[1].replace("’", "'").casefold().split())
    return (key, found[2].strip().rstrip("*").strip()) if key in _KEYS else None


def _begins_with_key(lines: Sequence[str], runs: Sequence[Run]) -> bool:
    return any(_key_of(lines[run.start]) for run in runs)


def _read_run(lines: Sequence[str], run: Run, fields: list[_Field], front: list[tuple[int, str]]) -> int:
    """Read one run; the index after what belongs to the header (its start if nothing does)."""
    if not _begins_with_key(lines, [run]):
        # Above the first key a few short lines may be title and author.
        if fields or len(front) + run.end - run.start > _MAX_FRONT_LINES:
            return run.start
        texts = [line.strip() for line in lines[run.start : run.end]]
        if not any(map(_key_of, texts)) and not all(map(_may_be_front, texts)):
            return run.start
    for i in range(run.start, run.end):
        found = _key_of(lines[i])
        if found:
            fields.append(_Field(found[0], i, [found[1]]))
        elif not fields:
            front.append((i, lines[i].strip()))
        elif _goes_on(lines, run, i, fields[-1]):
            fields[-1].values.append(lines[i].strip())
        else:
            return i
    return run.end


def _may_be_front(text: str) -> bool:
    """Whether a line above the header may be a title or an author's name."""
    if byline(text.strip("*_ ")):
        return True
    return len(text) <= _MAX_FRONT_LINE and (text[-1] not in ".,;" or is_mark(single_spaced(text)))


def _goes_on(lines: Sequence[str], run: Run, at: int, field: _Field) -> bool:
    """Whether a line without a key continues the value above it."""
    if sum(map(len, field.values)) > _MAX_VALUE:
        return False
    if run.end - run.start <= _LONG_RUN:
        return True
    return any(_key_of(line) for line in lines[at + 1 : min(run.end, at + 1 + _LOOKAHEAD)])


def _value_runs_on(lines: Sequence[str], runs: Sequence[Run], n: int, fields: list[_Field]) -> bool:
    """Whether a paragraph without a key stands between two that have one; it is then taken."""
    if not _begins_with_key(lines, runs[n + 1 : n + 3]):
        return False
    run = runs[n]
    text = [line.strip() for line in lines[run.start : run.end]]
    if sum(map(len, text)) > _MAX_VALUE:
        return False
    fields[-1].values.extend(text)
    return True


def _keep(fields: Sequence[_Field], front: Sequence[tuple[int, str]], source: Source) -> None:
    metadata = source.metadata
    for field in fields:
        value = single_spaced(" ".join(field.values)).strip()
        source.set_aside.append(SetAside(field.key, value, source.file, field.line + 1))
        if value:
            _set(_FIELD_OF.get(field.key, ""), value, field.line + 1, source)
    for i, text in front:
        text = single_spaced(text).strip()
        source.set_aside.append(SetAside("front", text, source.file, i + 1))
        author = byline(text.strip("*_ "))
        if author:
            metadata.authors = metadata.authors or (author,)
        elif metadata.title is None and not is_mark(text):
            metadata.title = text.strip("*_ ")


def _set(field: str, value: str, line: int, source: Source) -> None:
    metadata = source.metadata
    match field:
        case "title":
            numbered = _TITLE_CHAPTER.search(value)
            if numbered and numbered.start():
                metadata.chapter = metadata.chapter or int(numbered[1] or numbered[2])
                value = value[: numbered.start()]
            metadata.title = value.strip('"“”*_ ')
        case "authors":
            metadata.authors = tuple(name for name in _LISTED.split(value) if name)
        case "rating":
            metadata.rating = rating_in(value)
            if metadata.rating is None:
                source.warn(line, PROBLEMS["rating_unknown"].format(value=value))
        case "warnings":
            if value.casefold().strip(". ") not in ("none", "n/a", "no", "no archive warnings apply"):
                metadata.warnings = tuple(item.strip(". ") for item in _LISTED.split(value) if item.strip(". "))
        case "summary":
            metadata.summary = value
        case "source":
            metadata.source = value
        case "language":
            metadata.language = _LANGUAGES.get(value.casefold())
        case "chapter":
            _set_chapter(metadata, value)
        case _:
            pass


def _set_chapter(metadata: Metadata, value: str) -> None:
    number, title = chapter_named(value)
    if number is not None:
        metadata.chapter = number
    if title:
        metadata.chapter_title = title
