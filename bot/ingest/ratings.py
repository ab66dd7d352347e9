"""The ratings of fiction sites and film boards, mapped to ours; what is not understood is never taken as open."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from bot.domain.story import Rating, strictest

_NAMES = {
    Rating.UNRATED: ("unrated", "not rated", "none", "nr", "n/a", "not yet rated", "to be rated"),
    Rating.GENERAL: (
        *("general", "general audiences", "general audience", "everyone", "all ages", "gen", "g", "k", "u", "fr7"),
        *("frc", "frk", "tv-g", "tv-y", "tv-y7", "pegi 3", "pegi 7", "p6", "fsk 0", "fsk 6", "0+", "3+", "6+", "7+"),
        *("9+", "safe for kids", "tout public", "todos los públicos", "livre"),
    ),
    Rating.TEEN: (
        *("teen", "teens", "teenagers", "teen and up", "teen and up audiences", "teen & up", "teen audiences"),
        *("pg", "pg-12", "pg-13", "pg-14", "pg-15", "t", "t+", "k+", "ya", "tv-pg", "tv-14", "10+"),
        *("frt", "frt-13", "frt-15", "fr-13", "fr-15", "12", "12+", "12a", "13", "13+", "14+"),
        *("pegi 12", "p12", "fsk 12", "p12 slash", "kt", "k-t"),
    ),
    Rating.MATURE: (
        *("mature", "mature content", "mature audiences", "mature readers", "mature audiences only", "m", "m+", "r"),
        *("14", "15", "15+", "16", "16+", "17", "17+", "fr-18", "frm", "nc-16", "ma-15", "ma-15+", "pegi 16", "p16"),
        *("fsk 16", "r-16", "restricted", "adult themes", "adult language", "adult situations", "adult concepts"),
        *("mature themes", "pg-16", "pg-17"),
    ),
    Rating.EXPLICIT: (
        *("explicit", "adults only", "e", "ma", "m/a", "ao", "nc", "nc-17", "nc-18", "nc-21", "x", "18", "18+"),
        *("fr-21", "frao", "frma", "frmao", "fr-ao", "r-18", "r-18g", "21", "21+", "tv-ma", "pegi 18", "p18", "avl"),
        *("p18 slash", "p18 avl", "fsk 18", "rta-5042-1996-1400-1577-rta", "🔞"),
    ),
}
"""A hyphen stands for a hyphen, a space or nothing."""
_BY_NAME = {
    form: rating
    for rating, names in _NAMES.items()
    for name in names
    for form in ({name} if name.startswith("rta") else {name, name.replace("-", ""), name.replace("-", " ")})
}
_EXPLICIT_WORD = (
    r"explicit(?:ly)?|adult|adults|erwachsene?n?|adultes?|adultos?|adulti|volwassen(?:en)?|dorosłych|взрослых"
    r"|lemon(?:s|y)?|smut(?:ty)?|porn\w*|pwp|nsfw|hentai|hard[\s-]?core|x{2,}|erotic\w*|erotik|kink(?:y|s)?|bdsm|orgy"
    r"|r[\s-]?34|nc[\s-]*\w*"
)
_MATURE_WORD = (
    r"sex\w*|nud(?:e|ity)|naked|limes?|citrus\w*|graphic|steamy|naughty|raunch\w*|non-?con|dub-?con|rape\w*"
    r"|restricted|mature\w*|hot"
)
ADULT_WORDS = (
    *("explicit", "adult", "adults", "lemon", "lemons", "smut", "porn", "pwp", "NSFW", "hard-core", "hardcore", "xxx"),
    *("erotica", "NC", "NC-17", "NC 17", "18+", "mature", "sex", "sexual", "Restricted", "R18", "AO", "X-rated", "🔞"),
)
"""Some of the words that never leave a rating as open as it was."""
_BY_LENGTH = sorted(_BY_NAME, key=len, reverse=True)
_TOKEN = re.compile(
    r"(?<![^\W_])(?:(?P<place>(?:chapters?|chap|ch|parts?|pt|episodes?|kapitel)\.?\s*\d{1,3}(?:\s*(?:-|and|&|to)\s*\d{1,3})?"
    r"|[mf]/[mf](?:/[mf])*(?!\w))"
    rf"|(?P<name>{'|'.join(map(re.escape, _BY_LENGTH))})(?:\+{{1,2}})?"
    rf"|(?P<explicit>{_EXPLICIT_WORD})|(?P<mature>{_MATURE_WORD}))(?![^\W_])",
    re.IGNORECASE,
)
_FFNET = re.compile(r"(?:fiction\s+)?(k\+?|t|m|ma) - [^\W\d_]+ - ", re.IGNORECASE)
"""How FanFiction.net prints a story's facts in one line."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MAY_RISE = frozenset(
    "now far currently moment later change changes changed changing may might could will go goes going rise rises "
    "raise raised increase increases eventually possibly subject until till after before then first starts start "
    "onwards onward moving".split()
)
"""Words that say that a rating is not the last one."""
_HARMLESS = _MAY_RISE | frozenset(
    "a an the and or to in on at of for by is are be it its it's this that i i'd i'm say think guess probably maybe "
    "perhaps mostly mainly overall generally safe safely safety just only due because slight slightly mild mildly very "
    "some bit little light minor strong soft hard high low borderline bordering border between most part parts chapter "
    "chapters ch chap story stories fic whole series rated rating ratings fiction audience audiences viewers readers "
    "age ages years over up plus theme themes content language cursing swearing swear swears words cuss cussing "
    "profanity violence violent blood bloody gore death deaths character characters angst angsty fluff fluffy romance "
    "romantic kissing kiss slash femslash het yaoi yuri humor humour drug drugs alcohol drinking smoking use reference "
    "references mention mentions mentioned situations situation topics matter dark darkness scary horror frightening "
    "intense ish sure sake side caution cautious paranoid paranoia reasons reason with but from equivalent suitable "
    "tv mpaa me my still pretty fairly sort kind one two three four five six seven eight nine ten as per ab ans jahre "
    "jahren und für pour für und lang heavy potty mouth crude suggestive innuendo implied so later so film movie style "
    "also canon typical war torture depression suicide potential possible other others".split()
)
"""Words beside a rating that leave it as it is; any other word makes it doubtful."""


