r"""The form in which stories are exported and come back exactly as they were: nothing in it is guessed.

A folder with ``story.md``, whose front matter says ``form: exact``, and a Markdown file for each chapter.
In a chapter a blank line parts paragraphs, ``* * *`` alone is a scene break, a backslash at the end of a
line keeps the line, and asterisks switch italics (one), bold (two) or both (three). A backslash before
punctuation is that character. No line is taken for a heading, a note or anything else that it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import yaml

from bot.domain.breaks import Block
from bot.domain.dialogue import marks_of
from bot.domain.errors import BadInput
from bot.domain.languages import language_of
from bot.domain.quotable import choosy
from bot.domain.scenes import scenes_of
from bot.domain.story import (
    Chapter,
    Emphasis,
    Manuscript,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    Scene,
)
from bot.domain.text import clean, single_spaced
from bot.ingest.frontmatter import PlainLoader
from bot.ingest.manuscripts import slug_of

STORY_FILE = "story.md"
_BREAK = "* * *"
_EXACT = re.compile(r"\ufeff?---[ \t]*\r?\nform:[ \t]*exact[ \t]*\r?\n")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<body>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_SPECIAL = re.compile(r"[\\*_`<\[]")
_LINE_START = re.compile(r"(?P<indent> *)(?:(?P<sign>[#>+=~|-])|(?P<digits>\d+)(?P<point>[.)]))")
_TOKEN = re.compile(r"\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<marks>\*+)")
_ITALIC, _BOLD = 1, 2

_Value = str | list[str]


def is_export(text: str) -> bool:
    """Whether a ``story.md`` says that its folder is an export."""
    return _EXACT.match(text) is not None


# ---------------------------------------------------------------- writing


def files_of(story: Manuscript) -> dict[str, str]:
    """The files of a story's folder by name, ``story.md`` first; names hold nothing but slugs."""
    about: dict[str, object] = {
        "form": "exact",
        "slug": story.slug,
        "title": story.title,
        "authors": story.authors,
        "rating": story.rating.value,
        "warnings": story.warnings,
        "language": story.language,
        "summary": story.summary,
        "permission-from": story.permission.source.value,
        "permission-for": story.permission.covers.value,
        "source": story.source,
    }
    files = {STORY_FILE: _front_matter(about)}
    width = max(2, *(len(str(chapter.number)) for chapter in story.chapters))
    for chapter in story.chapters:
        stem = f"{chapter.number:0{width}}-{slug_of(chapter.title or '') or 'chapter'}"
        name, again = f"{stem}.md", 2
        while name in files:
            name, again = f"{stem}-{again}.md", again + 1
        files[name] = _chapter_file(chapter)
    return files


def text_of(story: Manuscript) -> str:
    """A story as one plain text: title and author, chapters under their headings, ``* * *`` between scenes."""
    pieces = [f"Title: {story.title}"]
    if story.authors:
        pieces[0] += f"\nAuthor: {', '.join(story.authors)}"
    pieces[0] += f"\nRating: {story.rating.value}"
    if story.warnings:
        pieces[0] += f"\nWarnings: {', '.join(story.warnings)}"
    for chapter in story.chapters:
        pieces.append(f"Chapter {chapter.number}" + (f": {chapter.title}" if chapter.title else ""))
        for number, scene in enumerate(chapter.scenes):
            pieces += [_BREAK] * (number > 0) + [scene.text]
    return "\n\n".join(pieces) + "\n"


def _chapter_file(chapter: Chapter) -> str:
    about: dict[str, object] = {"chapter": str(chapter.number)}
    if chapter.title is not None:
        about["title"] = chapter.title
    if chapter.date is not None:
        about["date"] = chapter.date.isoformat()
    markers = [scene.marker for scene in chapter.scenes[1:]]
    if any(marker != _BREAK for marker in markers):
        about["breaks"] = markers
    scenes = [_written(scene) for scene in chapter.scenes]
    return _front_matter(about) + "\n" + f"\n\n{_BREAK}\n\n".join(scenes) + "\n"


