"""Pages of sites as a browser saves them: the story out of its surroundings."""

from __future__ import annotations

from bot.domain.story import Manuscript, Rating
from bot.ingest import html
from bot.ingest.manuscripts import story_of_one_file

WORK = """<!DOCTYPE html>
<!-- saved from url=(0042)https://archiveofourown.org/works/12/chapters/3 -->
<html lang="en"><head><title>The Salt Door - Chapter 2 - peg [Archive of Our Own]</title></head><body>
<header id="header"><h1 class="heading"><a href="/">Archive of Our Own</a></h1><ul><li><a href="/f">Fandoms</a></ul></header>
<div id="main"><dl class="work meta group"><dt class="rating tags">Rating:</dt><dd class="rating tags"><ul><li><a>Mature</a>
</li></ul></dd><dt class="warning tags"><a>Archive Warning</a>:</dt><dd><ul><li><a>Major Character Death</a></li></ul></dd></dl>
<div id="workskin"><div class="preface group"><h2 class="title heading">The Salt Door</h2><h3 class="byline heading">
<a rel="author" href="/users/peg">peg</a></h3><div class="summary module"><h3 class="heading">Summary:</h3>
<blockquote class="userstuff"><p>A door.</p><p>Salt.</p></blockquote></div></div>
<div id="chapters" role="article">{chapters}</div></div>
<div id="feedback"><p>alder left kudos on this work!</p><ol><li><blockquote class="userstuff"><p>I cried.</p></blockquote></ol></div>
</div><div id="footer"><h4>About the Archive</h4></div></body></html>"""

CHAPTER = """<div class="chapter"><div class="chapter preface group"><h3 class="title"><a href="/c">Chapter {n}</a>: {title}</h3>
<div class="notes module"><h3 class="heading">Notes:</h3><blockquote class="userstuff"><p>Hello.</p></blockquote></div></div>
<div class="userstuff module" role="article"><h3 class="landmark heading">Chapter Text</h3><p>Text {n}.</p><hr><p>More.</p></div>
<div class="chapter preface group"><div class="end notes module"><h3>Notes:</h3><blockquote class="userstuff"><p>Bye.</p>
</blockquote></div></div></div>"""


def story(text: str) -> Manuscript:
    return story_of_one_file(html.read(text.encode(), "story.html"), "story")


def told(manuscript: Manuscript) -> list[tuple[int, str | None, list[str]]]:
    return [(c.number, c.title, [scene.text for scene in c.scenes]) for c in manuscript.chapters]


def test_a_chapter_of_an_archive():
    read = story(WORK.format(chapters=CHAPTER.format(n=2, title="The Tube")))
    assert (read.title, read.authors, read.rating) == ("The Salt Door", ("peg",), Rating.MATURE)
    assert (read.warnings, read.summary) == (("Major Character Death",), "A door. Salt.")
    assert read.source == "https://archiveofourown.org/works/12/chapters/3"
    assert told(read) == [(2, "The Tube", ["Text 2.", "More."])]


def test_an_entire_work_of_an_archive():
    chapters = CHAPTER.format(n=1, title="The Tube") + CHAPTER.format(n=2, title="The Door")
    assert told(story(WORK.format(chapters=chapters))) == [
        (1, "The Tube", ["Text 1.", "More."]),
        (2, "The Door", ["Text 2.", "More."]),
    ]


def test_a_one_shot_of_an_archive():
    text = '<h3 class="landmark heading">Work Text:</h3><div class="userstuff"><p>One.</p><p>Two.</p></div>'
    assert told(story(WORK.format(chapters=text))) == [(1, None, ["One.\n\nTwo."])]


def test_wattpad():
    read = story(
        '<html><head><title>The Salt Door - 2. The Tube - Wattpad</title><meta name="author" content="peg"></head><body>'
        '<header><h1>2. The Tube</h1></header><div class="part-content"><article><pre><p>The bell.<span class="comment-marker">'
        "<span>3</span></span></p><p>It rang.</p></pre></article></div><footer>You may also like</footer></body></html>"
    )
    assert (read.title, read.authors) == ("The Salt Door", ("peg",))
    assert told(read) == [(2, "The Tube", ["The bell.\n\nIt rang."])]


def test_a_blog_post_with_its_own_title_and_header():
    read = story(
        "<html><head><title>peg's log</title></head><body><h1>peg's log</h1><article><h2>The Salt Door</h2><p><b>Rating:</b> R"
        '<br><b>Pairing:</b> Ann/Bo</p><p>The bell.</p><div class="tags"><a>#fic</a></div></article></body></html>'
    )
    assert (read.title, read.rating) == ("The Salt Door", Rating.MATURE)
    assert told(read) == [(1, None, ["The bell."])]


def test_a_chapter_that_repeats_its_title():
    read = story(
        "<div id='profile_top'><b class='xcontrast_txt'>The Salt Door</b></div><select id='chap_select'><option selected>"
        "2. The Tube</select><div id='storytext'><p style='text-align:center'><b>The Tube</b></p><p>The bell.</p></div>"
    )
    assert told(read) == [(2, "The Tube", ["The bell."])]
