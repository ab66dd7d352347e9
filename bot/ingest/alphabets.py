"""Which old encoding a text is in, judged by the letters that its language has.

The detection library tells scripts apart, but neither the encodings of one script nor those of East Asia
in a sample of a few lines.
"""

from __future__ import annotations

import re
from collections import Counter

_WEST = (
    "àâæçéèêëîïôùûüÿœ",  # French
    "äöüß",
    "áéíñóúüªº",  # Spanish
    "àáâãçéêíóôõúü",  # Portuguese
    "àèéìíòóùú",  # Italian
    "åäöéæøáà",  # the Nordic languages
    "áæéíðóöúýþ",  # Icelandic
    "éèëïöüáíóúê",  # Dutch
    "àçèéíïòóúü·",  # Catalan
)
_OTHERS = (
    ("cp1250", "Windows-1250", "ąćęłńóśźż"),
    ("iso8859_2", "ISO 8859-2", "ąćęłńóśźż"),
    ("cp1250", "Windows-1250", "áčďéěíňóřšťúůýž"),
    ("iso8859_2", "ISO 8859-2", "áčďéěíňóřšťúůýž"),
    ("cp1250", "Windows-1250", "áäčďéíĺľňóôŕšťúýž"),
    ("cp1250", "Windows-1250", "áéíóöőúüű"),
    ("iso8859_2", "ISO 8859-2", "áéíóöőúüű"),
    ("cp1250", "Windows-1250", "čćđšž"),
    ("cp1250", "Windows-1250", "ăâîşţ"),
    ("cp1254", "Windows-1254", "çğıöşüâîûİ"),
    ("cp1257", "Windows-1257", "ąčęėįšųūž"),
    ("cp1257", "Windows-1257", "āčēģīķļņšūž"),
    ("cp1257", "Windows-1257", "äõöüšž"),
)
_MARKS = frozenset("„“”‘’‚«»–—…•§°´€™©®·\N{NO-BREAK SPACE}\N{SOFT HYPHEN}")
_RARE = 0.01
"""An English text with a few foreign words has fewer letters with accents than this."""
_WHOLE = 0.97
"""A language is meant if so much of the letters is in its alphabet."""
_NO_LETTERS = bytes((*range(128), *"„“”‘’‚«»–—…•§°´€™©®·\N{NO-BREAK SPACE}\N{SOFT HYPHEN}".encode("cp1252")))
_FEWEST_LETTERS = 4
_LETTERS = re.compile(rb"[A-Za-z\x80-\xff]")

_WIDE = {
    "shift_jis": re.compile("[\u3040-\u30ff、。「」]"),
    "euc_jp": re.compile("[\u3040-\u30ff、。「」]"),
    "gb18030": re.compile(
        "[的一是不了在人有我他这个们来到时大地为子中你说生国着就那和要她出也得里后自以会，。“”：？！]"
    ),
    "big5": re.compile(
        "[的一是不了在人有我他這個們來到時大地為子中你說生國著就那和要她出也得裡後自以會，。「」：？！]"
    ),
    "euc_kr": re.compile("[이다는을를가에의고은지하서나그어기도사자라니리있았었했한]"),
}
_SEEN = {"shift_jis": 0.25, "euc_jp": 0.25, "gb18030": 0.15, "big5": 0.15, "euc_kr": 0.25}
"""The least share of a text in such an encoding that its commonest characters make."""
_LOST = 0.005
_ASCII = re.compile("[\0-\x7f]+")


def latin_encoding(data: bytes) -> tuple[str, str]:
    """The codec of a text in Latin letters, and a person's name for it."""
    # The marks stand in the same places in all of them.
    high = Counter(byte for byte in data.translate(None, _NO_LETTERS))
    if len(high) < _FEWEST_LETTERS or sum(high.values()) < _RARE * len(_LETTERS.findall(data)):
        return "cp1252", "Windows-1252"
    western = max(_share(high, "cp1252", letters) for letters in _WEST)
    best, name, spoken = western, "cp1252", "Windows-1252"
    if western < _WHOLE:
        for codec, called, letters in _OTHERS:
            share = _share(high, codec, letters)
            if share >= _WHOLE and share > best + 0.005:
                best, name, spoken = share, codec, called
    return name, spoken


def _share(high: Counter[int], codec: str, letters: str) -> float:
    """How much of the bytes beyond ASCII are letters of an alphabet, or marks."""
    known = {*letters, *letters.upper(), *_MARKS}
    total = sum(high.values())
    return sum(times for byte, times in high.items() if bytes((byte,)).decode(codec, "replace") in known) / total


def wide_encoding(sample: bytes) -> str | None:
    """The codec of a text in Chinese, Japanese or Korean; None if it is none of theirs."""
    found: list[tuple[float, str]] = []
    for codec, common in _WIDE.items():
        text = _ASCII.sub("", sample.decode(codec, "replace"))
        if text and text.count("\ufffd") <= _LOST * len(text) + _CUT:
            found.append((len(common.findall(text)) / len(text) / _SEEN[codec], codec))
    best = max(found, default=(0.0, ""))
    return best[1] if best[0] >= 1 else None


def hebrew_encoding(sample: bytes) -> str | None:
    """The codec of a text in Hebrew; the letters of others reach beyond the bytes of its own."""
    high = sample.translate(None, _NO_LETTERS)
    own = sum(byte in _HEBREW for byte in high)
    return "cp1255" if len({*high}) >= 2 * _FEWEST_LETTERS and own >= _WHOLE * len(high) else None


_HEBREW = range(0xE0, 0xFB)
_CUT = 32
"""Pieces of a sample may begin and end in the middle of a character."""
