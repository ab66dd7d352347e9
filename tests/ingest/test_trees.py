"""Pages of very many tags: what says nothing is left out before the page is parsed."""

from __future__ import annotations

import pytest

from bot.domain.errors import BadInput
from bot.ingest import trees
from bot.ingest.reading import read_attached


def texts(page: str) -> list[str]:
    return [scene.text for chapter in read_attached(page.encode(), "a.html")[0].chapters for scene in chapter.scenes]


@pytest.fixture(autouse=True)
def _few_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MAX_TAGS", 100)
    monkeypatch.setattr(trees.without_idle_spans, "__defaults__", (50,))


@pytest.mark.parametrize(
    "opening",
    ["<span>", '<span lang="en">', "<span style='font-weight:400'>", '<span style="color:#000" xml:lang="en-GB">'],
)
def test_spans_that_say_nothing_do_not_count(opening: str):
    spans = f"<p>{opening}<span>It rose.</span></span></p>" * 40
    assert texts(spans) == ["\n\n".join(["It rose."] * 40)]


@pytest.mark.parametrize(
    "opening", ['<span style="font-style:italic">', '<span class="noteref">', '<span style="font-weight: bold">', "<i>"]
)
def test_tags_that_say_something_are_kept_and_count(opening: str):
    closing = "</i>" if opening == "<i>" else "</span>"
    with pytest.raises(BadInput) as caught:
        texts(f"<p>{opening}It rose.{closing}</p>" * 40)
    assert caught.value.key == "page_too_intricate"


def test_a_class_says_what_its_sheet_says():
    spans = '<p><span class="a">It rose.</span></p>' * 40
    assert texts(spans) == ["\n\n".join(["It rose."] * 40)]
    with pytest.raises(BadInput):
        texts(f"<style><!-- .a {{font-style: italic}} --></style>{spans}")
    with pytest.raises(BadInput):
        texts(spans.replace('"a"', '"pagenum"'))


def test_a_hidden_span_stays_hidden_beside_idle_ones():
    page = "<p><span>It rose.</span></p>" * 15 + '<p><span style="display:none">No.</span><span>Yes.</span></p>'
    assert texts(page) == ["\n\n".join([*["It rose."] * 15, "Yes."])]