def _written(scene: Scene) -> str:
    """A scene's text with its emphasis as asterisks and every line end inside a paragraph kept."""
    edges = sorted({0, len(scene.text), *(e.start for e in scene.emphasis), *(e.end for e in scene.emphasis)})
    styles = {e.start: _ITALIC * e.italic + _BOLD * e.bold for e in scene.emphasis}
    out: list[str] = []
    before = 0
    for start, end in pairwise(edges):
        style = styles.get(start, 0)
        out += ("*" * (before ^ style), _SPECIAL.sub(r"\\\g<0>", scene.text[start:end]))
        before = style
    out.append("*" * before)
    lines = "".join(out).split("\n")
    return "\n".join(
        # The line end of a verse is kept by a backslash; blank lines part paragraphs.
        _escape_line_start(line) + ("\\" if line and following else "")
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
    )


def _escape_line_start(line: str) -> str:
    """The line, so that other readers of Markdown see no heading, list or quotation in it either."""
    found = _LINE_START.match(line)
    if found is None:
        return line
    at = found.start("sign") if found["sign"] else found.start("point")
    return f"{line[:at]}\\{line[at:]}"


def _front_matter(values: Mapping[str, object]) -> str:
    lines = [f"{key}: {_scalar(key, value)}" for key, value in values.items()]
    return "\n".join(["---", *lines, "---", ""])


def _scalar(key: str, value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_quoted(str(item)) for item in value) + "]"
    plain = key in {"form", "slug", "rating", "chapter", "date", "permission-from", "permission-for"}
    return str(value) if plain else _quoted(str(value))


def _quoted(text: str) -> str:
    """A YAML scalar in double quotation marks; whatever YAML might fold or refuse is escaped."""
    return '"' + "".join(_yaml_escaped(char) for char in text) + '"'


def _yaml_escaped(char: str) -> str:
    if char in '\\"':
        return f"\\{char}"
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


# ---------------------------------------------------------------- reading


def story_of_export(head: str, chapters: Sequence[tuple[str, str]]) -> Manuscript:
    """The story in an exported folder, which may have been edited by hand since.

    Args:
        head: the text of its ``story.md``.
        chapters: name and text of its chapters' files.

    Raises:
        BadInput: a file's front matter cannot be used, two chapters have one number, or there is none.
    """
    about, _ = _split(head, STORY_FILE, _ABOUT_STORY)
    drafts: dict[int, tuple[str, Mapping[str, _Value], list[Block]]] = {}
    for file, text in chapters:
        values, body = _split(text, file, _ABOUT_CHAPTER)
        number = _number(values.get("chapter", ""), file)
        blocks = list(_blocks(body, values.get("breaks", [])))
        if number in drafts:
            raise BadInput(
                "chapter_twice", number=number, file=file, line=1, other_file=drafts[number][0], other_line=1
            )
        if any(not block.mark for block in blocks):
            drafts[number] = (file, values, blocks)
    if not drafts:
        raise BadInput("story_empty", file=STORY_FILE)
    marks = marks_of(block.text for _, _, blocks in drafts.values() for block in blocks)
    language = _text(about, "language") or "und"
    told = (b.text for _, (_, _, blocks) in sorted(drafts.items()) for b in blocks if not b.mark)
    spoken = language_of(language, told)
    scenes = {number: scenes_of(blocks, marks, language=spoken) for number, (_, _, blocks) in sorted(drafts.items())}
    chosen = iter(choosy([scene for own in scenes.values() for scene in own], marks))
    return Manuscript(
        slug=slug_of(_text(about, "slug")) or slug_of(_text(about, "title")) or "story",
        title=_text(about, "title"),
        authors=_list(about, "authors"),
        rating=_one_of(Rating, about, "rating", Rating.UNRATED, STORY_FILE),
        warnings=_list(about, "warnings"),
        language=language,
        summary=_text(about, "summary"),
        source=_text(about, "source"),
        permission=Permission(
            _one_of(PermissionFrom, about, "permission-from", PermissionFrom.UNKNOWN, STORY_FILE),
            _one_of(PermissionFor, about, "permission-for", PermissionFor.EXCERPTS, STORY_FILE),
        ),
        chapters=tuple(
            Chapter(
                number=number,
                scenes=tuple(next(chosen) for _ in own),
                title=_text(drafts[number][1], "title") if "title" in drafts[number][1] else None,
                date=_date(drafts[number][1], drafts[number][0]),
            )
            for number, own in scenes.items()
        ),
    )


