"""Footnotes are no story, and their marks stick to no word."""

from __future__ import annotations

import io

import pytest

from bot.ingest import epub, html
from bot.ingest.manuscripts import story_of_one_file
from tests.support import books

NOTES = {
    "brackets": '<p>The bell.<a href="#n1" id="r1">[1]</a> It rang.</p><p id="n1"><a href="#r1">[1]</a> Of tin.</p>',
    "word": '<p>The bell.<a href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> It rang.</p><hr>'
    '<div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> Of tin.</p></div>',
    "libreoffice": '<p>The bell.<sup><a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></sup>'
    ' It rang.</p><div id="sdfootnote1"><p><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Of tin.</p></div>',
    "google": '<p>The bell.<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup> It rang.</p><hr><div><p><a href="#ftnt_ref1" '
    'id="ftnt1">[1]</a><span>&nbsp;Of tin.</span></p></div>',
    "not raised": '<p>The bell.<a href="#n1" id="r1">1</a> It rang.</p><p id="n1">1 <a href="#r1">back</a> Of tin.</p>',
    "several paragraphs": '<p>The bell.<sup><a href="#n1" id="r1">1</a></sup> It rang.</p>'
    '<div id="n1"><p>1. Of tin.</p><p>It was cheap.</p></div>',
}


@pytest.mark.parametrize("kind", NOTES)
def test_notes(kind: str):
    read = story_of_one_file(html.read(f"<body>{NOTES[kind]}</body>".encode(), "a.html"), "a")
    assert [scene.text for scene in read.chapters[0].scenes] == ["The bell. It rang."]
    assert any("Of tin." in piece.text for piece in read.set_aside)


def test_a_table_of_contents_of_numbers_is_none():
    text = (
        '<p><a href="#c1">1</a></p><p><a href="#c2">2</a></p><h2 id="c1">1</h2><p>One.</p><h2 id="c2">2</h2><p>Two.</p>'
    )
    read = story_of_one_file(html.read(text.encode(), "a.html"), "a")
    assert [scene.text for chapter in read.chapters for scene in chapter.scenes] == ["One.", "Two."]


def test_notes_on_a_page_of_their_own():
    data = books.epub(
        {
            "a.xhtml": books.page('<p>The bell.<sup><a href="n.xhtml#n1" id="r1">1</a></sup> It rang.</p>'),
            "n.xhtml": books.page('<ol><li id="n1"><p>Of tin. <a href="a.xhtml#r1">↩</a></p></li></ol>'),
        }
    )
    read = story_of_one_file(epub.read(io.BytesIO(data), "a.epub"), "a")
    assert [scene.text for scene in read.chapters[0].scenes] == ["The bell. It rang."]
