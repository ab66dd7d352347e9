"""Books whose every word is known, written as files of each format, and the law that reading them must keep.

Each word carries a number of its own, so that a word that was lost, doubled or moved is named.
"""

from __future__ import annotations

import html
import random
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hypothesis import strategies as st

from bot.domain.story import MAX_LINE, Manuscript
from tests.support.books import epub, packed, page

TOKEN = re.compile(r"q\d+z")
_STEMS = (
    "river bell salt rope lantern harbour Peg mother’s o’clock well-known naïve Łódź straße dåre cœur e\u0301tude "
    "g\u0303uda x\u0323yl слово ёлка λόγος שלום كلمة क्षिति ภาษา 物語 한국어 "
    "👩\u200d👩\u200d👧 🇫🇷 ﬁre Ⅻ ﷺ ½ 1,000 R&D a<b AT&T"
).split()
_ENDS = (".", ".", ".", "!", "?", "…", ";", ",", " –")
_TITLES = ("The Salt Door", "Water", "What the Tube Said", "Łódź at Night", "Naïve & Sentimental", "Слово")
_BREAKS = ("***", "* * *", "---", "~", "oOo", "⁂")

ITALIC, BOLD, BOTH = "italic", "bold", "both"


@dataclass(frozen=True)
class Word:
    """One word, the mark that follows it, and how it is emphasised."""

    text: str
    style: str = ""
    after: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the story or of a note."""

    words: tuple[Word, ...]
    lead: str = ""
    """What stands before its first word, such as "A/N: "."""
    tail: str = ""

    @property
    def text(self) -> str:
        """What a reader should see of it."""
        return seen(self.lead + " ".join(word.text + word.after for word in self.words) + self.tail)


@dataclass(frozen=True)
class Part:
    """A chapter: scenes of paragraphs, notes before and after them."""

    number: int
    title: str
    scenes: tuple[tuple[Paragraph, ...], ...]
    before: tuple[Paragraph, ...] = ()
    after: tuple[Paragraph, ...] = ()
    mark: str = "***"


@dataclass(frozen=True)
class Oddities:
    """How a careless program wrote it down."""

    width: int = 0
    newline: str = "\n"
    spaces: tuple[str, ...] = (" ",)
    entities: bool = False
    nested: bool = False
    below: bool = False
    """Whether a chapter's title stands below its number, where the format has no headings."""


@dataclass(frozen=True)
class Book:
    """A whole file's worth of story."""

    title: str
    author: str
    parts: tuple[Part, ...]
    disclaimer: str = ""
    oddities: Oddities = field(default_factory=Oddities)