_ABOUT_STORY = frozenset(
    "form slug title authors rating warnings language summary source permission-from permission-for".split()
)
_ABOUT_CHAPTER = frozenset("chapter title date breaks".split())


def _split(text: str, file: str, known: frozenset[str]) -> tuple[dict[str, _Value], str]:
    """The front matter of a file, and what stands below it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = _FRONT_MATTER.match(text)
    if found is None:
        raise BadInput("front_matter_yaml", file=file, line=1)
    try:
        loaded: object = yaml.load(found["body"], Loader=PlainLoader)  # noqa: S506 (builds strings and lists only)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise BadInput("front_matter_yaml", file=file, line=mark.line + 2 if mark else 2) from None
    if not isinstance(loaded, dict):
        raise BadInput("front_matter_yaml", file=file, line=2)
    values: dict[str, _Value] = {}
    for key, value in loaded.items():
        if key not in known:
            raise BadInput("front_matter_key", file=file, line=2, key=key, known=", ".join(sorted(known)))
        if isinstance(value, list):
            values[key] = [clean(str(item)) if key != "breaks" else str(item) for item in value]
        else:
            values[key] = clean(str(value))
    return values, clean(text[found.end() :])


def _blocks(body: str, markers: _Value) -> Iterator[Block]:
    paragraphs = [part.strip("\n") for part in re.split(r"\n\n+", body)]
    count = sum(part == _BREAK for part in paragraphs)
    # Breaks that were put in or taken out by hand are all alike.
    kept = iter(markers if isinstance(markers, list) and len(markers) == count else [_BREAK] * count)
    for part in paragraphs:
        if part == _BREAK:
            yield Block(next(kept), 1, mark=True)
        elif part:
            text, emphasis = _read(part)
            if text:
                yield Block(text, 1, emphasis=emphasis)


def _read(part: str) -> tuple[str, tuple[Emphasis, ...]]:
    """A paragraph's text and emphasis."""
    part = single_spaced(re.sub(r"(?<!\\)((?:\\\\)*)\\\n", "\\1\v", part).replace("\n", " ").replace("\v", "\n"))
    out: list[str] = []
    runs: list[tuple[int, int]] = []
    at = length = 0
    style = 0
    for token in _TOKEN.finditer(part):
        piece = part[at : token.start()] + (token["escaped"] or "")
        out.append(piece)
        length += len(piece)
        at = token.end()
        if token["marks"]:
            style ^= len(token["marks"]) & (_ITALIC | _BOLD)
            runs.append((length, style))
    out.append(part[at:])
    text = "".join(out)
    return _trimmed(text, [(a, b, style) for (a, style), (b, _) in pairwise([*runs, (len(text), 0)]) if style])


def _trimmed(text: str, runs: Iterable[tuple[int, int, int]]) -> tuple[str, tuple[Emphasis, ...]]:
    """Runs without white space at their edges, none of them empty."""
    found: list[Emphasis] = []
    for start, end, style in runs:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            found.append(Emphasis(start, end, bool(style & _ITALIC), bool(style & _BOLD)))
    indent = len(text) - len(text.lstrip())
    shifted = (Emphasis(e.start - indent, e.end - indent, e.italic, e.bold) for e in found)
    return text.strip(), tuple(shifted)


def _text(values: Mapping[str, _Value], key: str) -> str:
    value = values.get(key, "")
    return ", ".join(value) if isinstance(value, list) else value


def _list(values: Mapping[str, _Value], key: str) -> tuple[str, ...]:
    value = values.get(key, [])
    return tuple(value) if isinstance(value, list) else tuple(v.strip() for v in value.split(",") if v.strip())


def _number(value: _Value, file: str) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
        raise BadInput("front_matter_value", file=file, line=2, key="chapter", value=value, expected="a number")
    return int(value)


def _date(values: Mapping[str, _Value], file: str) -> date | None:
    value = values.get("date")
    if not value:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        expected = "a date such as 1944-10-27"
        raise BadInput("front_matter_value", file=file, line=2, key="date", value=value, expected=expected) from None


def _one_of(kind, values: Mapping[str, _Value], key: str, default, file: str):
    value = values.get(key)
    if not value:
        return default
    try:
        return kind(str(value).strip().casefold())
    except ValueError:
        expected = ", ".join(kind)
        raise BadInput("front_matter_value", file=file, line=2, key=key, value=value, expected=expected) from None
