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
_RATED_LINE = re.compile(r"(?i:rated) ((?:K\+?|T|M|MA|G|R|PG(?:-1\d)?|NC-?1\d)(?:[ ,.;!].{0,120})?)")
_RATED_TAIL = re.compile(r"[\s,;:–—-]*[(\[]?\s*(?:rated\s*:?\s*)?((?:NC-?1[78]|PG-?1[35]|PG|FR\d\d|G|R))\s*[)\]]?$")
"""The rating behind a title in a mail's subject; only capitals are one."""
_ADDRESS = re.compile(r"\s*[(<\[]?(?:mailto:)?[\w.+-]+@[\w.-]+[)>\]]?")
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
_UNWRAPPED = 160


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


def take_header(lines: list[str], source: Source, skipped: int = 0) -> None:
    """Read the header block at the top of ``lines`` into ``source`` and blank it, if one is there.

    A chapter's heading above or in it stays.

    Args:
        lines: a file's lines, or those below what an archive put above them.
        source: takes what the header says.
        skipped: how many lines of the file stand above ``lines``.
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
        if fields and run.end == run.start + 1 and byline(head[run.start].strip("*_ \t")):
            # The author's name may stand below the header.
            front.append((run.start, head[run.start].strip()))
            end = run.end
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
        return
    kept = {i for i, text in front if _is_chapter(text)}
    _keep(fields, [(i, text) for i, text in front if i not in kept], source, skipped + 1)
    for i in range(end):
        if i not in kept:
            lines[i] = ""


def take_repeated(lines: list[str], begin: int, source: Source) -> None:
    """Blank the headers of the later parts of a story that was pasted mail by mail, each with its own.

    Where they count the parts, a chapter's heading takes their place.
    """
    title = (source.metadata.title or "").casefold()
    if not title or not source.metadata.authors:
        return
    found: list[tuple[Run, int | None]] = []
    known = [i for i in range(begin, len(lines)) if title in lines[i].casefold() and ":" in lines[i][:24]]
    taken = -1
    for i in known:
        if i < taken:
            continue
        start, end = _header_around(lines, i, begin)
        keys = {named[0]: named[1] for line in lines[start:end] if (named := _key_of(line))}
        about = [key for key in keys if key in _OF_STORY]
        if len(about) < _FEWEST_REPEATED:
            continue
        part = next((n for value in keys.values() if (n := _TITLE_CHAPTER.search(value)) and n.start()), None)
        found.append((Run(start, end), int(part[1] or part[2]) if part else None))
        taken = end
    for run, number in found:
        text = single_spaced(" ".join(line.strip() for line in lines[run.start : run.end] if line.strip())).strip()
        source.set_aside.append(SetAside("header", text, source.file, run.start + 1))
        headed = any(map(_is_chapter, (line.strip() for line in lines[run.end : run.end + 4])))
        above = any(map(_is_chapter, (line.strip() for line in lines[max(0, run.start - 3) : run.start])))
        lines[run.start : run.end] = [""] * (run.end - run.start)
        if number and not headed and not above:
            lines[run.end - 1] = f"Chapter {number}"
    if found and source.metadata.chapter and any(number for _, number in found):
        lines[begin - 1 if begin else 0] = f"Chapter {source.metadata.chapter}"
        source.metadata.chapter = None


_OF_STORY = frozenset(
    "title author authors by rating rated disclaimer pairing pairings archive feedback spoilers summary distribution "
    "fandom category classification".split()
)
_FEWEST_REPEATED = 3


def _header_around(lines: Sequence[str], at: int, begin: int) -> tuple[int, int]:
    """The range of header lines about one of them; a blank line may part a mail's head from the story's."""
    start = at
    while start > begin and (_key_of(lines[start - 1]) or (not lines[start - 1].strip() and _key_of(lines[start - 2]))):
        start -= 1
    end = at + 1
    while end < len(lines) and end - at < _LONG_RUN:
        if lines[end].strip():
            end += 1
        elif end + 1 < len(lines) and _key_of(lines[end + 1]):
            end += 2
        else:
            break
    return start, end


def _is_chapter(text: str) -> bool:
    heading = heading_of(text.strip("*_# "))
    return heading is not None and heading.level is not Level.BARE and not heading.prefix


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
    if found is None and line[:6] in ("Rated ", "RATED "):
        rated = _RATED_LINE.fullmatch(line)
        return ("rated", rated[1]) if rated else None
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
        # A value of several paragraphs may run into the line of the next key.
        soon = fields and any(
            (key := _key_of(line)) and key[0] not in _ALONE_NO_HEADER for line in lines[run.start + 1 : run.start + 3]
        )
        if (fields and not soon) or len(front) + run.end - run.start > _MAX_FRONT_LINES + 40 * bool(soon):
            return run.start
        texts = [line.strip() for line in lines[run.start : run.end]]
        if not any(map(_key_of, texts)) and not all(map(_may_be_front, texts)):
            return run.start
    for i in range(run.start, run.end):
        found = _key_of(lines[i])
        if not found and fields and _ends_header(lines, run, i, fields[-1]):
            return i
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


def _ends_header(lines: Sequence[str], run: Run, at: int, field: _Field) -> bool:
    """Whether the story begins in the middle of a run: below a rule, or with a paragraph of its own length."""
    if any(_key_of(line) for line in lines[at + 1 : run.end]):
        return False
    if is_mark(single_spaced(lines[at]).strip()):
        return True
    return len(lines[at]) > _UNWRAPPED and any(field.values)


def _may_be_front(text: str) -> bool:
    """Whether a line above the header may be a title or an author's name."""
    if byline(text.strip("*_ ")) or text.startswith("Posted originally on"):
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
            if field.key in ("fic", "subject") and (rated := _RATED_TAIL.search(value)) and rated.start():
                if metadata.rating is None and not any(other.key in ("rating", "rated") for other in fields):
                    metadata.rating = rating_in(rated[1])
                value = value[: rated.start()]
            _set(_FIELD_OF.get(field.key, ""), value, field.line + first, source)
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
    match field:
        case "title":
            numbered = _TITLE_CHAPTER.search(value)
            if numbered and numbered.start():
                metadata.chapter = metadata.chapter or int(numbered[1] or numbered[2])
                value = value[: numbered.start()]
            metadata.title = value.strip('"“”*_ ')
        case "authors":
            # An address alone is better than nobody.
            value = _ADDRESS.sub("", value).strip(" ,;") or value
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
