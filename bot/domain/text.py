"""The search form of text, and its display form.

Search form is what a line and a half-remembered query are compared in: lower case, without
accents, with contractions written out, cut into words; languages that write without spaces are
cut into overlapping pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from bot.domain.wordforms import written_out

# ---------------------------------------------------------------- search form

_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, kana and Han: scripts that do not put spaces between words."""

_APOSTROPHES = "'\u2018\u2019\u02bc\u02b9\uff07`\u00b4"
_SIGNS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u00ad\u200b-\u200d\u2060\ufeff"
_IN_WORD = rf"(?:[^\W_]|[{_SIGNS}])"
"""A letter or digit, or a sign that belongs to one: accents, vowel signs, invisible joiners."""

SEARCH_WORD = re.compile(rf"{_IN_WORD}+(?:[{_APOSTROPHES}]{_IN_WORD}+)*")
"""One word as it stands in a text, contractions and possessives whole."""

_SPACELESS_RUN = re.compile(f"[{_SPACELESS}]+")
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_STRAIGHT = {ord(sign): "'" for sign in _APOSTROPHES}
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def folded(text: str) -> str:
    """Lower case, without accents and invisible characters, apostrophes straight.

    The length may change; for offsets into the text use ``search_spans``.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    text = text.translate(_INVISIBLE).translate(_STRAIGHT).casefold().translate(_LETTERS)
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in apart if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", bare).casefold()


def forms_of(word: str) -> tuple[str, ...]:
    """The search form of one word as matched by ``SEARCH_WORD``: usually one word, rarely more.

    Contractions are written out. A run without spaces becomes its pairs of neighbouring
    characters and its last character alone, so that each of its characters begins a word.
    """
    plain = folded(word)
    if plain.isascii():
        return written_out(plain)
    run = _SPACELESS_RUN.search(plain)
    if run is None:
        return written_out(plain)
    before, inside, after = plain[: run.start()], run.group(), plain[run.end() :]
    pairs = tuple(inside[at : at + 2] for at in range(len(inside)))
    return (forms_of(before) if before else ()) + pairs + (forms_of(after) if after else ())


def search_words(text: str) -> list[str]:
    """The words of a text in search form and in order."""
    return [form for word in SEARCH_WORD.findall(text) for form in forms_of(word)]


class SearchSpan(NamedTuple):
    """Where a word stands in a text (``[start, end)``, code points), and its search form."""

    start: int
    end: int
    forms: tuple[str, ...]


def search_spans(text: str) -> list[SearchSpan]:
    """The words of a text with their places; in runs without spaces the pairs overlap."""
    spans: list[SearchSpan] = []
    for match in SEARCH_WORD.finditer(text):
        start, end = match.span()
        forms = forms_of(match.group())
        if len(forms) == end - start > 1 and _SPACELESS_RUN.fullmatch(match.group()):
            spans += (SearchSpan(at, min(at + 2, end), (form,)) for at, form in enumerate(forms, start))
        else:
            spans.append(SearchSpan(start, end, forms))
    return spans


def is_unfinished(query: str) -> bool:
    """Whether the last word of a query may still be in the middle of being typed."""
    return query[-1:].isalnum()


# ---------------------------------------------------------------- display form

_NEWLINE = re.compile("[\v\x85\u2028\u2029]")
_HIDDEN = (
    "\0-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)"  # a flag such as Scotland's: kept
    f"|[{_HIDDEN}]"
)
_ODD = re.compile(f"[\v\u2028\u2029{_HIDDEN}]")
"""What a text without is clean; to look for one set of characters is quickest."""
# A joiner has its place between two letters or emoji; a flood of them is only ever mischief.
_JOINERS = re.compile("(?<=[\u200c\u200d])[\u200c\u200d]+")
_MISCHIEF = (
    *"\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064",
    *"\u2066\u2067\u2068\u2069\ufeff\u3164",
    "\u200c\u200c",
    "\u200d\u200d",
)
_PILED = re.compile("[\u0300-\u036f\u20d0-\u20ff\ufe20-\ufe2f]{6,}")
_PIECE = 1 << 16
_FRESH = re.compile("[\n -~\xc0-\u02ff\u0391-\u0482\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\U0001f000-\U0001faff]")
"""What never joins with a character before it."""
_ODD_SPACE = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SPACE_RUN = re.compile(" {2,}")
_TRAILING_SPACE = re.compile(" +(?=\n|\\Z)")


def unseen_in(text: str) -> tuple[int, int]:
    """How many characters that nobody sees, and that nobody needs, ``clean`` takes out; and where the first stands.

    Soft hyphens and single joiners belong to many texts and do not count.
    """
    if text.isascii():
        return 0, -1
    places = [(count, text.index(sign)) for sign in _MISCHIEF if (count := text.count(sign))]
    return sum(count for count, _ in places), min((place for _, place in places), default=-1)


def piled_in(text: str) -> tuple[int, int]:
    """How many letters carry more accents than any language has; and where the first stands."""
    if text.isascii():
        return 0, -1
    first = _PILED.search(text)
    return (sum(1 for _ in _PILED.finditer(text)), first.start()) if first else (0, -1)


def clean(text: str) -> str:
    r"""Text with one kind of newline and nothing that is not seen; its layout stands.

    NFC; ``\n`` for every line end; control, bidirectional-override and zero-width characters gone,
    except the joiners U+200C and U+200D, which letters and emoji need. Spaces and tabs are left as
    they are, because how a source is indented says what it means.
    """
    if "\f" in text:
        text = (
            text.replace("\f\n", "\n").replace("\n\f", "\n").removeprefix("\f").removesuffix("\f").replace("\f", "\n")
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= _PIECE:
        return _cleaned(text)
    pieces: list[str] = []
    at = 0
    while at < len(text):
        # Whole, a long text would keep other threads waiting, and all that is cut out of it would fill the memory.
        fresh = _FRESH.search(text, at + _PIECE)
        end = fresh.start() if fresh else len(text)
        pieces.append(_cleaned(text[at:end]))
        at = end
    return "".join(pieces)


def _cleaned(text: str) -> str:
    if _ODD.search(text):
        text = _NEWLINE.sub(lambda found: "\n\n" if found[0] == "\u2029" else "\n", text)
        text = _UNSEEN.sub(r"\1", text)
    return text if text.isascii() else unicodedata.normalize("NFC", _JOINERS.sub("", text))


def single_spaced(text: str) -> str:
    """Cleaned text with every space, tab and no-break space as one plain space, none before a newline."""
    if not text.isprintable():
        text = _ODD_SPACE.sub(" ", text)
    if "  " in text:
        text = _SPACE_RUN.sub(" ", text)
    return _TRAILING_SPACE.sub("", text) if " \n" in text or text[-1:] == " " else text


def display_form(text: str) -> str:
    """Text as people are shown it: cleaned and single-spaced.

    Idempotent; loses no visible character.
    """
    return single_spaced(clean(text))
