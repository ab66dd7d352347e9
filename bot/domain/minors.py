"""Which stories are refused for how they are tagged: those that show minors in a sexual way.

Only what a story says of itself is looked at (warnings, tags, categories, genres), never its prose. A tag that
merely stands near the matter is let through: underage drinking, a minor character, abuse that somebody survived.

A tag is read as three things: words for a minor or for what is done to one, what denies them in front or behind
("no", "not"), and what makes them a theme and not a picture ("investigating", "mentions of").
"""

from __future__ import annotations

import re
import unicodedata

from bot.domain.labels import tags_of
from bot.domain.story import Manuscript, Rating

_PART = r"(?:^|[/&+|] )"
"""Where a tag or one of its alternatives begins: ``Underage/Chan``."""
_END = r"(?=$| [/&+|])"

_CHILD = (
    r"(?:child(?:ren)?(?:'s)?|kiddie|kids?|pre ?teens?|toddlers?|infants?|prepubescents?|minors"
    r"|minor (?:girl|boy|child|kid|student)s?|(?:1[0-7]|[1-9]) (?:years? olds?|yrs? olds?|yo)(?: (?:girl|boy|kid)s?)?)"
)
_SEXUAL = (
    r"(?:sex|sexual content|sexual (?:acts?|activit\w+|situations?|relations?|relationships?|intercourse|themes)|smut"
    r"|porn\w*|erotic\w*|hentai|ecchi|lewds?|yiff|nsfw|lemons?|masturbation|nudes?|fetish\w*|blow ?jobs?|orgasms?)"
)
_VIOLATED = r"(?:rape|raping|raped|prostitut\w+|molest\w+)"
_FORCED = r"(?:rape|non ?con\w*|dub ?con\w*|prostitution|incest|chan)"
_HARMLESS = (
    r"(?! (?:drink|drunk|smok|drug|alcohol|driv|driver|gambl|marriage|married|wizard|witch|magic|vampir|worker|labou?r"
    r"|fight|soldier|hero|party|partying|clubbing|tattoo)\w*)"
)
_UNDERAGE = rf"\bunderage\b{_HARMLESS}"
_SAID_SO = (
    r"(?:(?:extremely|very|implied(?: / referenced)?|mild(?:ly)?|slight(?:ly)?|light(?:ly)?|heavy|heavily|some"
    r"|possibl[ey]|past|technically|canon|consensual|explicit|graphic|minor|major|sort of|kind of|for|tw|cw|warnings?"
    r"|contains?|content|tags?|straight|gay) )*"
)
_SAID = rf"{_SAID_SO}(?:(?:referenced|references? to|mentions? of|mentioned) {_SAID_SO})*"
_SORT = r"(?: (?:warnings?|content|themes?|stuff|kinks?|fetish|fics?|smut|undertones|\d{1,2}|sort of|kind of|ish))*"
_ASIDE = (
    r"(?! (?:asleep|sleeping|upstairs|downstairs|nearby|next door|away|out\b|gone|around|fic|fics|friendly"
    r"|at (?:home|school|camp|grandma\w*)|in the (?:house|home|next|other)|on the way))(?!')"
)
_TAUGHT = r"(?! (?:education|ed\b|abuse|trafficking|offenders?|talk|reveal))"
_OTHER_NOUN = r"(?! (?:characters?|injur|violen|angst|gore|swear|languag|spoiler|key|blood|plot|detail|theme)\w*)"
_PAIR = r" ?(?:/|x) ?"
_AGED = (
    r"\b(?:1[0-7]|[1-9]) (?:years? olds?|yrs? olds?|yo)"
    r"(?= (?:girl|boy|kid|child|teen|student|daughter|son|male|female|[/x&])\w*| (?:with|and|having|sex|who)\b|$)"
)

