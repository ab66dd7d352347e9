"""What a story's tags say about its rating; a tag that denies, or that only mentions, says nothing."""

from __future__ import annotations

import re

from bot.domain.story import Rating, strictest

_DENIED = (
    r"(?:no|non|not|none?|without|never|zero|isn t|lacks?|lack|implied|implies|hinted|suggested|referenced|references?"
    r"|mentioned|mentions?|discussed|discussions?|past|off ?screen)"
)
_FILLER = (
    r"(?:of|to|a|an|the|any|real|really|actual|actually|very|too|graphic|explicit(?:ly)?|detailed|or|and|nor|sexual)"
)
_EXPLICIT = (
    r"smut\w*|pwp|(?<!food )(?<!torture )porn\w*|nsfw|nc ?(?:17|18|21)|nc seventeen|x rated|xxx+|hentai|erotica"
    r"|r ?18g?|hard ?core sex|lemons|lemony|lemon(?= ?(?:$|scenes?|chapters?|content|ahead|warning))"
    r"|sexually explicit|(?:explicit|graphic)(?:ly)? (?:\w+ )?(?:sex|sexual\w*|smut)"
    r"(?: content| scenes?| situations?| acts?)?"
    r"|(?:explicit|graphic) (?:depictions?|descriptions?) of sex(?:ual)?(?: \w+)?"
    r"|explicit (?:content|scenes?|material|m m|m f|f f|slash)|explicit(?= ?$)|adults? only"
)
_OTHER_SEX = r"(?<!same )(?<!opposite )(?<!fair )(?<!fairer )(?<!both )(?<!either )(?<!biological )"
_MATURE = (
    r"sexual (?:content|situations?|scenes?|themes?|acts?|activit(?:y|ies)|intercourse)|limes?(?= ?$)|citrus(?= ?$)"
    rf"|{_OTHER_SEX}sex(?= ?$| (?:scenes?|toys?|pollen|in|on|with|content|magic|slave\w*)\b)"
    r"|(?:phone|cyber)sex|blow ?jobs?|hand ?jobs?|rimming|masturbation|orgasms?|threesomes?|bdsm|kink(?:y|s)?(?= ?$)"
    r"|(?:mature|adult) (?:content|themes?|situations?|scenes?)"
)
_SAYS = re.compile(
    rf"\b(?:(?P<no>{_DENIED}(?: (?:{_DENIED}|{_FILLER})){{0,6}}) )?"
    rf"(?:(?P<explicit>{_EXPLICIT})|(?P<mature>{_MATURE}))(?!\w)"
    r"(?P<after>(?: (?:is|are|only|just|content|scenes?)){0,3} (?:free|off ?screen|implied|mentioned|referenced)$)?"
)
_ALSO_DENIED = re.compile(r" (?:or|nor)(?: any)?$")
_FADES = re.compile(r"\bfad(?:es?|ing) to black\b")


def rating_of_tag(tag: str) -> Rating | None:
    """The strictest rating that a tag such as ``Porn With Plot`` says; None where it says none."""
    said = " ".join(re.sub(r"[\W_]+", " ", tag.casefold()).split())
    if said in ("18", "21") and "+" in tag:
        return Rating.EXPLICIT
    if said in ("adult", "mature"):
        return Rating.MATURE
    found: list[Rating] = []
    denied = False
    for says in _SAYS.finditer(said):
        goes_on = denied and _ALSO_DENIED.search(said[: says.start()].rstrip()) is not None
        denied = goes_on or bool(says["no"] or says["after"])
        if not denied and (says["explicit"] or not _FADES.search(said)):
            found.append(Rating.EXPLICIT if says["explicit"] else Rating.MATURE)
    return strictest(found)