def seen(text: str) -> str:
    """A text as people see it, worked out without any of the code that is tested."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


class _Author:
    """Writes one book, wholly determined by a seed."""

    def __init__(self, seed: int) -> None:
        self._any = random.Random(seed)
        self._last = 0

    def _number(self, stem: str) -> str:
        self._last += 1
        return f"{stem}q{self._last}z"

    def _either(self, part: float = 0.5) -> bool:
        return self._any.random() < part

    def _words(self, fewest: int, most: int, *, plain: bool = False) -> tuple[Word, ...]:
        found: list[Word] = []
        for _ in range(self._any.randint(fewest, most)):
            style = ""
            if not plain and found and not found[-1].style and self._either(0.3):
                style = self._any.choice((ITALIC, BOLD, BOTH))
            after = "" if plain else self._any.choice(("", "", "", *_ENDS))
            found.append(Word(self._number(self._any.choice(_STEMS)), style, after))
        return (*found[:-1], replace(found[-1], style="", after="" if plain else "."))

    def _prose(self) -> Paragraph:
        if self._either(0.3):
            return Paragraph(self._words(4, 9, plain=True), lead="“Well, ", tail="” said Peg.")
        if self._either(0.2):
            # Nothing but white space says where such a sentence may be cut.
            return Paragraph(self._words(30, 60, plain=True), lead="And so ", tail=".")
        return Paragraph(self._words(14, 30), lead="And so ")

    def _note(self, lead: str) -> Paragraph:
        asks = (" Thank you for your reviews of my story!", " Please review this chapter, my readers!")
        return Paragraph(self._words(3, 9, plain=True), lead=lead, tail=self._any.choice(asks))

    def _part(self, number: int) -> Part:
        # A beginning is long enough to be no title page.
        first = Paragraph(self._words(40, 45), lead="And so ")
        scenes = [[self._prose() for _ in range(self._any.randint(2, 4))] for _ in range(self._any.randint(1, 3))]
        scenes[0].insert(0, first)
        before = [self._note("A/N: ")] if self._either() else []
        after = [self._note("A/N: "), *(self._note("") for _ in range(self._any.randint(0, 2)))]
        return Part(
            number,
            f"{self._any.choice(_TITLES)} {self._number('Title')}",
            tuple(map(tuple, scenes)),
            tuple(before),
            tuple(after) if self._either() else (),
            self._any.choice(_BREAKS),
        )

    def book(self) -> Book:
        return Book(
            title=f"The Oar {self._number('Title')}",
            author=f"Peg {self._number('Lanyon')}",
            disclaimer=f"I own none of {self._number('these')} people." if self._either() else "",
            parts=tuple(self._part(n + 1) for n in range(self._any.randint(1, 3))),
            oddities=Oddities(
                width=self._any.choice((0, 60, 72)),
                newline=self._any.choice(("\n", "\r\n")),
                spaces=tuple(self._any.choices((" ", " ", "  ", "\xa0", "\u2009", " \xa0"), k=self._any.randint(1, 5))),
                entities=self._either(),
                nested=self._either(),
                below=self._either(),
            ),
        )


def book_of(seed: int) -> Book:
    """The book that belongs to a seed, of one to three chapters."""
    return _Author(seed).book()


books = st.integers(0, 2**32 - 1).map(book_of)


# ---------------------------------------------------------------- writing

_MARKS = {"": ("", ""), ITALIC: ("*", "*"), BOLD: ("**", "**"), BOTH: ("***", "***")}
_TAGS = {
    "": ("", ""),
    ITALIC: ("<i>", "</i>"),
    BOLD: ('<span style="font-weight: bold">', "</span>"),
    BOTH: ("<em><strong>", "</strong></em>"),
}


def _spaced(texts: Sequence[str], book: Book) -> str:
    spaces = book.oddities.spaces
    made = texts[0]
    for n, text in enumerate(texts[1:]):
        made += spaces[n % len(spaces)] + text
    return made


def _text_of(paragraph: Paragraph, book: Book) -> str:
    width = book.oddities.width
    if width:
        # What wraps lines leaves plain spaces.
        book = replace(book, oddities=replace(book.oddities, spaces=(" ",)))
    texts = [f"{_MARKS[w.style][0]}{w.text}{_MARKS[w.style][1]}{w.after}" for w in paragraph.words]
    whole = paragraph.lead + _spaced(texts, book) + paragraph.tail
    return textwrap.fill(whole, width, break_long_words=False, break_on_hyphens=False) if width else whole


def _flow(part: Part) -> Iterator[Paragraph | str]:
    yield from part.before
    for n, scene in enumerate(part.scenes):
        if n:
            yield part.mark
        yield from scene
    if part.after:
        yield part.mark
    yield from part.after


def as_text(book: Book, parts: Sequence[Part] | None = None, *, head: bool = True) -> bytes:
    """The book as a plain text."""
    lines = [f"Title: {book.title}\nAuthor: {book.author}"] if head else []
    if head and book.disclaimer:
        lines[0] += f"\nDisclaimer: {book.disclaimer}"
    for part in book.parts if parts is None else parts:
        lines.append(f"Chapter {part.number}{(chr(10) * 2) if book.oddities.below else ': '}{part.title}")
        lines += [item if isinstance(item, str) else _text_of(item, book) for item in _flow(part)]
    return ("\n\n".join(lines) + "\n").replace("\n", book.oddities.newline).encode()


def as_markdown(book: Book, parts: Sequence[Part] | None = None, *, head: bool = True) -> bytes:
    """The book in Markdown, with front matter."""
    lines = [f"---\ntitle: '{book.title}'\nauthor: '{book.author}'\n---"] if head else []
    for part in book.parts if parts is None else parts:
        lines.append(f"## Chapter {part.number}: {part.title}")
        for item in _flow(part):
            if isinstance(item, str):
                lines.append(item)
                continue
            lines.append(re.sub(r"(?<![&\w])[<&](?=\w)", r"\\\g<0>", _text_of(item, book)))
    return ("\n\n".join(lines) + "\n").replace("\n", book.oddities.newline).encode()


def _escaped(text: str, book: Book) -> str:
    text = html.escape(text, quote=False)
    return text.replace("\xa0", "&nbsp;") if not book.oddities.entities else _entities(text)


def _torn(word: str, book: Book) -> str:
    """A word with markup in its middle, as editors leave it."""
    at = word.rfind("q")
    if not book.oddities.nested or at < 1:
        return _escaped(word, book)
    between = ("<span>", "</span>") if len(word) % 2 else ("<!-- no words -->", "<script>var none;</script>")
    return _escaped(word[:at], book) + between[0] + _escaped(word[at:], book) + between[1]


def _entities(text: str) -> str:
    return re.sub(r"[^\x00-\x7f]", lambda found: f"&#x{ord(found[0]):x};", text)


def _body(book: Book, part: Part) -> str:
    made = [f"<h2>Chapter {part.number}: {_escaped(part.title, book)}</h2>"]
    for item in _flow(part):
        if isinstance(item, str):
            made.append("<hr/>" if item == "***" else f'<p style="text-align:center">{item}</p>')
            continue
        texts = [
            f"{_TAGS[w.style][0]}{_torn(w.text, book)}{_TAGS[w.style][1]}{_escaped(w.after, book)}" for w in item.words
        ]
        whole = _escaped(item.lead, book) + _spaced(texts, book).replace("\xa0", "&#160;") + _escaped(item.tail, book)
        made.append(f"<div><p><span>{whole}</span></p></div>" if book.oddities.nested else f"<p>{whole}</p>")
    return book.oddities.newline.join(made)


def as_html(book: Book, parts: Sequence[Part] | None = None) -> bytes:
    """The book as one page."""
    body = "\n".join(_body(book, part) for part in (book.parts if parts is None else parts))
    head = f'<title>{_escaped(book.title, book)}</title><meta name="author" content="{_escaped(book.author, book)}">'
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def as_epub(book: Book) -> bytes:
    """The book as an EPUB, a page for each chapter."""
    pages = {f"c{part.number}.xhtml": page(_body(book, part)) for part in book.parts}
    metadata = (
        f"<dc:title>{_escaped(book.title, book)}</dc:title><dc:creator>{_escaped(book.author, book)}</dc:creator>"
    )
    return epub(pages, metadata=metadata.replace("&nbsp;", "&#160;"))


def files_of(book: Book, kind: str) -> dict[str, bytes]:
    """The book as a folder's files, a chapter each."""
    files: dict[str, bytes] = {"story.md": as_markdown(book, [])} if kind == "md" else {}
    for part in book.parts:
        if kind == "txt":
            data = as_text(book, [part], head=part.number == 1)
        else:
            data = as_markdown(book, [part], head=False) if kind == "md" else as_html(book, [part])
        files[f"Chapter {part.number}.{kind}"] = data
    return files


