"""The ratings of fiction sites and film boards, mapped to ours."""

from __future__ import annotations

import re

from bot.domain.story import Rating, strictest

_NAMES = {
    Rating.UNRATED: ("unrated", "not rated", "none", "nr"),
    Rating.GENERAL: ("general", "general audiences", "everyone", "all ages", "g", "k", "u", "fr7", "frc"),
    Rating.TEEN: (
        *(
            "teen",
            "teens",
            "teen and up",
            "teen and up audiences",
            "pg",
            "pg-13",
            "pg-15",
            "pg13",
            "pg15",
            "t",
        ),
        *(
            "k+",
            "fr13",
            "fr15",
            "frt",
            "frt-13",
            "frt-15",
            "fr-13",
            "fr-15",
            "t+",
            "pg-14",
            "teen audiences",
            "12",
            "12+",
            "13",
            "13+",
        ),
    ),
    Rating.MATURE: ("mature", "m", "r", "15", "15+", "16", "16+", "fr18", "fr-18", "frm", "nc-16", "ma-15"),
    Rating.EXPLICIT: (
        *("explicit", "adult", "adults only", "e", "ma", "nc-17", "nc17", "nc-18", "x", "xx", "xxx"),
        *("18", "18+", "fr21", "fr-21", "frao", "r18", "r-18", "21+", "smut"),
    ),
}
_BY_NAME = {name: rating for rating, names in _NAMES.items() for name in names}
_BY_LENGTH = sorted(_BY_NAME, key=len, reverse=True)
_NAMED = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, _BY_LENGTH))})(?![\w+-])", re.IGNORECASE)


def rating_named(name: str) -> Rating | None:
    """The rating that a word or two name exactly, such as ``PG-13``; None where nothing of ours fits."""
    return _BY_NAME.get(" ".join(name.replace("_", " ").casefold().split()))


def rating_in(prose: str) -> Rating | None:
    """The strictest rating named in a header's value, such as ``PG-13 for now, R later``.

    A single letter counts only as a capital, so that "a" or "u" in a sentence names nothing.
    """
    exact = rating_named(prose)
    if exact is not None:
        return exact
    found = [_BY_NAME[name.casefold()] for name in _NAMED.findall(prose) if len(name) > 1 or name.isupper()]
    return strictest(found)
