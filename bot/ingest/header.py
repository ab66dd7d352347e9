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
from bot.ingest.fields import ALONE_NO_HEADER, FIELD_OF, KEYS, LONG_KEYS, MAIL_KEYS, NOTE_KEYS, key_of
from bot.ingest.headings import Level, byline, chapter_named, heading_of
from bot.ingest.metadata import Metadata, Source
from bot.ingest.ownratings import rate, rate_title
from bot.ingest.ratings import cut_rating, judge
from bot.strings import PROBLEMS

_SUBJECT_TAG = re.compile(r"(?:\s*(?:\[[^\]]{1,30}\]|(?:re|fwd?|fic|new|repost|tbc|part)\s*:))+\s*", re.IGNORECASE)
TITLE_CHAPTER = re.compile(
    r"[\s,:;–—-]*[(\[]?(?:(?:chapter|chap\.?|ch\.?|part|pt\.?)\s*)?(\d{1,3})\s*(?:/|of)\s*(?:\d{1,3}|\?|\w{3,6})[)\]]?$"
    r"|[\s,:;–—-]+[(\[]?(?:chapter|chap\.?|ch\.?)\s*(\d{1,3})[)\]]?$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\s?[(<\[]?(?:mailto:)?[\w.+-]{1,80}@[\w.-]{1,200}[)>\]]?")
_SENDER = re.compile(r"\"?([^<>\"@]+?)\"?\s*(?:<|$)")
_LISTED = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl",
    "nederlands": "nl", "swedish": "sv", "svenska": "sv", "polish": "pl", "polski": "pl", "russian": "ru",
    "русский": "ru", "japanese": "ja", "chinese": "zh", "korean": "ko", "finnish": "fi", "suomi": "fi",
    "danish": "da", "norwegian": "no", "czech": "cs", "hungarian": "hu", "turkish": "tr", "greek": "el",
    "čeština": "cs", "dansk": "da", "norsk": "no", "magyar": "hu", "türkçe": "tr", "ελληνικά": "el",
    "ukrainian": "uk", "українська": "uk", "日本語": "ja", "中文": "zh", "한국어": "ko",
}  # fmt: skip
_LANGUAGE_CODES = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt",
    "nld": "nl", "dut": "nl", "swe": "sv", "pol": "pl", "rus": "ru", "jpn": "ja", "zho": "zh", "chi": "zh",
    "kor": "ko", "fin": "fi", "dan": "da", "nor": "no", "ces": "cs", "cze": "cs", "hun": "hu", "tur": "tr",
    "ell": "el", "gre": "el", "ukr": "uk",
}  # fmt: skip

_MAX_HEADER = 400
_MAX_FRONT_LINES = 6
_MAX_FRONT_LINE = 100
_MAX_VALUE = 3000
_MAX_NAME = 600
_LONG_RUN = 40
"""Lines without a blank one between them beyond which a file plainly does not part its paragraphs."""
_SENTENCE = 50
_FEWEST_BELOW = 2
"""Fields below a paragraph from which on it is rather a field's value than the story's beginning."""
_LOOKAHEAD = 6
_UNWRAPPED = 160


class Run(NamedTuple):
    """Neighbouring lines without a blank one between them: ``[start, end)``, from 0."""

    start: int
    end: int


class Field(NamedTuple):
    """One field of a header: its name in lower case, its line from 0, the lines of its value."""

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


def language_named(name: str) -> str | None:
    """The tag of a language that is named in English or in itself, or by a code of libraries such as ``eng``."""
    plain = name.casefold().strip(" .")
    tag = _LANGUAGES.get(plain) or _LANGUAGE_CODES.get(plain)
    return tag or (plain if plain in _LANGUAGES.values() else None)


def take_header(lines: list[str], source: Source, skipped: int = 0) -> None:
    """Read the header block at the top of ``lines`` into ``source`` and blank it, if one is there.

    A chapter's heading above or in it stays.

    Args:
        lines: a file's lines, or those below what an archive put above them.
        source: takes what the header says.
        skipped: how many lines of the file stand above ``lines``.
    """
    fields, front, end, doubted = scan(lines[:_MAX_HEADER])
    names = {field.key for field in fields}
    if not names - ALONE_NO_HEADER and len(names) < 2:
        return
    kept = {i for i, text in front if is_chapter(text)}
    if kept and all(FIELD_OF.get(name) == "rating" for name in names):
        # It is that chapter's own, which says nothing of the others.
        return
    if doubted is not None:
        source.warn(doubted + skipped + 1, PROBLEMS["header_doubted"])
    keep(fields, [(i, text) for i, text in front if i not in kept], source, skipped + 1)
    for i in range(end):
        if i not in kept:
            lines[i] = ""


class Header(NamedTuple):
    """What a header's lines say, and where they end."""

    fields: list[Field]
    front: list[tuple[int, str]]
    """Lines that have no name of a field: title and author."""
    end: int
    doubted: int | None = None
    """A line that reads like a header's though what stands above it reads like the story."""