def as_zip(book: Book, kind: str) -> bytes:
    """The same in a zip archive."""
    return packed({f"book/{name}": data for name, data in files_of(book, kind).items()})


# ---------------------------------------------------------------- the law


_KEPT = ("heading", "title", "author")


def check_words(book: Book, read: Manuscript, *, disclaimer: bool = False) -> None:
    """Every word of a book stands where it belongs, once, in order, and every offset is exact."""
    told = [[[p.text for p in scene] for scene in part.scenes] for part in book.parts]
    found = [[scene.text.split("\n\n") for scene in chapter.scenes] for chapter in read.chapters]
    assert found == told
    assert [chapter.title for chapter in read.chapters] == [seen(part.title) for part in book.parts]
    assert [chapter.number for chapter in read.chapters] == [part.number for part in book.parts]
    assert (read.title, read.authors) == (book.title, (book.author,))
    notes = [p.text for part in book.parts for p in (*part.before, *part.after)]
    aside = sorted(
        (piece for piece in read.set_aside if "note" in piece.kind), key=lambda piece: (piece.file, piece.line)
    )
    assert "\n\n".join(piece.text for piece in aside) == "\n\n".join(notes)
    if disclaimer and book.disclaimer:
        assert [p.text for p in read.set_aside if p.kind == "disclaimer"] == [book.disclaimer]
    # What is metadata may stand aside as well; everything else stands in one place only.
    once = [scene.text for chapter in read.chapters for scene in chapter.scenes]
    once += [piece.text for piece in read.set_aside if piece.kind not in _KEPT]
    heads = [read.title, *read.authors, *(chapter.title or "" for chapter in read.chapters)]
    heads += [piece.text for piece in read.set_aside if piece.kind in _KEPT]
    written = [p.text for part in book.parts for p in _flow(part) if not isinstance(p, str)]
    written += [book.disclaimer] if disclaimer else []
    assert sorted(TOKEN.findall(" ".join(once))) == sorted(TOKEN.findall(" ".join(written)))
    named = [book.title, book.author, *(part.title for part in book.parts)]
    assert set(TOKEN.findall(" ".join(heads))) == set(TOKEN.findall(" ".join(named)))
    check_offsets(read)
    styled = [
        (seen(word.text), word.style in (ITALIC, BOTH), word.style in (BOLD, BOTH))
        for part in book.parts
        for scene in part.scenes
        for paragraph in scene
        for word in paragraph.words
        if word.style
    ]
    runs = [
        (scene.text[run.start : run.end], run.italic, run.bold)
        for chapter in read.chapters
        for scene in chapter.scenes
        for run in scene.emphasis
    ]
    assert runs == styled


