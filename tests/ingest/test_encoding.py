"""Bytes to text: what is certain, what is guessed and said so, what is refused."""

from __future__ import annotations

import pytest

from bot.domain.errors import BadInput
from bot.ingest.encoding import decoded_text

ENGLISH = "“Well,” said Späth, naïve as ever — he couldn’t.\n" * 20
RUSSIAN = "Глава первая\n\n— Да, — сказал он. — Я иду. Она осталась дома и ждала.\n" * 20
POLISH = "Zażółć gęślą jaźń, powiedział książę i wyszedł na łąkę.\n" * 10
JAPANESE = "第一章\n「行け」と彼女は言った。私は本を読みました。\n" * 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN])
def test_unicode_is_certain(text: str, encoding: str):
    assert decoded_text(text.encode(encoding), "a.txt")[:2] == (text, None)


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (ENGLISH, "cp1252", "Windows-1252"),
        (ENGLISH, "mac_roman", "Mac Roman"),
        (POLISH, "cp1250", "Windows-1250"),
        (RUSSIAN, "cp1251", "cp1251"),
        (JAPANESE, "shift_jis", "shift-jis"),
    ],
)
def test_older_encodings_are_guessed_and_named(text: str, encoding: str, name: str):
    assert decoded_text(text.encode(encoding), "a.txt")[:2] == (text, name)


def test_the_whole_file_decides():
    assert decoded_text(b"a\n" * 100_000 + "é".encode("cp1252"), "a.txt").encoding == "Windows-1252"


def test_mojibake_is_put_right_and_counted():
    garbled = RUSSIAN.encode().decode("latin-1")
    decoded = decoded_text(garbled.encode(), "a.txt")
    assert decoded.text == RUSSIAN
    assert decoded.repaired > 0


@pytest.mark.parametrize("text", ["Ã la carte, “Âge”.", "São Paulo, “Â”.", "naïve — déjà vu"])
def test_what_is_not_garbled_stays(text: str):
    assert decoded_text(text.encode(), "a.txt") == (text, None, 0)


@pytest.mark.parametrize(
    ("data", "key"), [(b"", "file_empty"), (b"\0\0 \n", "file_empty"), (bytes(range(256)) * 9, "file_not_text")]
)
def test_what_is_no_text_is_refused(data: bytes, key: str):
    with pytest.raises(BadInput) as refused:
        decoded_text(data, "a.txt")
    assert refused.value.key == key