_NEVER = (
    # The archives' own warning, alone or with what it is about.
    rf"{_PART}{_SAID}underage{_SORT}{_END}",
    rf"{_UNDERAGE} (?:\w+ ){{0,2}}?{_SEXUAL}\b",
    rf"{_UNDERAGE} (?:/ )?{_FORCED}\b",
    rf"\bunderage !(?! ){_HARMLESS.replace('(?! ', '(?!')}",
    rf"\b{_SEXUAL} (?:\w+ ){{0,2}}?(?:with|involving|of|between|featuring|depicting|among|by) "
    rf"(?:\w+ ){{0,2}}?{_UNDERAGE}",
    # Words for nothing else; "shota" is a given name as well, so that it must be said what of.
    r"\b(?:loli ?con|shota ?con|toddlercon|kodocon)\b",
    rf"{_PART}(?:straight )?lolis?(?: {_SEXUAL})?{_END}",
    rf"{_PART}(?:straight shotas?|shotas? {_SEXUAL}){_END}",
    rf"\b{_SEXUAL} (?:loli|shota)s?\b",
    r"(?<!/ )\bcub (?:porn\w*|yiff|hentai|smut|erotica)\b",
    # Children and what is done to them. "Minor" alone is mostly an adjective: minor sexual content.
    rf"\b(?!\w+ porn){_CHILD} {_SEXUAL}\b{_TAUGHT}",
    rf"\b{_CHILD} (?:\w+ )?(?:having|have|has|had) (?:\w+ )?{_SEXUAL}\b{_TAUGHT}",
    rf"\b{_SEXUAL} (?:with|involving|featuring|depicting|between|among|(?<!\bsex )of) "
    rf"(?:(?:a|an|the|two|three|young|little|small|some|real|actual) ){{0,3}}(?:\w+ )?{_CHILD}\b{_ASIDE}",
    rf"\b{_SEXUAL} (?:with|involving|of|featuring|depicting|between) "
    r"(?:\w+ )?a minor(?=$| (?:[/&+]|and|or|by|in|at|under)\b)",
    rf"\bsexuali[sz](?:ed?|es|ing|ation)(?: of)? (?:\w+ )?(?:{_CHILD}|a minor)\b",
    rf"\b{_CHILD} (?:\w+ )?sexuali[sz](?:ed|ing|ation)\b",
    rf"{_AGED}.{{0,80}}\b{_SEXUAL}\b",
    rf"\b{_SEXUAL}\b.{{0,80}}{_AGED}",
    # The same in other languages.
    r"ロリコン|ショタコン|小児性愛|児童ポルノ|[儿兒]童色情",
    r"(?<![非無无])未成年者?.{0,3}(?:性行[为為]|性描[写寫]|性交|セックス)",
    r"\b(?:sexe?o?|секс|porno) (?:avec|mit|con|com|с) (?:\w+ )?"
    r"(?:minderjahrig|kinder|mineur|menor|minori|несовершеннолетн)\w*",
    r"\bkinderporno\w*|\bдетск\w+ порно\w*",
)
_PAIRS = (
    rf"\b(?:adult|grown ?up)s?{_PAIR}(?:minors?|child(?:ren)?|kids?|underage)\b{_OTHER_NOUN}",
    rf"\b(?:minors?|child|kids?|underage){_PAIR}(?:adults?|grown ?ups?|minors?|child)\b{_OTHER_NOUN}",
    rf"\badults? (?:and |with )?(?:a )?minors? (?:relationship|romance|pairing|ship|{_SEXUAL})s?\b",
    rf"\bminors? (?:and |with )?(?:an )?adults? (?:relationship|romance|pairing|ship|{_SEXUAL})s?\b",
)
"""Unless the pair is a family, or of teachers and pupils."""
_UNLESS_MENTIONED = (
    rf"{_PART}{_SAID_SO}(?:p(?:a|ae)?edo(?:ph|f)il(?:ia|ie|ias?|es?|ic|s)?|padophilie|pedos?|педофили[яи]){_SORT}{_END}",
    rf"\b(?:child|kiddie|children|minors?|infant|toddler) {_VIOLATED}\b",
    rf"\b{_VIOLATED} of (?:\w+ )?(?:{_CHILD}|a minor)\b",
    r"\b(?:child|kiddie|kid) porn\w*",
)
"""Abuse by its name: what a story only mentions is its theme."""
_IF_EXPLICIT = (
    r"^statutory rape$",
    rf"{_PART}{_SAID}underage (?:relationships?|kissing|making out|characters?){_END}",
)

