"""EPUBs as sites and converters write them, and what is wrong with some."""

from __future__ import annotations

import io

import pytest

from bot.domain.errors import BadInput
from bot.domain.story import Manuscript, PermissionFrom, Rating
from bot.ingest import epub
from bot.ingest.manuscripts import story_of_one_file
from bot.strings import PROBLEMS, REFUSALS
from tests.support import books
from tests.support.books import page

ONE = page("<h2>Chapter 1</h2><p>One.</p>")
TWO = page("<h2>Chapter 2</h2><p>Two.</p>")
ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/><enc:CipherData><enc:CipherReference URI="{}"/>'
    "</enc:CipherData></enc:EncryptedData></encryption>"
)


def story(data: bytes) -> Manuscript:
    return story_of_one_file(epub.read(io.BytesIO(data), "book.epub"), "book")


def told(manuscript: Manuscript) -> list[tuple[int, str | None, list[str]]]:
    return [(c.number, c.title, [scene.text for scene in c.scenes]) for c in manuscript.chapters]


def refusal(data: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        story(data)
    assert "book.epub" in REFUSALS[caught.value.key].format(**caught.value.values)
    return caught.value.key


def test_fanficfare():
    read = story(
        books.epub(
            {
                "title_page.xhtml": page(
                    '<h3><a href="x">The Salt Door</a> by <a>Peg</a></h3><div><b>Rating:</b> M<br/>'
                    "<b>Summary:</b> A door.</div>",
                    attributes='class="fff_titlepage"',
                ),
                "toc_page.xhtml": page("<h3>Table of Contents</h3>", attributes='class="fff_tocpage"'),
                "file0001.xhtml": page(
                    '<h3 class="fff_chapter_title">1. The Tube</h3><div class="fff_head_notes">A/N: hi</div>'
                    '<p>The <span class="it">bell</span>.</p><hr/><p>Later.</p>'
                ),
                "file0002.xhtml": page('<h3 class="fff_chapter_title">2. The Door</h3><p>Two.</p>'),
                "log_page.xhtml": page("<h3>Update Log</h3><p>log</p>"),
            },
            contents=[("file0001.xhtml", "1. The Tube"), ("file0002.xhtml", "2. The Door"), ("log_page.xhtml", "Log")],
            sheets={"s.css": ".it{font-style:italic}"},
        )
    )
    assert (read.title, read.rating, read.summary) == ("The Salt Door", Rating.MATURE, "A door.")
    assert told(read) == [(1, "The Tube", ["The bell.", "Later."]), (2, "The Door", ["Two."])]
    assert [(run.start, run.end, run.italic) for run in read.chapters[0].scenes[0].emphasis] == [(4, 8, True)]
    assert {piece.kind for piece in read.set_aside} >= {"front", "contents", "notes", "log"}


def test_standard_ebooks():
    read = story(
        books.epub(
            {
                "titlepage.xhtml": page('<section epub:type="titlepage"><h1>The Salt Door</h1></section>'),
                "c1.xhtml": page(
                    '<section epub:type="chapter"><hgroup><h2 epub:type="ordinal z3998:roman">I</h2><p epub:type="title">'
                    'The Tube</p></hgroup><p>The bell.<a href="endnotes.xhtml#n1" epub:type="noteref">1</a></p></section>'
                ),
                "c2.xhtml": page('<section epub:type="chapter"><h2>II</h2><p>Two.</p></section>'),
                "endnotes.xhtml": page('<section epub:type="endnotes"><p>A ship.</p></section>'),
            },
            contents=[("c1.xhtml", "I: The Tube"), ("c2.xhtml", "II"), ("endnotes.xhtml", "Endnotes")],
            metadata="<dc:title>The Salt Door</dc:title><dc:rights>In the public domain.</dc:rights>"
            "<dc:language>en-GB</dc:language>",
        )
    )
    assert told(read) == [(1, "The Tube", ["The bell."]), (2, None, ["Two."])]
    assert (read.permission.source, read.language) == (PermissionFrom.PUBLIC_DOMAIN, "en-GB")


def test_an_archive_book_that_calibre_split():
    read = story(
        books.epub(
            {
                "a_split_000.xhtml": page(
                    '<div id="preface" class="calibre1"><p>Posted originally on the Archive of Our Own at '
                    '<a href="http://archiveofourown.org/works/123">x</a>.</p><div class="meta"><dl class="tags"><dt>Rating:'
                    '</dt><dd><a>Teen And Up Audiences</a></dd></dl><h1>The Salt Door</h1><div class="byline">by '
                    '<a rel="author">peg</a></div><p>Summary</p><blockquote><p>A door.</p></blockquote></div></div>'
                ),
                "a_split_001.xhtml": page(
                    '<div class="meta1"><h2 class="toc-heading">Chapter 1: The Tube</h2><p>Chapter Notes</p><blockquote>'
                    '<p>Hello.</p></blockquote></div><div class="userstuff2"><p class="calibre8">One.</p></div>'
                ),
                "a_split_002.xhtml": page('<div class="meta1"><h2>Chapter 2</h2></div><p>Two.</p>'),
                "a_split_003.xhtml": page('<div id="afterword"><h2>Afterword</h2><p>Please drop by.</p></div>'),
            },
            contents=[
                ("a_split_000.xhtml", "Preface"),
                ("a_split_001.xhtml", "Chapter 1: The Tube"),
                ("a_split_002.xhtml", "Chapter 2"),
                ("a_split_003.xhtml", "Afterword"),
            ],
        )
    )
    assert (read.authors, read.rating, read.summary) == (("peg",), Rating.TEEN, "A door.")
    assert read.source == "http://archiveofourown.org/works/123"
    assert told(read) == [(1, "The Tube", ["One."]), (2, None, ["Two."])]


def test_headings_only_in_the_contents():
    pages = {f"p{n}.xhtml": page(f"<p>Text {n}.</p>") for n in (1, 2)}
    read = story(books.epub(pages, contents=[("p1.xhtml", "The Tube"), ("p2.xhtml", "The Door")]))
    assert told(read) == [(1, "The Tube", ["Text 1."]), (2, "The Door", ["Text 2."])]


def test_headings_that_are_plain_paragraphs():
    pages = {
        "a.html": page("<p>CHAPTER ONE</p><p>One.</p>"),
        "b.html": page("<p>More.</p><p>CHAPTER TWO</p><p>Two.</p>"),
    }
    assert told(story(books.epub(pages))) == [(1, None, ["One.\n\nMore."]), (2, None, ["Two."])]


def test_missing_pages_are_named_and_the_rest_is_read():
    read = story(books.epub({"a.xhtml": ONE, "b.xhtml": TWO}, leave_out=["b.xhtml"]))
    assert told(read) == [(1, None, ["One."])]
    assert [p.message for p in read.problems] == [PROBLEMS["pages_missing"].format(count=1, names="b.xhtml")]


@pytest.mark.parametrize(
    ("algorithm", "uri", "protected"),
    [
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/a.xhtml", True),
        ("http://www.idpf.org/2008/embedding", "OEBPS/fonts/a.otf", False),
        ("http://ns.adobe.com/pdf/enc#RC", "OEBPS/fonts/a.otf", False),
    ],
)
def test_protection_is_told_from_obfuscated_fonts(algorithm: str, uri: str, protected: bool):
    data = books.epub(
        {"a.xhtml": ONE},
        more={"META-INF/encryption.xml": ENCRYPTED.format(algorithm, uri), "META-INF/rights.xml": "<rights/>"},
    )
    if protected:
        assert refusal(data) == "epub_protected"
    else:
        assert told(story(data)) == [(1, None, ["One."])]


def test_damaged_and_empty_books():
    whole = books.epub({"a.xhtml": ONE, "b.xhtml": TWO})
    assert refusal(whole[: len(whole) // 2]) == "archive_damaged"
    assert refusal(b"") == "file_empty"
    assert refusal(books.packed({"a.txt": "x"})) == "epub_no_book"
    assert told(story(books.packed({"a.xhtml": ONE}))) == [(1, None, ["One."])]


def test_pages_outside_the_order_of_reading_are_no_story():
    data = books.epub({"a.xhtml": ONE, "ad.xhtml": page("<h2>Read on</h2><p>The Tin Lamp</p>"), "b.xhtml": TWO})
    loose = books.rewritten(data, "OEBPS/content.opf", '<itemref idref="i1"/>', '<itemref idref="i1" linear="no"/>')
    assert "The Tin Lamp" in str(told(story(data)))
    assert told(story(loose)) == [(1, None, ["One."]), (2, None, ["Two."])]


def test_pages_named_by_their_heading_or_their_entry_are_no_story():
    pages = {
        "a.xhtml": ONE,
        "b.xhtml": TWO,
        "c.xhtml": page("<h2>Copyright</h2><p>Mine.</p>"),
        "d.xhtml": page("<h2>Also by Peg Lanyon</h2><p>The Tin Lamp</p>"),
    }
    read = story(books.epub(pages, contents=[("a.xhtml", "1"), ("b.xhtml", "2"), ("d.xhtml", "Also by Peg Lanyon")]))
    assert told(read) == [(1, None, ["One."]), (2, None, ["Two."])]


def test_a_number_and_a_title_in_two_paragraphs():
    pages = {
        f"{n}.xhtml": page(f"<p>{n}</p><p>{title}</p><p>Text.</p>") for n, title in ((1, "The Tube"), (2, "The Door"))
    }
    read = story(books.epub(pages, contents=[("1.xhtml", "1 The Tube"), ("2.xhtml", "2 The Door")]))
    assert told(read) == [(1, "The Tube", ["Text."]), (2, "The Door", ["Text."])]


def test_protection_that_nothing_but_the_rights_tell_of():
    data = books.epub(
        {"a.xhtml": ONE},
        leave_out=["a.xhtml"],
        more={"OEBPS/a.xhtml": bytes(range(32)) * 99, "META-INF/rights.xml": "<rights/>"},
    )
    assert refusal(data) == "epub_protected"


LONG = "The ferry came in late on the Monday, and Ida stood on the stage with her bag and waited for {}"


def pages_of(*ends: str, names: str = "c{}.xhtml") -> dict[str, str]:
    return {names.format(n): page(f"<p>{LONG.format(end)}</p>") for n, end in enumerate(ends)}


def test_pages_that_nothing_names_are_chapters():
    read = story(books.epub({"t.xhtml": page("<p>The Salt Door</p>"), **pages_of("rope.", "“Bo.”", "him")}))
    assert told(read) == [
        (1, None, [LONG.format("rope.")]),
        (2, None, [LONG.format("“Bo.”")]),
        (3, None, [LONG.format("him")]),
    ]
    assert PROBLEMS["pages_as_chapters"].format(count=3) in [problem.message for problem in read.problems]


@pytest.mark.parametrize(
    "pages",
    [
        pages_of("the", "next."),
        pages_of("rope.", "Bo.", names="index_split_00{}.html"),
        {"a.xhtml": page(f"<p>{LONG.format('it.')}</p>"), "b.xhtml": page("<p>It came.</p>")},
    ],
)
def test_a_page_that_goes_on_is_no_chapter(pages: dict[str, str]):
    assert len(story(books.epub(pages)).chapters) == 1


def test_pages_under_plain_headings_are_cut_there():
    pages = {f"c{n}.xhtml": page(f"<p>Chapter {n}: The Rope</p><p>{LONG.format(n)}.</p>") for n in (1, 2)}
    more = pages_of("rope.", names="d{}.xhtml")
    read = story(books.epub({**pages, **more}))
    assert [(chapter.number, chapter.title) for chapter in read.chapters] == [(1, "The Rope"), (2, "The Rope")]