def check_offsets(read: Manuscript) -> None:
    """Joined lines give back each scene's text: in order, within the limit, parted by white space only."""
    for chapter in read.chapters:
        for scene in chapter.scenes:
            assert scene.text == scene.text.strip()
            assert scene.lines[0].start == 0
            assert scene.lines[-1].end == len(scene.text)
            for line in scene.lines:
                inside = scene.text[line.start : line.end]
                assert inside == inside.strip()
                assert 0 < len(inside) <= MAX_LINE
                assert "\n\n" not in inside
            for line, following in pairwise(scene.lines):
                assert line.end <= following.start
                assert not scene.text[line.end : following.start].strip()
            assert all(0 <= run.start < run.end <= len(scene.text) for run in scene.emphasis)
            assert len(scene.paragraph_lines) in (0, scene.text.count("\n\n") + 1)
            assert list(scene.paragraph_lines) == sorted(scene.paragraph_lines)


# ---------------------------------------------------------------- anything in any order

_FURNITURE = (
    "A/N: {}",
    "Author’s note: {} for my reviewers.",
    "[A/N: {}]",
    "{} said (A/N: {} lol) {}.",
    "Author's Notes:",
    "Notes: {}",
    "Summary: {}",
    "Notes:",
    "Disclaimer: I own no {}.",
    "Title: {}",
    "Author: {}",
    "Pairing: {}/{}",
    "Spoilers: {}",
    "Feedback: {}",
    "by {}",
    "Chapter {number}: {}",
    "Chapter {number}",
    "{number}.",
    "{number}. {}",
    "Part {number}: {}",
    "Prologue",
    "Epilogue {}",
    "THE {}",
    "* * *",
    "***",
    "---",
    "oOo",
    "~",
    "TBC",
    "The {} Chronicles, Chapter {number}",
    "Volume {number}: {}",
    "Contents",
    "[{number}] {}",
    "{} * {} * {}",
    "A/N {}",
    "{}",
    "{} {}",
    "The End",
    "End of chapter {}",
    "Please review {}!",
    "Thanks for reading, {}, and please review my story!",
    "[Illustration: {}]",
    "Page {number}",
    "- {number} -",
    "{}'s POV",
    "Three days later, {}",
    "“{},” said {}. “{}.”",
    "“{}.”",
    "*{}*",
    "**{}** {} *{}*",
    "I wrote {} for my readers, and I hope that you enjoy my story.",
    "The road went on to {} between the beet fields, and nobody on it had anything left to say to {} that day.",
    "The road went on to {} between the beet fields, and nobody on it had anything left to say to {} that day.",
    "He counted {} twice, as his father had, and put {} back under the counter, where the bell and {} lay.",
    "roses for {},\nviolets for {},\nand none for {}.",
)


