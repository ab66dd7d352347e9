"""Files that are not what their names say, and formats that are not read."""

from __future__ import annotations

import pytest

from bot.domain.errors import BadInput
from bot.ingest.reading import read_attached
from bot.strings import PROBLEMS, REFUSALS
from tests.support.books import packed


def refusal(data: bytes, name: str) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        read_attached(data, name)
    return caught.value.key, REFUSALS[caught.value.key].format(**caught.value.values)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"{\\rtf1\\ansi {\\b Title}\\par The river was low.\\par }", "RTF"),
        (b"\xef\xbb\xbf{\\rtf1 x}", "RTF"),
        (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W\0o\0r\0d\0" * 50, "old word processor"),
        (packed({"word/document.xml": "<w:document/>"}), "Word document"),
    ],
)
def test_a_document_under_another_name_is_refused_with_the_way_out(data: bytes, what: str, name: str):
    key, sentence = refusal(data, name)
    assert key == "format_disguised"
    assert what in sentence
    assert name in sentence
    assert ".html" in sentence


@pytest.mark.parametrize("suffix", ["docx", "doc", "odt", "rtf", "pdf", "mobi", "azw3"])
def test_a_known_format_that_is_not_read_is_refused_with_the_way_out(suffix: str):
    key, sentence = refusal(b"anything", f"a.{suffix}")
    assert key == "format_other"
    assert f"a.{suffix} is a" in sentence
    assert ".epub" in sentence or ".txt" in sentence


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html>\n<html><body><p>The <i>river</i> was low.</p><p>It rose.</p></body></html>",
        "\ufeff<html><body><p>The <i>river</i> was low.</p><p>It rose.</p></body></html>",
        "<p>The <i>river</i> was low.</p>\n<p>It rose.</p>\n",
    ],
)
def test_a_page_called_text_is_read_as_a_page(page: str):
    (story,) = read_attached(page.encode(), "a.txt")
    assert story.chapters[0].scenes[0].text == "The river was low.\n\nIt rose."
    assert [problem.message for problem in story.problems] == [PROBLEMS["page_in_text"]]


@pytest.mark.parametrize(
    "text", ["<p> was all she wrote.\n\nIt rose.", "The <html> tag.\n\n</p></p></p>", "RTF: {\\rtf"]
)
def test_a_text_that_speaks_of_tags_is_text(text: str):
    (story,) = read_attached(text.encode(), "a.txt")
    assert story.chapters[0].scenes[0].text == text