class Verdict(NamedTuple):
    """What a rating in somebody's own words comes to."""

    rating: Rating
    """Unrated where nothing was understood."""
    known: bool
    """Whether all of it was understood."""
    several: bool = False
    """Whether it names more than one."""
    may_rise: bool = False
    named: bool = False
    """Whether it names any."""
    closed: bool = False
    """Whether the strictest is one that a board or a site gave, so that no other word could open it."""

    @property
    def plain(self) -> bool:
        """Whether it says one thing that nobody would read otherwise."""
        return self.known and not self.several and not self.may_rise


def rating_named(name: str) -> Rating | None:
    """The rating that a word or two name exactly, such as ``PG-13``; None where nothing of ours fits."""
    flat = " ".join(_flat(name.replace("_", " ")).casefold().split()).rstrip(".!")
    if flat in ("adult", "smut", "xx", "xxx"):
        return Rating.EXPLICIT
    return _BY_NAME.get(flat)


def judge(prose: str) -> Verdict:
    """Understand a header's value, such as ``PG-13 for now, R later``: the strictest rating that it names.

    Words for what adults read count as one. A word that is not understood makes what is open unrated, so
    that no denial, joke or foreign tongue can open a story.
    """
    exact = rating_named(prose)
    if exact is not None:
        return Verdict(exact, known=True, named=True)
    text = " ".join(_flat(prose).split())
    facts = _FFNET.match(text)
    found: list[Rating] = []
    boards: list[Rating] = []
    rest: list[str] = []
    at = 0
    for token in _TOKEN.finditer(text):
        rest.append(text[at : token.start()])
        at = token.end()
        if token["name"]:
            boards.append(_BY_NAME[token["name"].casefold()])
            found.append(boards[-1])
        elif token["explicit"]:
            found.append(Rating.EXPLICIT)
        elif token["mature"]:
            found.append(Rating.MATURE)
    rest.append(text[at:])
    left = " ".join(rest)
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(left)]
    known = bool(found) and (facts is not None or all(word in _HARMLESS for word in words))
    known = known and not any(unicodedata.category(char) == "So" for char in left)
    if not found:
        return Verdict(Rating.UNRATED, known=False)
    rating = strictest(found if known else [*found, Rating.UNRATED]) or Rating.UNRATED
    may_rise = facts is None and any(word in _MAY_RISE for word in words)
    closed = rating in boards and rating in (Rating.MATURE, Rating.EXPLICIT)
    return Verdict(rating, known, len(set(found)) > 1, may_rise, named=True, closed=closed)


def rating_in(prose: str) -> Rating | None:
    """The strictest rating named in a header's value; None where it names none or is open and not understood."""
    verdict = judge(prose)
    return None if verdict.rating is Rating.UNRATED and not verdict.known else verdict.rating


def _flat(text: str) -> str:
    """One kind of hyphen, with no spaces about it where a number follows."""
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    return re.sub(r"(?<=[A-Za-z])\s*-\s*(?=\d)", "-", text)


# ---------------------------------------------------------------- ratings in titles and in prose