def jumble_of(seed: int) -> list[str]:
    """Paragraphs of everything that stands in files, in no order that makes sense, between two of plain story."""
    author = random.Random(seed)
    last = 0
    made: list[str] = []
    prose = _FURNITURE[-3]
    for shape in (prose, *author.choices(_FURNITURE, k=author.randint(3, 30)), prose):
        words: list[str] = []
        for _ in range(shape.count("{}")):
            last += 1
            words.append(f"{author.choice(_STEMS[:12])}q{last}z")
        made.append(shape.format(*words, number=author.randint(1, 5)))
    return made


jumbles = st.integers(0, 2**32 - 1).map(jumble_of)


_AROUND = (
    *(("<p>", "</p>") for _ in range(9)),
    ("<div>", "</div>"),
    ("<div><div>", "</div>"),  # never closed
    ("<blockquote><p>", "</p></blockquote>"),
    ('<p style="text-align:center">', "</p>"),
    ("<center><b>", "</b></center>"),
    ("<h3>", "</h3>"),
    ("<ul><li>", "</li></ul>"),
    ("<table><tr><td>", "</td></tr></table>"),
    ("<pre>", "</pre>"),
    ("<p>&nbsp;</p><p><i>", "</i></p><hr/>"),
    ('<p><img src="a.png" alt=""/>', "</p>"),
    ("", "<br/><br/>"),
    ('<div class="notes"><p>', "</p></div>"),
    ('<p><a href="#top">', "</a></p>"),
    ('<aside epub:type="footnote"><p>', "</p></aside>"),
    ("<p><ruby>漢字<rt>", "</rt></ruby> was all that stood there.</p>"),
    ('<p>One <sup><a href="#n1">1</a></sup> ', "</p>"),
)


def jumble_as(kind: str, paragraphs: Sequence[str]) -> bytes:
    """Such paragraphs as a file of one kind."""
    if kind in ("txt", "md"):
        return "\n\n".join(paragraphs).encode()
    made: list[str] = []
    for n, text in enumerate(paragraphs):
        opening, closing = _AROUND[(n * 7 + len(text)) % len(_AROUND)]
        if re.match(r"(?:Chapter|Part) \d", text):
            opening, closing = "<h2>", "</h2>"
        inner = html.escape(text).replace("\n", "<br/>")
        inner = re.sub(r"\*\*(\w\S*)\*\*", r"<b>\1</b>", inner)
        inner = re.sub(r"\*(\w\S*)\*", r"<i>\1</i>", inner)
        made.append(opening + inner + closing)
    if kind == "html":
        return f"<html><head><title>x</title></head><body>{''.join(made)}</body></html>".encode()
    half = len(made) // 2
    return epub({"a.xhtml": page("".join(made[:half])), "b.xhtml": page("".join(made[half:]))})


def check_jumble(paragraphs: Sequence[str], read: Manuscript) -> None:
    """Each word is in the story, set aside or metadata; in story and asides once, and in order."""
    told = TOKEN.findall(" ".join(scene.text for chapter in read.chapters for scene in chapter.scenes))
    aside = [piece for piece in read.set_aside if piece.kind not in _KEPT]
    beside = TOKEN.findall(" ".join(piece.text for piece in aside))
    heads = [read.title, *read.authors, read.summary, read.source, *read.warnings]
    heads += [chapter.title or "" for chapter in read.chapters]
    heads += [piece.text for piece in read.set_aside if piece.kind in _KEPT]
    named = set(TOKEN.findall(" ".join(heads)))
    written = TOKEN.findall(" ".join(paragraphs))
    assert set(told) | set(beside) | named == set(written)
    assert len(told) == len(set(told))
    assert len(beside) == len(set(beside))
    assert not set(told) & set(beside)
    assert not set(told) & named
    whole = {word.strip("*") for text in paragraphs for word in text.split()}
    for chapter in read.chapters:
        for scene in chapter.scenes:
            assert {word.strip("*") for word in scene.text.split() if TOKEN.search(word)} <= whole
    place = {token: n for n, token in enumerate(written)}
    assert told == sorted(told, key=place.__getitem__)
    for piece in read.set_aside:
        inside = TOKEN.findall(piece.text)
        assert inside == sorted(inside, key=place.__getitem__)
    for chapter in read.chapters:
        lines = [line for scene in chapter.scenes for line in scene.paragraph_lines]
        assert lines == sorted(lines)
    check_offsets(read)
