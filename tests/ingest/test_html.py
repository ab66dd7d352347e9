"""HTML as sites and word processors write it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.breaks import Block
from bot.domain.story import Manuscript, Rating
from bot.ingest import html
from bot.ingest.manuscripts import story_of_one_file
from bot.strings import PROBLEMS


def story(text: str | bytes) -> Manuscript:
    data = text if isinstance(text, bytes) else text.encode()
    return story_of_one_file(html.read(data, "story.html"), "story")


def told(manuscript: Manuscript) -> list[tuple[int, str | None, list[str]]]:
    return [(c.number, c.title, [scene.text for scene in c.scenes]) for c in manuscript.chapters]


def aside(manuscript: Manuscript, kind: str) -> list[str]:
    return [piece.text for piece in manuscript.set_aside if piece.kind == kind]


ARCHIVE = """<!DOCTYPE html><html lang="en"><head><title>The Salt Door - peg - Doors (TV)</title></head><body>
<div id="preface"><p class="message"><b>The Salt Door</b><br/>Posted originally on the
<a href="http://archiveofourown.org/">Archive of Our Own</a> at
<a href="http://archiveofourown.org/works/123">http://archiveofourown.org/works/123</a>.</p>
<div class="meta"><dl class="tags"><dt>Rating:</dt><dd><a href="x">Mature</a></dd><dt>Archive Warnings:</dt>
<dd><a>Graphic Depictions Of Violence</a>, <a>Major Character Death</a></dd></dl>
<h1>The Salt Door</h1><div class="byline">by <a rel="author" href="/u">peg</a>, <a rel="author">bo</a></div>
<p>Summary</p><blockquote class="userstuff"><p>A door. Made of salt.</p></blockquote>
<p>Notes</p><blockquote class="userstuff"><p>Thanks to <em>Bo</em>.</p></blockquote></div></div>
<div id="chapters" class="userstuff">{chapters}</div>
<div id="afterword"><div class="meta" id="endnotes"><p>End Notes</p><blockquote class="userstuff"><p>Bye!</p>
</blockquote></div><p class="message">Please drop by the Archive and comment</p></div></body></html>"""

CHAPTERS = """<div class="meta group"><h2 class="heading">Chapter 1: The Tube</h2>
<p>Chapter Summary</p><blockquote class="userstuff"><p>She goes.</p></blockquote>
<p>Chapter Notes</p><blockquote class="userstuff"><p>Hello all.</p></blockquote>
<div class="endnote-link">See the end of the chapter for <a href="#endnotes1">notes</a></div></div>
<!--chapter content--><div class="userstuff"><p>The bell <em>rang</em> &amp; rang&nbsp;again.</p><p>&nbsp;</p>
<p>“No,” she said.</p><h3>Later</h3><p>Then <b>no<i>th</i>ing</b>.</p><hr/><p>Done.</p></div>
<div class="meta" id="endnotes1"><p>Chapter End Notes</p><blockquote class="userstuff"><p>More soon.</p></blockquote></div>
<div class="meta group"><h2 class="heading">Chapter 2</h2></div><div class="userstuff"><p>Two.</p></div>"""


def test_an_archive_download_of_several_chapters():
    read = story(ARCHIVE.format(chapters=CHAPTERS))
    assert (read.title, read.authors, read.rating) == ("The Salt Door", ("peg", "bo"), Rating.MATURE)
    assert read.warnings == ("Graphic Depictions Of Violence", "Major Character Death")
    assert (read.summary, read.source) == ("A door. Made of salt.", "http://archiveofourown.org/works/123")
    assert told(read) == [
        (1, "The Tube", ["The bell rang & rang again.\n\n“No,” she said.", "Later\n\nThen nothing.", "Done."]),
        (2, None, ["Two."]),
    ]
    assert aside(read, "notes") == [
        "Notes",
        "Thanks to Bo.",
        "Chapter Notes",
        "Hello all.",
        "See the end of the chapter for notes",
        "Chapter End Notes",
        "More soon.",
        "End Notes",
        "Bye!",
        "Please drop by the Archive and comment",
    ]


def test_an_archive_download_of_one_chapter():
    read = story(ARCHIVE.format(chapters='<h2 class="toc-heading">The Salt Door</h2><p>One.</p><h3>A</h3><p>Two.</p>'))
    assert told(read) == [(1, None, ["One.", "A\n\nTwo."])]


def test_emphasis_of_tags_styles_and_classes():
    read = story(
        "<style>.c1{font-style:italic} span.c2 {font-weight:700} @media print {.c3{font-style:italic}}</style>"
        "<b style='font-weight:normal'><p>A <i>b</i> <span class=c1>c</span> <span class=c2>d</span> "
        "<span class=c3>e</span> <span style='font-style: italic; font-weight: bold'>f</span> g.</p></b>"
    )
    (scene,) = read.chapters[0].scenes
    runs = [(scene.text[run.start : run.end], run.italic, run.bold) for run in scene.emphasis]
    assert runs == [("b", True, False), ("c", True, False), ("d", False, True), ("f", True, True)]


def test_royal_road_without_what_the_page_hides():
    read = story(
        "<html><head><title>1. The Tube - The Salt Door | Royal Road</title><style>.cnR{display: none;speak: never;}"
        "</style></head><body><h1>1. The Tube</h1><h2>The Salt Door</h2><h3>by <a href='/profile/3'>Peg</a></h3>"
        "<div class='portlet author-note-portlet'><p>Vote!</p></div><div class='chapter-inner chapter-content'>"
        "<p>The bell rang.</p><p class='cnR'>Stolen.</p><p>Twice.</p></div><div>Great chapter</div></body></html>"
    )
    assert (read.title, read.authors) == ("The Salt Door", ("Peg",))
    assert told(read) == [(1, "The Tube", ["The bell rang.\n\nTwice."])]
    assert aside(read, "hidden") == ["Stolen."]
    assert aside(read, "notes") == ["Vote!"]


def test_fanfiction_net():
    read = story(
        "<body><div id=top>Menu</div><div id='profile_top'><b class='xcontrast_txt'>The Salt Door</b> By: "
        "<a href='/u/3/peg'>Peg L</a><div class='xcontrast_txt'>A door.</div><span>Rated: <a>Fiction  T</a> - English"
        "</span></div><select id='chap_select'><option>1. One<option selected>3. The Door</select>"
        "<div id='storytextp'><div id='storytext'><p>The bell.<p>It rang.<hr size=1 noshade><p>Done.</div></div>"
    )
    assert (read.title, read.authors, read.rating, read.language) == ("The Salt Door", ("Peg L",), Rating.TEEN, "en")
    assert told(read) == [(3, "The Door", ["The bell.\n\nIt rang.", "Done."])]


def test_fanficfare():
    read = story(
        "<h1><a href='http://x/1'>The Salt Door</a> by <a>Peg</a></h1><table><tr><td><b>Rating:</b></td><td>M</td></tr>"
        "</table><a name='TOCTOP'><h2>Table of Contents</h2></a><p><a href='#section0001'>1. The Tube</a><br/>"
        "<a href='#section0002'>2. The Door</a></p><a name='section0001'><h2>1. The Tube</h2></a><p>One.</p>"
        "<a name='section0002'><h2>2. The Door</h2></a>Two.<br/><br/>Three."
    )
    assert (read.title, read.authors, read.rating, read.source) == (
        "The Salt Door",
        ("Peg",),
        Rating.MATURE,
        "http://x/1",
    )
    assert told(read) == [(1, "The Tube", ["One."]), (2, "The Door", ["Two.\n\nThree."])]


def test_a_word_export():
    read = story(
        "<html><head><meta charset=windows-1252><title>Untitled</title></head><body lang=EN-US>"
        "<p class=MsoNormal align=center><b>The Salt Door<o:p></o:p></b></p><p class=MsoNormal>by Peg Lanyon</p>"
        "<p class=MsoNormal>Rating: PG-13</p><p class=MsoNormal>Disclaimer: not mine</p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>“No,” she said. The long\nline goes on.</p>"
        "<p class=MsoNormal>It was late.</p><p style='text-align:center'>Paris, 1922</p><p>Early.</p>".encode("cp1252")
    )
    assert (read.title, read.authors, read.rating) == ("The Salt Door", ("Peg Lanyon",), Rating.TEEN)
    assert told(read) == [
        (1, None, ["“No,” she said. The long line goes on.\n\nIt was late.", "Paris, 1922\n\nEarly."])
    ]


def test_project_gutenberg():
    read = story(
        "<title>The Project Gutenberg eBook of The Salt Door, by Peg Lanyon</title><section id='pg-header'><div>*** START"
        " OF THE PROJECT GUTENBERG EBOOK ***</div></section><h1>The Salt Door</h1><h2>CONTENTS</h2><table><tr><td>"
        "<a href='#c1'>I.</a></td><td><a href='#c1'>The Tube</a></td></tr></table><h2>CHAPTER I.<br/>THE TUBE</h2>"
        "<p>The b<span class='pagenum'>[Pg 1]</span>ell.<a href='#f1' class='fnanchor'>[1]</a></p><h2>CHAPTER II.</h2>"
        "<p>Two.</p><div class='footnotes'><p>[1] A bell.</p></div><section id='pg-footer'><p>Licence</p></section>"
    )
    assert (read.title, read.authors) == ("The Salt Door", ("Peg Lanyon",))
    assert told(read) == [(1, "THE TUBE", ["The bell."]), (2, None, ["Two."])]


def test_line_breaks_part_prose_and_keep_verse():
    long = "She walked along the harbour wall until the lamps went out behind her."
    read = story(f"<p>{long} A.<br>{long} B.</p><p>The sea, the sea,<br>The open sea</p><p>A<br><br>B</p>")
    assert read.chapters[0].scenes[0].text == f"{long} A.\n\n{long} B.\n\nThe sea, the sea,\nThe open sea\n\nA\n\nB"


@pytest.mark.parametrize("mark", ["<hr>", "<p>* * *</p>", "<p align=center>~</p>", "<p><img src='divider.png'></p>"])
def test_breaks(mark: str):
    read = story(f"<p>She rang.</p>{mark}<p>He came.</p>")
    assert [scene.text for scene in read.chapters[0].scenes] == ["She rang.", "He came."]


def test_an_illustration_is_no_break():
    read = story("<p>She rang.</p><p><img src='plate1.jpg' alt='A ship'></p><p>He came.</p>")
    assert [scene.text for scene in read.chapters[0].scenes] == ["She rang.\n\nHe came."]


def test_source_lines():
    source = html.read(b"<body>\n<p>One.</p>\n\n<p>\nTwo.</p>", "x.html")
    assert [block.line for block in source.blocks] == [2, 4]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>“Café”</p>".encode("utf-16"), "“Café”"),
        ("<p>Plain enough</p>".encode("utf-16-le"), "Plain enough"),
        ("<p>“Café”</p>".encode("utf-8-sig"), "“Café”"),
        (b"<meta charset=utf-8><p>\x93Caf\xe9\x94</p>", "“Café”"),
        ("<meta charset=iso-8859-1><p>“Café”</p>".encode(), "“Café”"),
        ("<meta charset=windows-1251><p>Привет</p>".encode("cp1251"), "Привет"),
        ("<?xml version='1.0' encoding='Shift_JIS'?><p>吾輩は猫</p>".encode("shift_jis"), "吾輩は猫"),
    ],
)
def test_encodings(data: bytes, text: str):
    assert story(data).chapters[0].scenes[0].text == text


def test_own_entities_are_left_alone():
    read = story("<!DOCTYPE html [<!ENTITY a 'lol'>]><p>&a; there.</p>")
    assert read.chapters[0].scenes[0].text == "&a; there."
    assert [problem.message for problem in read.problems] == [PROBLEMS["entities_ignored"]]


WORD = st.text("abcdefgh“”’—éß", min_size=1, max_size=6).map(lambda word: "w" + word + "w")
INLINE = st.sampled_from(
    ["{}", "<em>{}</em>", "<b><i>{}</i></b>", "<span class='x'>{}</span>", "<span>{}", "<a>{}</a>"]
)
OUTER = st.sampled_from(
    [
        "<p>{}</p>\n",
        "<div>{}</div>",
        "<p>{}",
        "{}<br><br>",
        "<blockquote><p>{}</p></blockquote>",
        "<h3>{}</h3>",
        "<li>{}",
        "<td>{}</td>",
        "<div><div>{}</div>tail</div>",
        "<center>{}</center>",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(OUTER, st.lists(st.tuples(INLINE, WORD), min_size=1, max_size=6)), min_size=1, max_size=12))
def test_no_word_is_lost_or_invented_and_order_is_kept(parts: list[tuple[str, list[tuple[str, str]]]]):
    page = "\n".join(outer.format(" ".join(inline.format(word) for inline, word in words)) for outer, words in parts)
    visible = re.sub(r"<[^>]*>", " ", page).split()
    source = html.read(page.encode(), "x.html")
    assert " ".join(block.text for block in source.blocks if not block.mark).split() == visible
    assert all(isinstance(block, Block) and block.text == block.text.strip() for block in source.blocks)
    for block in source.blocks:
        for run in block.emphasis:
            assert 0 <= run.start < run.end <= len(block.text)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<p><img src="t.png" alt="T">he bell rang.</p>', "The bell rang."),
        ('<p><span class="drop"><img alt="T"></span>he bell.</p>', "The bell."),
        ('<p>Look: <img alt="X" src="x.png"> there.</p>', "Look: there."),
        ("<p>He said <q>no</q>.</p>", "He said “no”."),
        (
            '<div class="stanza"><div class="verse">The tide</div><div class="verse">is out</div></div>',
            "The tide\nis out",
        ),
        ('<p>One.</p><hr style="display:none"><p>Two.</p>', "One.\n\nTwo."),
        ('<p>One.</p><div title="footer"><p>2</p></div>', "One."),
        ('<figure><img alt="Boats"><figcaption>The boats.</figcaption></figure><p>One.</p>', "One."),
    ],
)
def test_details(markup: str, text: str):
    read = story(f"<body>{markup}</body>")
    assert [scene.text for scene in read.chapters[0].scenes] == [text]


def test_elements_with_a_prefix():
    markup = '<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:body><h:h2>Chapter 1</h:h2><h:p>One.</h:p><h:p>Two.</h:p></h:body></h:html>'
    assert told(story(markup)) == [(1, None, ["One.\n\nTwo."])]


def test_a_script_of_its_own_that_nothing_declares():
    text = "Лампа на причале горела всю ночь, и никто не пришёл её погасить. "
    read = story(("<html><body>" + f'<p class="indent">{text}</p>' * 5 + "</body></html>").encode("cp1251"))
    assert read.chapters[0].scenes[0].text.startswith("Лампа на причале")
    assert [problem.message for problem in read.problems] == [PROBLEMS["encoding_named"].format(encoding="cp1251")]


@pytest.mark.parametrize("garbled", ["didnâ€™t, wonâ€™t", "didn&acirc;&euro;&trade;t, won&acirc;&euro;&trade;t"])
def test_garbled_text_is_put_right_where_that_is_certain(garbled: str):
    read = story(f"<body><p>She {garbled}.</p></body>")
    assert read.chapters[0].scenes[0].text == "She didn’t, won’t."
    assert len(read.problems) == 1


def test_a_byline_below_the_title():
    read = story("<center><h1>The Salt Door</h1>by Peg Lanyon</center><p>The bell rang.</p>")
    assert (read.title, read.authors) == ("The Salt Door", ("Peg Lanyon",))
    assert told(read) == [(1, None, ["The bell rang."])]


def test_what_a_gutenberg_page_says_of_its_book():
    read = story(
        '<meta name="dcterms.creator" content="Lanyon, Peg, 1850-1910"><body><section class="pg-boilerplate"><p><strong>Title'
        "</strong>: The Salt Door</p><p><strong>Language</strong>: German</p><p>*** START OF THE PROJECT GUTENBERG EBOOK</p>"
        '</section><h2>ILLUSTRATIONS</h2><ul><li><a href="#i1">The boats</a> 3</li></ul><h2>Chapter 1</h2><p>The bell.</p></body>'
    )
    assert (read.title, read.authors, read.language) == ("The Salt Door", ("Peg Lanyon",), "de")
    assert told(read) == [(1, None, ["The bell."])]


def test_a_title_that_looks_like_a_number():
    read = story("<h2>1. The Tube</h2><p>One.</p><h2>2. Part 2</h2><p>Two.</p>")
    assert [(number, title) for number, title, _ in told(read)] == [(1, "The Tube"), (2, "Part 2")]


def test_rules_round_a_letter_are_judged_by_the_whole_file():
    letter = "<p>She stopped at the table.</p><hr/><p>Dear Ann, come home.</p><hr/><p>She folded it.</p>"
    scenes = "<p>She slept.</p><p>* * *</p><p>It rained.</p><p>* * *</p><p>He ran.</p><p>* * *</p><p>Bo laughed.</p>"
    read = story(f"<h2>Chapter 1</h2>{letter}<h2>Chapter 2</h2>{scenes}")
    assert [len(chapter.scenes) for chapter in read.chapters] == [1, 4]
    rules = scenes.replace("<p>* * *</p>", "<hr/>")
    read = story(f"<h2>Chapter 1</h2>{letter}<h2>Chapter 2</h2>{rules}")
    assert [len(chapter.scenes) for chapter in read.chapters] == [3, 4]


@pytest.mark.parametrize("label", ["Summary: ", ""])
def test_a_book_in_one_paragraph_below_a_header_keeps_its_words(label: str):
    words = [f"w{n}" for n in range(10_000)]
    read = story(f"<p>Title: The Weir</p><p>Author: Ann</p><p>{label}{' '.join(words)}</p><p>It ended.</p>")
    found = " ".join(
        [*(piece.text for piece in read.set_aside), *(scene.text for c in read.chapters for scene in c.scenes)]
    )
    assert re.findall(r"w\d+", found) == words