_BRACKETED = re.compile(r"(?:\A|\s+)[\[({]\s*([^\[\](){}]{1,40}?)\s*[\])}]")
_RATED_TAIL = re.compile(
    r"[\s,;:|~–—-]*[\s,;:|~–—-](?:rated:?\s*|rating:\s*)(\S.{0,30})\Z"
    r"|[\s,;:|~–—-]*[\s,;:|~–—-](NC[ -]?1[78]|PG[ -]?1[3-8]|PG|FR[A-Z]{1,3}|FR[ -]?\d\d"
    r"|R[ -]?18|TV-\w\w|18\+|[RX]-rated)\Z"
    r"|(?-i:[\s,;:|~–—-]*[–—-]\s*([GR])\Z)",
    re.IGNORECASE,
)
_LETTERS = frozenset(("G", "K", "T", "M", "E", "R"))
_WARNED = re.compile(r"\b(?:NSFW|SMUT|LEMONS?|PORN|PWP)\b|(?i:\b(?:smut|porn|nsfw|pwp)\b)")
_PLAIN_WORD = re.compile(r"general|everyone|none|none|gen|restricted|livre|hot|graphic|naked", re.IGNORECASE)


class Cut(NamedTuple):
    """A title without the rating that stood in it."""

    rest: str
    piece: str
    """What was taken out of it."""
    rating: Rating | None


def cut_rating(title: str) -> Cut:
    """Take the rating out of a title such as ``Chapter 2 (NC-17)`` or ``The Ford - rated R``."""
    for found in _BRACKETED.finditer(title):
        if _states(found[1]):
            rest = f"{title[: found.start()]}{title[found.end() :]}".strip()
            return Cut(rest, found[0].strip(), judge(found[1]).rating)
    tail = _RATED_TAIL.search(title)
    if tail and tail.start() and judge(value := tail[1] or tail[2] or tail[3]).known:
        return Cut(title[: tail.start()].rstrip(), title[tail.start() :].strip(), judge(value).rating)
    return Cut(title, "", Rating.EXPLICIT if _WARNED.search(title) else None)


def _states(text: str) -> bool:
    """Whether words in brackets are a rating and nothing else."""
    if (
        not text[0].isalnum()
        or text.isdigit()
        or (len(text) == 1 and text not in _LETTERS)
        or _PLAIN_WORD.fullmatch(text)
    ):
        return False
    verdict = judge(text)
    return verdict.known and verdict.named and not text.casefold().startswith(("part", "chapter", "not", "none"))


_MATURE_LETTER = r"(?-i:M|R|MA|E|X|AO)(?!\w)"
_STATED = re.compile(
    r"(?P<no>\b(?:no|not|without|isn['’]t|never|zero)\s+(?:any\s+|an?\s+|real\s+|actual\s+|really\s+)?)?"
    r"(?:\b(?:rated|rating(?:\s+(?:is|of|to|was|has gone up to|goes up to))?:?"
    r"|rating\s+(?:changed|upped|raised)\s+to|hard|strong)"
    rf"\s+(?:an?\s+|now\s+|as\s+|at\s+)?(?P<rated>{_MATURE_LETTER}|mature|explicit|adult|restricted|NC[\s-]?1[78])"
    r"|(?P<explicit>\bNC[\s-]?(?:1[78]|21|seventeen)\b|\b(?:18|21)\+|\bR[\s-]?18\b|\bTV-MA\b|\bFRM?AO\b|\bX-rated\b"
    r"|\bsmut(?:ty)?\b"
    r"|\bporn(?:\w*)\b|\bPWP\b|\bnsfw\b|\blemons\b|\blemony\b|(?-i:\bLEMON\b)|\ban?\s+lemon\b(?!\s+(?:tree|tart|cake|pie|drop|juice))"
    r"|\b(?:warning|contains|with|includes|end(?:\s+of)?|begin|start):?\W+lemon\b"
    r"|\blemon\s+(?:scene|chapter|ahead|warning|alert|content|starts?|begins?|ends?)\b|🔞"
    r"|\bexplicit\s+(?:sex\w*|content|scenes?|material|chapter|smut|stuff|description|slash|m/m|love)|\bsexually\s+explicit"
    r"|\bgraphic\s+(?:sex\w*|slash|love)|\bhard-?core\b|\badults?\s+only\b|\bthis\s+(?:chapter|part|story|fic)\s+is\s+explicit)"
    r"|(?P<mature>\b[RM]-rated\b|\bsex\s+scenes?\b|\bsexual\s+(?:content|situations?|scenes?|themes?)"
    r"|\b(?:mature|adult)\s+(?:content|themes?|situations?|readers?|audiences?|scenes?)))",
    re.IGNORECASE,
)
_RATED_OTHERS = {"m": Rating.MATURE, "r": Rating.MATURE, "mature": Rating.MATURE, "restricted": Rating.MATURE}


def stated_in(prose: str) -> Rating | None:
    """The strictest adult rating that a note or a warning states; None where it states none."""
    found: list[Rating] = []
    for said in _STATED.finditer(prose):
        if said["no"]:
            continue
        if said["rated"]:
            found.append(_RATED_OTHERS.get(said["rated"].casefold(), Rating.EXPLICIT))
        else:
            found.append(Rating.EXPLICIT if said["explicit"] else Rating.MATURE)
    return strictest(found)
