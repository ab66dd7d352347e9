"""Which language a text is in, as far as cutting it into sentences needs to know.

A story's metadata often says nothing, or says English because a program put it there; the letters
and the commonest words of a text cannot be wrong in that way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

ENGLISH = "en"

_SAMPLE = 20_000
"""Code points that are looked at."""

_SCRIPTS = {
    "ru": "\u0400-\u04ff",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u0590-\u05ff",
    "ar": "\u0600-\u06ff\u0750-\u077f",
    "hi": "\u0900-\u097f",
    "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff",
    "th": "\u0e00-\u0e7f",
    "my": "\u1000-\u109f",
    "ka": "\u10a0-\u10ff",
    "hy": "\u0530-\u058f",
    "km": "\u1780-\u17ff",
    "ja": "\u3040-\u30ff",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff",
    "ko": "\u1100-\u11ff\uac00-\ud7af",
}
"""Letters, and the language that is meant where nobody says which of those written with them it is."""

_LETTERS = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_SHARE_JAPANESE = 0.1
"""A text of Han letters with so many kana among them is Japanese."""
_WORD = re.compile(r"[^\W\d_]+")

_COMMON = {
    "en": "the and of to was he she it his her with that had you for not said",
    "fr": "le la les et des une que qui dans pas il elle était est pour du vous",
    "de": "der die das und ist nicht ein eine ich sie er war mit dem den zu auf",
    "es": "el la los las que y en un una no se con por su había del pero",
    "it": "il la di che e non un una per era gli si con della più lo mi",
    "pt": "o a os que e não um uma com do da em se para ele ela mas",
    "nl": "de het een en van niet dat hij ze zijn was ik op te met voor haar",
    "sv": "och att det som en på är inte han hon jag var med för den till av",
    "da": "og at det som en på er ikke han hun jeg var med for den til af",
    "nb": "og at det som en på er ikke han hun jeg var med for den til av",
    "fi": "ja on ei hän että oli se mutta en minä niin kun hänen ollut kuin mitä sen",
    "pl": "i w na nie się że to z do jest jak był ale co jej jego tak",
    "cs": "a se na je že to v s ale jsem byl do si jako jeho co už",
    "hu": "a az és nem hogy egy volt is meg de csak már mint azt el ha még",
    "ro": "și în nu că de la o un pe cu se din mai era ce lui să",
    "tr": "bir ve bu da de ne için çok ama o gibi var mi daha sonra değil diye",
}
_COUNTED = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_ENOUGH = 0.12
"""The least share of a text's words that are common ones of its language."""
_CLEARLY = 1.25
"""How many times as often as those of any other language."""


def language_of(stated: str, paragraphs: Iterable[str]) -> str:
    """The language of a story's text: ISO 639, without region.

    Args:
        stated: what its metadata says, a BCP 47 tag; it decides where the text leaves a doubt.
        paragraphs: its text; the first few pages are looked at.
    """
    said = stated.partition("-")[0].casefold()
    said = "" if said in ("und", "mul", "zxx", "mis", "un") else said
    sample = _sample(paragraphs)
    script = _script_of(sample)
    if script:
        return said if said and said not in _COUNTED and said not in _SCRIPTS else _of_script(script, said)
    words = Counter(word.casefold() for word in _WORD.findall(sample))
    total = sum(words.values())
    if not total:
        return said or ENGLISH
    shares = {language: sum(words[word] for word in common) / total for language, common in _COUNTED.items()}
    best, second = sorted(shares, key=lambda language: shares[language], reverse=True)[:2]
    if said in shares and shares[said] * _CLEARLY >= shares[best]:
        return said
    if shares[best] >= _ENOUGH and (shares[best] >= _CLEARLY * shares[second] or not said):
        return best
    return said or ENGLISH


def _of_script(script: str, said: str) -> str:
    return "ja" if said == "ja" and script == "zh" else script


def _sample(paragraphs: Iterable[str]) -> str:
    taken: list[str] = []
    length = 0
    for paragraph in paragraphs:
        taken.append(paragraph[: _SAMPLE - length])
        length += len(paragraph)
        if length >= _SAMPLE:
            break
    return " ".join(taken)


def _script_of(sample: str) -> str:
    """The language that most of a text's letters belong to; "" where they are Latin."""
    if sample.isascii():
        return ""
    counts = {language: len(letters.findall(sample)) for language, letters in _LETTERS.items()}
    best = max(counts, key=lambda language: counts[language])
    if counts[best] * 2 < len(_LATIN.findall(sample)) or not counts[best]:
        return ""
    if best == "zh" and counts["ja"] > _SHARE_JAPANESE * counts["zh"]:
        return "ja"
    return best
