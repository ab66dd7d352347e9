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
from bot.ingest.headings import Level, byline, chapter_named, heading_of
from bot.ingest.metadata import Metadata, Source
from bot.ingest.ratings import rating_in
from bot.strings import PROBLEMS

_FIELDS = {
    "title": (
        "title",
        "story title",
        "story",
        "fic",
        "fic title",
        "name of story",
        "titel",
        "titre",
        "título",
        "titolo",
    ),
    "authors": (
        *("author", "authors", "author's name", "written by", "by", "writer", "penname", "pen name", "author name"),
        *("autor", "autorin", "auteur", "autore", "autora"),
    ),
    "rating": ("rating", "rated", "ratings", "fiction rating", "story rating", "altersfreigabe"),
    "warnings": (
        "warning",
        "warnings",
        "archive warning",
        "archive warnings",
        "content warning",
        "content warnings",
    ),
    "summary": ("summary", "synopsis", "zusammenfassung", "résumé", "resumen", "story summary", "blurb"),
    "source": ("source", "url", "link", "story url", "story link"),
    "chapter": ("chapter", "chapter title", "part", "episode"),
    "language": ("language", "sprache", "langue", "idioma", "lingua"),
    "subject": ("subject",),
    "from": ("from",),
}
_OTHERS = (
    "disclaimer disclaimers disclaim legal copyright feedback pairing pairings ship ships relationship "
    "relationships spoiler spoilers fandom fandoms crossover category categories genre genres archive "
    "archiving distribution distro permission permissions beta betas beta-reader beta-readers a/n an note "
    "notes series sequel timeline setting set date dates published posted updated completed status "
    "characters character word-count wordcount words length tags keywords additional-tags email e-mail "
    "mail website homepage site dedication dedicated-to thanks acknowledgements acknowledgments "
    "author's-note author's-notes authors-note authors-notes author-note author-notes credits soundtrack "
    "to cc reply-to message-id newsgroups organization x-mailer mime-version content-type sender list-id delivered-to "
    "return-path received references in-reply-to mailing-list avertissement genre-s fandom-s haftungsausschluss "
    "release-date ebook-id most-recently-updated original-publication credits produced-by chapters reviews favs "
    "follows id story-id storyid chapter-count reader-notes author-note beta'd-by betaed-by beta'd rights isbn "
    "collections stats hits kudos bookmarks comments fanfic-author authors-e-mail author's-email author-email "
    "author's-webpage author-url story-notes story-note relationship-s additional-warnings kinks continuity "
    "universe season episode-tag takes-place placement time-frame timeframe inspired-by based-on cover-art art "
    "recipient for requested-by gift-for word-count-s date-written date-posted last-updated first-posted "
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
    *("from", "to", "for", "subject", "art", "id", "season", "comments", "references", "received", "placement"),
    *("credits", "rights", "reviews", "universe", "continuity", "song", "lyrics", "teaser", "recipient", "chapters"),
}

_KEY = re.compile(
    r"[\s*_#>~=|\[<(•·-]*([^\W\d_][\w/'’() -]{0,24}?)[*_\s>\]]*(?:[:：][*_]*(?:\s+|$)|(?P<dash>\s[-–—=]\s+))(.*)"
)
_TIGHT_KEY = re.compile(
    r"[\s*_]*(title|author|rating|disclaimer|summary|pairings?|spoilers?|feedback|archive|category):(\S.*)", re.I
)
_NO_DASH = frozenset("a/n author dedication notes thanks author's note author's notes".split())
"""Words that begin a sentence with a dash behind them as easily as a header line."""
_NOTE_KEYS = frozenset(
    "a/n,an,author's note,author's notes,authors note,authors notes,author note,notes,note,story notes".split(",")
)
_SUBJECT_TAG = re.compile(r"(?:\s*(?:\[[^\]]{1,30}\]|(?:re|fwd?|fic|new|repost|tbc|part)\s*:))+\s*", re.IGNORECASE)
_TITLE_CHAPTER = re.compile(
    r"[\s,:;–—-]*[(\[]?(?:(?:chapter|chap\.?|ch\.?|part|pt\.?)\s*)?(\d{1,3})\s*(?:/|of)\s*(?:\d{1,3}|\?|\w{3,6})[)\]]?$"
    r"|[\s,:;–—-]+[(\[]?(?:chapter|chap\.?|ch\.?)\s*(\d{1,3})[)\]]?$",
    re.IGNORECASE,
)
_SENDER = re.compile(r"\"?([^<>\"@]+?)\"?\s*(?:<|$)")
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


