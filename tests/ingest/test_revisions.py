"""What a page holds beside its text: closed boxes, deleted words, names of older versions."""

from __future__ import annotations

import pytest

from bot.domain.story import Manuscript
from bot.ingest import html
from bot.ingest.manuscripts import story_of_one_file

WORD = '<head><title>Draft 7 FINAL</title></head><body><p class="MsoTitle">The Weir</p>'


def story(body: str) -> Manuscript:
    return story_of_one_file(html.read(f"<html>{body}</html>".encode(), "story.html"), "story")


def texts(manuscript: Manuscript) -> list[str]:
    return [scene.text for chapter in manuscript.chapters for scene in chapter.scenes]


def aside(manuscript: Manuscript) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in manuscript.set_aside]


@pytest.mark.parametrize(
    "label",
    [
        "<p>Spoiler</p>",
        "<button>Spoiler</button>",
        '<div class="spoiler-header">Spoiler: A</div>',
        "<b>Show spoiler</b>",
    ],
)
@pytest.mark.parametrize("box", ['class="spoiler-inner" style="display:none"', 'class="bbCodeSpoiler" hidden'])
def test_a_box_that_readers_open_is_story_and_its_button_is_none(label: str, box: str):
    read = story(
        f'<body><div class="chapter-content"><p>One.</p><div class="spoiler-new">{label}<div {box}><p>The spoiler was '
        'told.</p></div></div><p>Two.</p><p style="display:none">Stolen.</p></div></body>'
    )
    assert texts(read) == ["One.\n\nThe spoiler was told.\n\nTwo."]
    assert ("hidden", "Stolen.") in aside(read)


def test_words_about_spoilers_in_such_a_box_are_story():
    read = story('<body><p>One.</p><div class="spoiler"><p>Spoiler alert: he dies.</p></div></body>')
    assert texts(read) == ["One.\n\nSpoiler alert: he dies."]


@pytest.mark.parametrize(
    "body",
    [
        "<body><p>She <del>never</del><ins>always</ins> ran.</p></body>",
        "<body><p>She <ins>always</ins><del>never</del> ran.</p></body>",
        '<body><p>She <del datetime="2020-01-01">never</del> always ran.</p></body>',
        '<body><p>She <del cite="mailto:Ann">never</del> always ran.</p></body>',
        "<body><p>She <span class=msoDel>never</span> always ran.</p></body>",
        "<body><p class=MsoNormal>She <del>never</del> always ran.</p></body>",
    ],
)
def test_deleted_words_are_set_aside(body: str):
    read = story(body)
    assert texts(read) == ["She always ran."]
    assert aside(read) == [("deleted", "never")]


@pytest.mark.parametrize("tag", ["s", "strike", "del"])
def test_words_struck_out_for_effect_are_story(tag: str):
    assert texts(story(f"<body><p>She <{tag}>ran</{tag}> walked.</p></body>")) == ["She ran walked."]


def test_an_archive_of_stories_keeps_no_track_of_changes():
    work = '<div id="preface"><h1>A</h1></div><div id="chapters">{}</div>'
    read = story(f"<body>{work.format('<p>She <del>ran</del><ins>walked</ins> home.</p>')}</body>")
    assert texts(read) == ["She ranwalked home."]


def test_the_title_that_is_seen_counts():
    read = story(f"{WORD}<p class=MsoNormal>Water ran. It ran on.</p></body>")
    assert read.title == "The Weir"
    assert texts(read) == ["Water ran. It ran on."]
