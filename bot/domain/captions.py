"""Lines that head a scene without being ornaments: whose point of view it is, when and where it plays.

Their words are story and stay; the break stands before them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.breaks import Block
from bot.domain.story import Emphasis

CAPTION_MARK = "#" * 6
"""The mark of a break that a caption makes, as a heading of the lowest level would."""

_MAX_CAPTION = 90
_MAX_NAME = 40
_NAME = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}?"
_POV = re.compile(
    rf"[\W_]*(?:(?:switch|change|back) (?:of |to |in )?)?(?:{_NAME}(?:['’´`]s|s['’´`])?|(?:first"
    rf"|third|1st|3rd)[ -]person|normal|no one['’]?s?)"
    rf"[\s_-]+(?:p\.?o\.?v\.?|point of view|perspective)(?: \(?\w+\)?)?[\W_]*"
    rf"|[\W_]*(?:p\.?o\.?v\.?|point of view)(?:\s*[:=–—-]+\s*| of ){_NAME}[\W_]*|[\W_]*(?:pov|point de vue)"
    rf"(?: de)? {_NAME}[\W_]*",
    re.IGNORECASE,
)
_NO_POV = re.compile(
    r"[\W_]*(?:from|in|with|what|whose|a|an|my|your|his|her|it|it['’]s|that|this|another|different) ", re.IGNORECASE
)
_ANSWER = re.compile(r"(?:yes|no|well|oh|maybe|okay|ok|right|and|but|so|not)\b", re.IGNORECASE)
_COUNT = (
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|forty|several|(?:a )?few|some|many"
    r"|half an?|(?:a )?couple(?: of)?|\d{1,4})"
)
_UNIT = r"(?:second|minute|hour|day|night|week|fortnight|month|year|decade|centur(?:y|ie)|season|moment)s?"
_PART_OF_DAY = (
    r"(?:morning|afternoon|evening|night|day|noon|midnight|dawn|dusk|sunrise|sunset|week|month"
    r"|year|summer|winter|spring|autumn|fall)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_YEAR = r"(?:1[0-9]{3}|2[0-9]{3})(?: ?(?:A\.?D|B\.?C\.?E?|C\.?E)\.?)?"
_CLOCK = (
    r"(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?|hours|hrs|h)?|\d{1,2}\s*[ap]\.?m\.?|[0-2]\d[0-5]\d"
    r"\s*(?:hours|hrs|h)|noon|midnight|"
    r"\d{1,2} o['’]clock)"
)
_DATE = (
    rf"(?:{_WEEKDAY},? )?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? {_YEAR})?|\d{{1,2}}(?:st|nd"
    rf"|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR})?|{_MONTH},? {_YEAR}|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}})"
)
_PLACE = r"(?:the )?[A-Z0-9][\w.'’&-]*(?:,? (?:of|the|at|in|on|de|la|du|von|near|outside|and|[A-Z0-9#][\w.'’&-]*)){0,7}"
_TIME = re.compile(
    rf"[\W_]*(?:(?:exactly|about|almost|nearly|some|just|approximately|roughly|only|over) )?(?:{_COUNT} {_UNIT}"
    rf"(?: and a half)? (?:later|earlier|before|ago|after|prior|previously|on)(?: that (?:day|night"
    rf"|evening))?"
    rf"|(?:much |a (?:bit|little|while|short (?:time|while)) )?(?:later|earlier)(?: (?:that|the same"
    rf"|in the) (?:same )?{_PART_OF_DAY})?"
    rf"|(?:early |late )?(?:the )?(?:next|following|previous|same|very next) (?:{_PART_OF_DAY}|{_WEEKDAY})("
    rf"?:,? (?:early|late)?\s*(?:{_PART_OF_DAY}|{_CLOCK}))?"
    rf"|(?:early |late )?that (?:same )?(?:{_PART_OF_DAY})|meanwhile(?:,? (?:back )?(?:at|in|on"
    rf"|with) [^.!?]{{2,40}})?|elsewhere|present(?: day| time)?|now|then"
    rf"|(?:the )?past|(?:end |start |begin )?(?:of )?flash ?(?:back|forward)s?(?: (?:ends?|over"
    rf"|starts?|begins?))?|(?:end )?dream(?: sequence)?|time ?skip"
    rf"|(?:day|night|week|month|year) (?:\d{{1,3}}|one|two|three|four|five|six|seven|eight|nine"
    rf"|ten)|stardate[: ]+[\d.]+"
    rf"|{_DATE}|{_CLOCK}|{_WEEKDAY}(?:,? (?:{_PART_OF_DAY}|{_CLOCK}))?|{_YEAR})[\W_]*",
    re.IGNORECASE,
)
# A bare "Now", "Then", "Later" or "1888" is a caption only in a frame, set off from the prose.
_NEEDS_FRAME = re.compile(
    r"[\W_]*(?:now|then|later|earlier|elsewhere|past|the past|present|\d{4}|noon|midnight|meanwhile"
    r"|dream|that (?:night|day|year|summer|winter|morning|evening|afternoon))[\W_]*",
    re.IGNORECASE,
)
_TIMED = (
    rf"(?:{_DATE}|{_CLOCK}|{_YEAR}|{_WEEKDAY}(?:,? {_PART_OF_DAY})?|(?:early |late )?(?:morning"
    rf"|afternoon|evening|night|dawn|dusk)|{_COUNT} {_UNIT} (?:later|earlier|ago)|the (?:next|following) {_PART_OF_DAY}"
    rf"|later that {_PART_OF_DAY}|day \d+)"
)
_SCRIPT = re.compile(r"(?:INT|EXT)\.? .{3,70}")
_SEPARATOR = r"\s*(?:[,;:|/]|\.|[-–—]+)\s*"
_TIME_TAIL = re.compile(rf"(?P<place>.{{2,60}}?){_SEPARATOR}(?:(?i:{_TIMED}))(?:{_SEPARATOR}(?i:{_TIMED}))*[\W_]*")
_TIME_HEAD = re.compile(
    rf"[\W_]*(?:(?i:{_TIMED}))(?:{_SEPARATOR}(?i:{_TIMED}))*{_SEPARATOR}(?P<place>.{{2,60}}?)[\W_]*"
)
_PLACE_ONLY = re.compile(rf"[\W_]*{_PLACE}(?:, {_PLACE}){{0,4}}[\W_]*")
_THE_PLACE = re.compile(r"(?:(?:the|a)|\w+(?:['’]s|s['’])) [a-z]+(?: [a-z]+)?", re.IGNORECASE)
_FRAMED = re.compile(
    r"(?P<open>[~*=\-–—_<>\[({:#|•.+]{1,8})\s*(?P<name>[^\W_][^~*=_<>\[\](){}|•+]{0,38}?)\s*(?P<close>[~*="
    r"\-–—_<>\]){:#|•.+]{1,8})"
)
_SALUTATION = re.compile(
    r"[\W_]*(?:(?:My )?(?:Dear(?:est)?|Darling|Beloved) [^.!?]{1,60}[,:;!—–-]+|To whom it may)", re.IGNORECASE
)
_BARE_YEAR = re.compile(r"(?:1[0-9]{3}|20[0-9]{2})\.?")
_BARE_NAME = re.compile(r"(?:[^\W\d_][\w'’-]+)(?: [^\W\d_][\w'’-]+){0,2}")
_MAX_BARE_NAME = 30
_BELOW_NAME = 60
"""Code points of the least paragraph below a name that heads a scene: it is narration, no answer."""
_FEWEST_NAMES = 3
_FEWEST_YEARS = 2
_LOWER_WORDS = frozenset("of the and in at on a an de la von to & later".split())
_SPEECH = frozenset("\"“”„«»‘'")
_MIRROR = str.maketrans("[({<>", "])}><")


def with_captions(chapters: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """The chapters of one file with a mark before each caption, whose words stay in the text, in bold.

    Args:
        chapters: all chapters of the file: a name alone is a caption only where such lines recur.
    """
    framed = _framed(chapters) | _bare(chapters)
    done: list[list[Block]] = []
    for blocks in chapters:
        marked: list[Block] = []
        skip = False
        for i, block in enumerate(blocks):
            if skip and block.mark:
                skip = False
                continue
            skip = False
            if block.mark or len(block.text) > _MAX_CAPTION or not _is_caption(blocks, i, framed):
                marked.append(block)
                continue
            if marked and not marked[-1].mark:
                marked.append(Block(CAPTION_MARK, block.line, block.gap, mark=True))
                # A rule under a caption belongs to it.
                skip = True
            marked.append(
                replace(block, emphasis=block.emphasis or (Emphasis(0, len(block.text), italic=False, bold=True),))
            )
        done.append(marked)
    return done


def is_caption(text: str, *, framed: bool = False) -> bool:
    """Whether a short paragraph says whose point of view follows, or when and where it plays.

    Args:
        text: the paragraph.
        framed: whether ornaments or emphasis set it off from the prose.
    """
    if len(text) > _MAX_CAPTION or text[:1] in _SPEECH or text[-1:] in ",;?!" or "\n" in text:
        return False
    if _POV.fullmatch(text):
        return _NO_POV.match(text) is None
    if _ANSWER.match(text):
        return False
    if _TIME.fullmatch(text):
        return framed or not _NEEDS_FRAME.fullmatch(text)
    if _SCRIPT.fullmatch(text):
        return True
    timed = _TIME_TAIL.fullmatch(text) or _TIME_HEAD.fullmatch(text)
    if timed is None:
        return False
    if _THE_PLACE.fullmatch(timed["place"].strip()):
        return True
    if not _PLACE_ONLY.fullmatch(timed["place"].strip()):
        return False
    # "London, 1888." may be prose; so may "Then Angel, later", but hardly with every word a name.
    words = [word for word in re.findall(r"[^\W\d_][\w'’]*", timed["place"]) if word.casefold() not in _LOWER_WORDS]
    return all(word[0].isupper() for word in words)


def _is_caption(blocks: Sequence[Block], i: int, framed: frozenset[tuple[int, int]]) -> bool:
    block = blocks[i]
    following = blocks[i + 1] if i + 1 < len(blocks) else None
    if following is None:
        return False
    if (block.line, len(block.text)) not in framed:
        # Of most paragraphs no frame makes a caption, so that nobody need look for one.
        if not is_caption(block.text, framed=True):
            return False
        if not is_caption(block.text, framed=_set_off(block) or _frame_of(block) is not None):
            return False
    return not _heads_letter(blocks, i)


def _heads_letter(blocks: Sequence[Block], i: int) -> bool:
    """Whether a place and a date stand above a letter that the narration has just announced, or that says "Dear"."""
    before = blocks[i - 1] if i else None
    announced = before is not None and not before.mark and before.text.endswith(":")
    return announced or any(_SALUTATION.match(block.text) for block in blocks[i + 1 : i + 3])


def _set_off(block: Block) -> bool:
    return len(block.emphasis) == 1 and block.emphasis[0].end - block.emphasis[0].start >= len(block.text.strip(" .:"))


def _frame_of(block: Block) -> str | None:
    """What stands round a short capitalised name, or that it is all bold; None if nothing does."""
    text = block.text
    if len(text) > _MAX_NAME + 16 or not text or text[0] in _SPEECH:
        return None
    found = _FRAMED.fullmatch(text)
    if found:
        name, frame = found["name"], found["open"].translate(_MIRROR)
        if frame != found["close"][: len(frame)][::-1] and set(frame) != set(found["close"]):
            return None
    elif _set_off(block) and block.emphasis[0].bold:
        name, frame = text.rstrip(" :."), "bold"
    else:
        return None
    words = re.findall(r"[^\W\d_][\w'’.-]*", name)
    named = 0 < len(words) <= 4 and all(word[0].isupper() or word in _LOWER_WORDS for word in words)
    return frame if named and len(name) <= _MAX_NAME and name[-1:] not in "!?" else None


def _framed(chapters: Sequence[Sequence[Block]]) -> frozenset[tuple[int, int]]:
    """Lines in a frame of ornaments or all in bold, of a kind that recurs: (source line, length)."""
    found: list[tuple[str, Block]] = []
    for blocks in chapters:
        for i, block in enumerate(blocks[:-1]):
            if block.mark or block.heading or len(block.text) > _MAX_NAME + 16:
                continue
            frame = _frame_of(block)
            if frame is not None and not blocks[i + 1].mark:
                found.append((frame, block))
    counts = Counter(frame for frame, _ in found)
    return frozenset((block.line, len(block.text)) for frame, block in found if counts[frame] > 1)


def _bare(chapters: Sequence[Sequence[Block]]) -> frozenset[tuple[int, int]]:
    """Names and years alone in a line, without any frame, in a file that sets them above its scenes again and again."""
    named: list[Block] = []
    years: list[Block] = []
    for blocks in chapters:
        for i, block in enumerate(blocks[:-1]):
            text, below = block.text, blocks[i + 1]
            if block.mark or block.heading or len(text) > _MAX_BARE_NAME or below.mark or len(below.text) < _BELOW_NAME:
                continue
            if _BARE_YEAR.fullmatch(text):
                years.append(block)
            elif _is_bare_name(text) and below.text[0] not in _SPEECH and _ends(blocks, i - 1):
                named.append(block)
    times = Counter(block.text for block in named)
    if len(named) < _FEWEST_NAMES or max(times.values()) < 2 or len(times) < 2:
        named = []
    found = named + (years if len(years) >= _FEWEST_YEARS else [])
    return frozenset((block.line, len(block.text)) for block in found)


def _is_bare_name(text: str) -> bool:
    return _BARE_NAME.fullmatch(text) is not None and all(word[0].isupper() for word in text.split())


def _ends(blocks: Sequence[Block], at: int) -> bool:
    """Whether what stands above a line is whole narration, so that the line answers nothing."""
    if at < 0 or blocks[at].mark:
        return True
    return len(blocks[at].text) >= _BELOW_NAME and blocks[at].text[-1] in '.!?…”"’»*_'
