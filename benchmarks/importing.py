"""How fast HTML and EPUB are read and split, beside the parsing library alone in the same run.

Run it as ``python -m benchmarks.importing``; one core, no network, nothing written.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import time
from collections.abc import Callable

from lxml import etree

from bot.ingest import epub, html
from bot.ingest.manuscripts import story_of_one_file
from tests.support.books import epub as made_epub
from tests.support.books import page

MEGABYTES = 10
TARGET = 5.0
"""Megabytes of story text a second."""

_WORDS = (
    "the of and a to in he she it was that her his had with as for on at but not they said from all there when "
    "harbour lantern gulls window kettle letter morning stairs quiet voice water stone paper winter garden road "
    "walked turned looked carried opened remembered answered waited laughed whispered"
).split()


def story(megabytes: float, seed: int = 1) -> list[list[str]]:
    """Chapters of made-up paragraphs, a third of them talk, some with emphasis; as HTML."""
    dice = random.Random(seed)
    chapters: list[list[str]] = []
    size = 0
    while size < megabytes * 1_000_000:
        chapter: list[str] = []
        for _ in range(60):
            text = " ".join(_sentence(dice) for _ in range(dice.randint(1, 7)))
            if dice.random() < 0.35:
                text = f"“{text[:-1]},” she said. {_sentence(dice)}"
            size += len(text)
            chapter.append(text)
        chapters.append(chapter)
    return chapters


def _sentence(dice: random.Random) -> str:
    words = dice.choices(_WORDS, k=dice.randint(4, 18))
    if dice.random() < 0.15:
        words[1] = f"<em>{words[1]}</em>"
    return " ".join(words).capitalize().replace("<em>", "<em>") + "."


def _body(chapter: list[str], number: int) -> str:
    paragraphs = "".join(f"<p>{text}</p>\n" + ("<hr/>\n" if n % 20 == 19 else "") for n, text in enumerate(chapter))
    return f"<h2>Chapter {number}</h2>\n{paragraphs}"


def _timed(name: str, size: float, work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    rate = size / (time.process_time() - begun)
    print(f"{name:<34}{rate:7.1f} MB/s")
    return rate


def main() -> int:
    """Print the rates; 1 where one of ours is below the target."""
    chapters = story(MEGABYTES)
    bodies = [_body(chapter, n) for n, chapter in enumerate(chapters, 1)]
    size = sum(len(text) for chapter in chapters for text in chapter) / 1_000_000
    whole = page("".join(bodies)).encode()
    book = made_epub({f"c{n}.xhtml": page(body) for n, body in enumerate(bodies)})
    del bodies, chapters
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{size:.1f} MB of story text; {before} MB of memory in use before")
    _timed("lxml alone", size, lambda: etree.fromstring(whole, etree.HTMLParser(huge_tree=True, encoding="utf-8")))
    _timed("HTML, read", size, lambda: html.read(whole, "story.html"))
    _timed("EPUB, read", size, lambda: epub.read(io.BytesIO(book), "story.epub"))
    rates = [
        _timed("HTML, read and split", size, lambda: story_of_one_file(html.read(whole, "story.html"), "story")),
        _timed("EPUB, read and split", size, lambda: story_of_one_file(epub.read(io.BytesIO(book), "s.epub"), "s")),
    ]
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return 0 if min(rates) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