def scan(head: Sequence[str]) -> Header:
    """Understand the header that some lines begin with; what it does not take is story."""
    runs = runs_of(head)
    front: list[tuple[int, str]] = []
    fields: list[Field] = []
    end = 0
    doubted: int | None = None
    for n, run in enumerate(runs):
        if is_mark(" ".join(head[run.start].split())) and run.end == run.start + 1:
            if n and not _begins_with_key(head, runs[n + 1 : n + 2]):
                # The rule below a header belongs to it.
                end = run.end if fields else end
                break
            continue
        if fields and run.end == run.start + 1 and byline(head[run.start].strip("*_ \t")):
            # The author's name may stand below the header.
            front.append((run.start, head[run.start].strip()))
            end = run.end
            continue
        if _begins_letter(head, run, fields, front):
            break
        stop = _read_run(head, run, fields, front)
        if stop == run.start and not (fields and _value_runs_on(head, runs, n, fields)):
            if fields and n + 1 < len(runs) and _is_field(head[runs[n + 1].start]):
                doubted = runs[n + 1].start
            break
        if fields:
            end = stop
        if stop < run.end and stop != run.start:
            break
    while fields and fields[-1].key in NOTE_KEYS:
        # A note may go on for paragraphs, which its own rules tell from the story.
        end = fields.pop().line
    return Header(fields, front, end, doubted)


def _is_field(line: str) -> bool:
    named = key_of(line)
    return named is not None and named[0] not in ALONE_NO_HEADER


def _begins_letter(lines: Sequence[str], run: Run, fields: Sequence[Field], front: Sequence[tuple[int, str]]) -> bool:
    """Whether a mail's head is a letter of the story: the story's author has already been named above it."""
    named = any(FIELD_OF.get(field.key) == "authors" for field in fields)
    if not named and not any(byline(text.strip("*_ ")) for _, text in front):
        return False
    keys = [found[0] for line in lines[run.start : run.end] if (found := key_of(line))]
    return len({"from", "to", "subject"}.intersection(keys)) > 1 and MAIL_KEYS.issuperset(keys)


def is_chapter(text: str) -> bool:
    """Whether a line is a chapter's heading, or a part's."""
    heading = heading_of(text.strip("*_# "))
    return heading is not None and heading.level is not Level.BARE and not heading.prefix


def set_fact(key: str, value: str, line: int, source: Source) -> bool:
    """Read one field of a title page, such as ``Rating`` with ``Teen And Up Audiences``.

    Returns:
        Whether its key is one that headers have.
    """
    name = " ".join(key.replace("’", "'").replace("_", " ").casefold().strip(" :").split())
    if name in FIELD_OF and value:
        _set(FIELD_OF[name], value, line, source)
    return name in KEYS


def _begins_with_key(lines: Sequence[str], runs: Sequence[Run]) -> bool:
    return any(key_of(lines[run.start]) for run in runs)


def _read_run(lines: Sequence[str], run: Run, fields: list[Field], front: list[tuple[int, str]]) -> int:
    """Read one run; the index after what belongs to the header (its start if nothing does)."""
    if not _begins_with_key(lines, [run]):
        # Above the first key a few short lines may be title and author.
        # A value of several paragraphs may run into the line of the next key.
        soon = fields and any(
            (key := key_of(line)) and key[0] not in ALONE_NO_HEADER for line in lines[run.start + 1 : run.start + 3]
        )
        if soon and fields[-1].key not in LONG_KEYS:
            return run.start
        if (fields and not soon) or len(front) + run.end - run.start > _MAX_FRONT_LINES + 40 * bool(soon):
            return run.start
        texts = [line.strip() for line in lines[run.start : run.end]]
        if not any(map(key_of, texts)) and not all(map(_may_be_front, texts)):
            return run.start
    for i in range(run.start, run.end):
        found = key_of(lines[i])
        if not found and fields and _ends_header(lines, run, i, fields[-1]):
            return i
        if not found and fields and (heading := heading_of(lines[i].strip())) and heading.level is Level.CHAPTER:
            return i
        if found:
            fields.append(Field(found[0], i, [found[1]]))
        elif not fields:
            front.append((i, lines[i].strip()))
        elif _goes_on(lines, run, i, fields[-1]):
            fields[-1].values.append(lines[i].strip())
        else:
            return i
    return run.end


def _ends_header(lines: Sequence[str], run: Run, at: int, field: Field) -> bool:
    """Whether the story begins in the middle of a run: below a rule, or with a paragraph of its own length."""
    if any(key_of(line) for line in lines[at + 1 : run.end]):
        return False
    if FIELD_OF.get(field.key) == "rating" and _leaves_rating(field.values, lines[at]):
        return True
    if is_mark(single_spaced(lines[at]).strip()):
        return True
    return len(lines[at]) > _UNWRAPPED and any(field.values)


def _leaves_rating(values: Sequence[str], line: str) -> bool:
    """Whether a line below a rating is no part of it: a sentence that only clouds what was plain."""
    value = " ".join(values)
    if len(line) <= _SENTENCE or not judge(value).known:
        return False
    return not judge(f"{value} {line}").known and line[:1].isupper()


