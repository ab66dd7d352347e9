"""What Markdown files hold besides paragraphs: quotes, fences, comments, footnotes, links, tags, pictures."""

from __future__ import annotations

import pytest

from bot.domain.story import Emphasis, Manuscript
from bot.ingest import markdown, markup
from bot.ingest.manuscripts import story_of_one_file


def story(text: str) -> Manuscript:
    return story_of_one_file(markdown.read(text, "story.md"), "a-story")


def texts(text: str) -> list[str]:
    return [scene.text for chapter in story(text).chapters for scene in chapter.scenes]


def aside(text: str) -> list[tuple[str, str, int]]:
    return [(piece.kind, piece.text, piece.line) for piece in story(text).set_aside]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("He wrote:\n\n> Come home.\n> Soon.\n\nShe went.", "He wrote:\n\nCome home. Soon.\n\nShe went."),
        ("> One.\n>\n> Two.", "One.\n\nTwo."),
        ("> > Deep.", "Deep."),
        ("The sign:\n\n```\n*OPEN*\n\n# now\n```\n\nNo one came.", "The sign:\n\n*OPEN*\n# now\n\nNo one came."),
        ("It was ```odd```.", "It was ```odd```."),
        ("See [the door](https://example.org/a_(b)), she said.", "See the door, she said."),
        ("She chose [c] of [a](b c).", "She chose [c] of [a](b c)."),
        ("<p align='center'>A <u>bell</u><br>rang.</p>", "A bell\nrang."),
        ("Salt &amp; tin &mdash; all &#8220;hers&#8221;.", "Salt & tin — all “hers”."),
        (r"\<i>, \&amp; and \[a](b)", "<i>, &amp; and [a](b)"),
        ("1 < 2 and 3 > 2 &c.", "1 < 2 and 3 > 2 &c."),
        ("One.<!-- beta: check -->\n\nTwo.", "One.\n\nTwo."),
        ("An arrow <!-- that nobody closed.", "An arrow <!-- that nobody closed."),
        ("The bell[^1] rang.\n\n[^1]: Cast in 1702.\n\nIt stopped.", "The bell rang.\n\nIt stopped."),
        ("The bell[^9] rang.", "The bell[^9] rang."),
        ("She left.\n\n[door]: https://example.org/\n\nHe stayed.", "She left.\n\nHe stayed."),
        ("She ![a bell](bell.png) left.", "She left."),
    ],
)
def test_what_is_shown_is_read(text: str, read: str):
    assert texts(text) == [read]


@pytest.mark.parametrize(
    ("text", "kind", "kept", "line"),
    [
        ("One.\n\n<!-- beta:\ncheck -->\n\nTwo.", "comment", "beta: check", 3),
        ("The bell[^1] rang.\n\n[^1]: Cast in 1702.", "footnote", "[^1]: Cast in 1702.", 3),
        ("She left.\n\n[door]: https://example.org/\n\nX.", "link", "[door]: https://example.org/", 3),
        ("She ![a bell](bell.png) left.", "illustration", "![a bell](bell.png)", 1),
    ],
)
def test_what_is_not_shown_is_set_aside(text: str, kind: str, kept: str, line: int):
    assert aside(text) == [(kind, kept, line)]


@pytest.mark.parametrize("tag", ["i", "em", "cite"])
def test_tags_of_emphasis_emphasise(tag: str):
    (scene,) = story(f"It was <{tag}>hers</{tag}> and <b>his</b>.").chapters[0].scenes
    assert scene.text == "It was hers and his."
    assert scene.emphasis == (Emphasis(7, 11, italic=True, bold=False), Emphasis(16, 19, italic=False, bold=True))


@pytest.mark.parametrize("picture", ["![divider](line.png)", '<img src="divider.gif">'])
def test_a_picture_that_is_called_a_divider_parts_scenes(picture: str):
    assert texts(f"One.\n\n{picture}\n\nTwo.") == ["One.", "Two."]


def test_a_picture_that_recurs_parts_scenes_and_one_alone_does_not():
    assert texts("A bell.\n\n![](a.png)\n\nA door.\n\n![](a.png)\n\nA boat.") == ["A bell.", "A door.", "A boat."]
    assert texts("A bell.\n\n![](a.png)\n\nA door.") == ["A bell.\n\nA door."]


def test_many_comments_are_set_aside_to_the_last_word(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(markup, "_MOST_COMMENTS", 3)
    text = "".join(f"<!-- word{n} -->\n\n" for n in range(6)) + "<!-- " + "long " * 3000 + "-->\n\nText."
    pieces = aside(text)
    assert [piece[1] for piece in pieces[:2]] == ["word0", "word1"]
    assert pieces[2:] == [("comment", "\n".join(["word2", "word3", "word4", "word5", ("long " * 3000).strip()]), 5)]


def test_a_fence_that_nobody_closes_fences_nothing():
    assert texts("```\n\nA bell.\n\n* * *\n\nA door.") == ["A bell.", "A door."]