def language_named(name: str) -> str | None:
    """The tag of a language that is named in English or in itself."""
    return _LANGUAGES.get(name.casefold().strip(" ."))


def take_header(lines: Sequence[str], source: Source, skipped: int = 0) -> int:
    """Read the header block at the top of ``lines`` into ``source``, if one is there.

    Args:
        lines: a file's lines, or those below what an archive put above them.
        source: takes what the header says.
        skipped: how many lines of the file stand above ``lines``.

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
    while fields and fields[-1].key in _NOTE_KEYS:
        # A note may go on for paragraphs, which its own rules tell from the story.
        end = fields.pop().line
    names = {field.key for field in fields}
    if not names - _ALONE_NO_HEADER and len(names) < 2:
        return 0
    _keep(fields, front, source, skipped + 1)
    return end


def set_fact(key: str, value: str, line: int, source: Source) -> bool:
    """Read one field of a title page, such as ``Rating`` with ``Teen And Up Audiences``.

    Returns:
        Whether its key is one that headers have.
    """
    name = " ".join(key.replace("’", "'").casefold().strip(" :").split())
    if name in _FIELD_OF and value:
        _set(_FIELD_OF[name], value, line, source)
    return name in _KEYS


def _key_of(line: str) -> tuple[str, str] | None:
    """A header line's key in lower case and its value."""
    found = _KEY.match(line)
    if found is None:
        tight = _TIGHT_KEY.fullmatch(line)
        return (tight[1].casefold(), tight[2].strip()) if tight else None
    key = " ".join(found[1].replace("’", "'").replace("(s)", "s").casefold().split())
    if key not in _KEYS or (found["dash"] and (key in _ALONE_NO_HEADER or key in _NO_DASH)):
        return None
    return key, found[3].strip().rstrip("*]>").strip() if line.lstrip()[0] in "[<*" else found[3].strip()


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
        if not found and fields and (heading := heading_of(lines[i].strip())) and heading.level is Level.CHAPTER:
            return i
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
    if sum(map(len, text)) > _MAX_VALUE or heading_of(text[0]) is not None:
        return False
    fields[-1].values.extend(text)
    return True


def _keep(fields: Sequence[_Field], front: Sequence[tuple[int, str]], source: Source, first: int) -> None:
    metadata = source.metadata
    for field in fields:
        value = single_spaced(" ".join(field.values)).strip()
        source.set_aside.append(SetAside(field.key, value, source.file, field.line + first))
        if value:
            _set(_FIELD_OF.get(field.key, ""), value, field.line + first, source)
    for i, text in front:
        text = single_spaced(text).strip()
        source.set_aside.append(SetAside("front", text, source.file, i + first))
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
            metadata.authors = tuple(name for name in _LISTED.split(value.rstrip(" ,;")) if name)
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
            metadata.language = language_named(value) or metadata.language
        case "subject" | "from":
            _set_from_mail(field, value, line, source)
        case "chapter":
            _set_chapter(metadata, value)
        case _:
            pass


def _set_from_mail(field: str, value: str, line: int, source: Source) -> None:
    """What the head of a mail says counts where the story's own header does not say it."""
    metadata = source.metadata
    if field == "subject":
        value = _SUBJECT_TAG.sub("", value, count=1)
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