_NEGATIVE = (
    r"(?:no|not|never|zero|without|none|nobody|nothing|neither|nor|non|isn't|aren't|doesn't|don't|anti|against|unsuitable"
    r"|inappropriate|kein\w*|ohne|pas de|sans|sin|senza|sem|нет|без)"
)
_BETWEEN = (
    r"(?: (?:any|an?|the|one|explicit|actual|real|is|are|of|longer|at all|sort of|depictions? of|mentions? of|for"
    rf"|suitable for|involving|with|even|(?:{_FORCED}|violence|gore|death|smut|sex|angst) (?:[/&+]|or|nor|and)))*"
)
_DENIED = re.compile(rf"\b{_NEGATIVE}{_BETWEEN} $")
_DENIED_INSIDE = re.compile(
    rf"\b(?:no|not|never|without)(?: (?:any|an?|actual|explicit))* (?:{_SEXUAL}|{_CHILD}|a minor|underage)\b"
)
_DENIED_BEHIND = re.compile(r" (?:no|none|n / a|not really|not here|never)$")
_THEME = re.compile(
    r"\b(?:investigat\w*|discuss\w*|prevent\w*|surviv\w*|fight\w*|stop\w*|against|victims?|aftermath|recover\w*|trauma"
    r"|condemn\w*|hunt\w*|catch\w*|accus\w*|(?:police|detective)s?)(?: (?:of|about|from|by|into|a|an))* $"
)
_THEME_BEHIND = re.compile(
    r"(?: (?:case|ring|victim))? (?:surviv|prevent|investigat|hunter|awareness|laws?\b|education|trial|offender"
    r"|traffick|is (?:a crime|illegal|wrong|bad))"
)
_MENTIONED = re.compile(r"\b(?:mentions?|mentioned|talk|history|references?)(?: (?:of|to|about))* $")
_PLATONIC = re.compile(
    r"\b(?:platonic|nonsexual|friendships?|friends|parents?|parental|(?:found )?famil(?:y|ies|ial)|mentor\w*|bonding"
    r"|guardians?|adopti\w+|siblings?|teamwork)\b"
)
_SEXUAL_ANYWHERE = re.compile(rf"\b{_SEXUAL}\b")

_RULES, _RULES_OF_PAIRS, _RULES_UNLESS_MENTIONED, _RULES_IF_EXPLICIT = (
    tuple(map(re.compile, patterns)) for patterns in (_NEVER, _PAIRS, _UNLESS_MENTIONED, _IF_EXPLICIT)
)
_HIDDEN = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SUFFIX = re.compile(r" - (?:freeform|relationship|character|warning|fandom)$")


def refused_tag(story: Manuscript) -> str | None:
    """The tag for which a story is refused, as it stands there; None where it is not."""
    return next((tag for tag in dict.fromkeys(tags_of(story)) if is_refused(tag, story.rating)), None)


def is_refused(tag: str, rating: Rating = Rating.UNRATED) -> bool:
    """Whether a story of that rating is refused for one tag."""
    said = _plain(tag)
    if _DENIED_BEHIND.search(said):
        return False
    platonic = _PLATONIC.search(said) and not _SEXUAL_ANYWHERE.search(said)
    rules = _RULES + (() if platonic else _RULES_OF_PAIRS) + (_RULES_IF_EXPLICIT if rating is Rating.EXPLICIT else ())
    return any(_is_meant(said, found) for rule in rules for found in rule.finditer(said)) or any(
        _is_meant(said, found) and not _MENTIONED.search(said[: found.start()])
        for rule in _RULES_UNLESS_MENTIONED
        for found in rule.finditer(said)
    )


def _is_meant(said: str, found: re.Match[str]) -> bool:
    """Whether the tag says that the story shows it, rather than that it does not or what is done about it."""
    before, behind = said[: found.start()], said[found.end() :]
    if found[0].startswith(("/ ", "& ", "+ ")):
        before += found[0][:2]
    if _DENIED.search(before) or _THEME.search(before):
        return False
    return not (_DENIED_INSIDE.search(found[0]) or _THEME_BEHIND.match(behind))


def _plain(tag: str) -> str:
    """A tag as the rules read it: folded, without hidden characters, its words parted by single spaces."""
    tag = "".join(char for char in unicodedata.normalize("NFKC", tag) if unicodedata.category(char) != "Cf")
    tag = _CAMEL.sub(" ", tag).casefold().replace("’", "'")
    tag = unicodedata.normalize("NFC", _HIDDEN.sub("", unicodedata.normalize("NFD", tag)))
    tag = _SUFFIX.sub("", " ".join(tag.split()))
    tag = re.sub(r"(?<=\w)!(?=\w)", " !", tag)
    tag = tag.replace("(s)", "s")
    tag = re.sub(r"[-_–—.,:;?#*\"“”()\[\]{}~=]|!(?!\w)|(?<!\w)'|'(?!\w|s\b)", " ", tag)
    tag = re.sub(r"[/&+|×]", lambda found: f" {'/' if found[0] == '×' else found[0]} ", tag)
    tag = " ".join(tag.split())
    tag = re.sub(r"\bunder ?aged?(?=sex|smut|porn)", "underage ", tag)
    tag = re.sub(r"\bunder ?aged?\b", "underage", tag)
    return re.sub(r"\bnon sexual\b", "nonsexual", tag)