def _may_be_front(text: str) -> bool:
    """Whether a line above the header may be a title or an author's name."""
    if byline(text.strip("*_ ")) or text.startswith("Posted originally on"):
        return True
    return len(text) <= _MAX_FRONT_LINE and (text[-1] not in ".,;" or is_mark(single_spaced(text)))


def _goes_on(lines: Sequence[str], run: Run, at: int, field: Field) -> bool:
    """Whether a line without a key continues the value above it."""
    if sum(map(len, field.values)) > _MAX_VALUE:
        return False
    if run.end - run.start <= _LONG_RUN:
        return True
    return any(key_of(line) for line in lines[at + 1 : min(run.end, at + 1 + _LOOKAHEAD)])


def _value_runs_on(lines: Sequence[str], runs: Sequence[Run], n: int, fields: list[Field]) -> bool:
    """Whether a paragraph without a key stands within the header, several fields below it; it is then taken.

    The story's first paragraph may stand above a line such as "Warning: thin ice", or another part's header.
    """
    if fields[-1].key not in LONG_KEYS or not _begins_with_key(lines, runs[n + 1 : n + 3]):
        return False
    known = {field.key for field in fields}
    below = [
        found[0]
        for run in runs[n + 1 : n + 2 + _FEWEST_BELOW]
        for line in lines[run.start : run.end]
        if (found := key_of(line))
    ]
    if len(set(below) - ALONE_NO_HEADER) < _FEWEST_BELOW or "title" in below or known.intersection(below):
        return False
    run = runs[n]
    text = [line.strip() for line in lines[run.start : run.end]]
    if sum(map(len, text)) > _MAX_VALUE or heading_of(text[0]) is not None:
        return False
    fields[-1].values.extend(text)
    return True


def keep(fields: Sequence[Field], front: Sequence[tuple[int, str]], source: Source, first: int) -> None:
    """Set a header's lines aside and let the source take what they say; ``first`` is the number of line 0."""
    metadata = source.metadata
    for field in fields:
        value = single_spaced(" ".join(field.values)).strip()
        source.set_aside.append(SetAside(field.key, value, source.file, field.line + first))
        if value:
            _set(FIELD_OF.get(field.key, ""), value, field.line + first, source)
    for i, text in front:
        text = single_spaced(text).strip()
        source.set_aside.append(SetAside("front", text, source.file, i + first))
        author = byline(text.strip("*_ "))
        if author:
            metadata.authors = metadata.authors or (author,)
        elif metadata.title is None and not is_mark(text) and not _ADDRESS.fullmatch(text):
            _set("title", text.strip("*_# "), i + first, source)


def _set(field: str, value: str, line: int, source: Source) -> None:
    metadata = source.metadata
    if len(value) > (_MAX_NAME if field in ("title", "subject", "from", "chapter") else _MAX_VALUE):
        # It is set aside; nobody could do anything with it.
        return
    match field:
        case "title":
            value = _unrated(value, line, source)
            numbered = TITLE_CHAPTER.search(value)
            if numbered and numbered.start():
                metadata.chapter = metadata.chapter or int(numbered[1] or numbered[2])
                value = value[: numbered.start()]
            metadata.title = value.strip('"“”*_ ')
        case "authors":
            # An address alone is better than nobody.
            value = _ADDRESS.sub("", value).strip(" ,;") or value
            metadata.authors = tuple(name for name in _LISTED.split(value.rstrip(" ,;")) if name)
        case "rating":
            rate(source, value, line)
        case "warnings":
            if value.casefold().strip(". ") not in ("none", "n/a", "no", "no archive warnings apply"):
                named = (item.strip(". []\"'") for item in _LISTED.split(value))
                metadata.warnings += tuple(item for item in named if item and item not in metadata.warnings)
        case "summary":
            metadata.summary = value
        case "source":
            metadata.source = value
        case "language":
            metadata.language = language_named(value) or metadata.language
        case "subject" | "from":
            _set_from_mail(field, value, line, source)
        case "chapter":
            _set_chapter(metadata, value)
        case _:
            pass


def _unrated(title: str, line: int, source: Source) -> str:
    """A title without the rating in it, which counts for the story."""
    cut = cut_rating(title)
    if cut.rating is None or not cut.rest:
        return title
    rate_title(source, cut.rating, title, line)
    return cut.rest


def _set_from_mail(field: str, value: str, line: int, source: Source) -> None:
    """What the head of a mail says counts where the story's own header does not say it."""
    metadata = source.metadata
    if field == "subject":
        value = _SUBJECT_TAG.sub("", _unrated(value, line, source), count=1)
        if metadata.title is None and value:
            _set("title", value, line, source)
        return
    named = _SENDER.match(value)
    if not metadata.authors and named and named[1]:
        metadata.authors = (named[1],)


def _set_chapter(metadata: Metadata, value: str) -> None:
    number, title = chapter_named(value)
    if number is not None:
        metadata.chapter = number
    if title:
        metadata.chapter_title = title
