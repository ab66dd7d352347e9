"""Which lines one would post by themselves.

A line must be whole and make sense alone; that is decided by rule. Then it must have something to
say, which can only be guessed: words that carry a line in any story (absolutes, comparisons,
numbers, love and death) count for it, words that point elsewhere or move people about a room count
against it. The weights were set by reading some eleven hundred lines of fifteen stories.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from heapq import heappop, heappush
from math import sqrt

from bot.domain.dialogue import Marks, speeches
from bot.domain.story import Line, Scene

SHORTEST = 40
LONGEST = 240
_FLOOR = 1.1
"""The least worth that is quotable."""
_FEWEST = 40
_SHARE = 0.03
"""A long story can afford to be choosy: it offers its best lines, so many and this share of all."""
_MOST_WEIGHED = 12_000
"""Of a story with more lines than this that may be quotable a part is weighed, and its best lines offered: a
novel has several hundred of them even so."""

_BEGINS = re.compile(r"[\"“”„«‘'(]?([^\W\d_])")
_ENDS = re.compile(r"(?:(?<![—–-])(?<!\.\.)[.!?]+|[。！？])[\"”’'»)」]*\Z")
_BREAK = re.compile(r"[—–…]|-[?!\"]|\.\.\.")
_END = 6
_BROKEN_OFF = re.compile(r"(?:[—–-]|…|\.\.\.)[?!]?[\"”»]")
_QUOTES = re.compile("[\"“”„«»‹›「『'‘’]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[?!;]")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]")
_LIKE = re.compile(r"\blike (?:an?|the|some\w+|any\w+)\b|\bas (?:if|though)\b|\bas \w+ as\b", re.IGNORECASE)
# Two things at once, as stage directions have them: "…, jerking her head away", "as he ran".
_WHILE_DOING = re.compile(r",(?: \w+ly)? \w{3,}ing\b")
_WHILE = re.compile(
    r"\bas (?:he|she|they|it|I|we|the|his|her|[A-Z]\w+)\b"
    r"|\b(?:began|started|continued|tried|managed|seemed) to\b"
)
_ANY_MARK = re.compile("[\"'“”„‟«»‹›「」『』‘’‚‛]")
_WHILE_WORDS = frozenset("as began started continued tried managed seemed".split())
_LIKENESS = 0.65
_MEANWHILE = -0.45

_FEWEST_WORDS = 7
_FEWEST_SPOKEN = 5
_USUAL_WORDS = 15
_LONG_WORD = 9
_SPOKEN = 0.3

_WEIGHED = {
    0.5: "never always nothing everything nobody everyone everybody every none only ever forever any "
    "anybody anything all whole nowhere everywhere no neither nor without",
    0.3: "not cannot don't didn't won't wasn't isn't can't couldn't wouldn't weren't haven't hadn't "
    "doesn't ain't shouldn't two three four five six seven eight nine ten eleven twelve twenty thirty "
    "forty fifty sixty ninety hundred thousand half once twice than unless until rather",
    0.25: "had a an because since whom whose you your yours you're you'd you've you'll",
    0.2: "but if though although except instead yet either enough too must love loved loves loving hate "
    "hated hates die dies died dying dead death kill killed killing murder murdered murderer heart hearts "
    "god hell heaven devil devils blood bloody war afraid fear feared alone lonely home dream dreams "
    "dreamed truth lie lies lied liar trust promise promised remember remembered forget forgot forgotten "
    "forgive beautiful beauty terrible soul souls ghost ghosts monster mad fool fools foolish strange "
    "impossible secret secrets believe believed hope hoped wish wished night dark darkness star stars sea "
    "fire silence silent laugh laughed laughter cry cried tears mother father child children friend "
    "friends dangerous drunk money marry married husband wife shame guilt courage brave freedom free "
    "enemy fight pain hunger hungry damn damned fuck fucking shit bastard bastards bitch life lives live "
    "lived living alive world people men women man woman thing things kind way years year old young salt "
    "bread iron gold bell bells wet cold rain snow fog mud moon sun stone rope knife sword gun bomb bones "
    "bone teeth tooth cat dog horse ship river wolf demon demons witch king queen",
    0.1: "!",
    -0.1: "he she his her hers their theirs",
    -0.2: "turned looked glanced walked stood sat stepped moved went came took put reached opened closed "
    "nodded shook smiled sighed shrugged paused entered rose grasped stared gazed returned followed "
    "presently ;",
    -0.25: "o'clock morning afternoon evening dinner lunch luncheon breakfast supper tomorrow to-morrow "
    "today tonight to-night minute minutes hour hours train hotel station wire tea room street house "
    "window table chair car carriage road letter door",
    -0.3: "? need needs going gonna let's",
}
_WEIGHTS = {word: weight for weight, words in _WEIGHED.items() for word in words.split()}
_NEVER = frozenset(
    "nigger niggers nigga niggas darkey darkeys darkies kike kikes faggot faggots tranny trannies spic "
    "spics gook gooks wetback wetbacks".split()
)
"""Slurs: part of a story that is read in order, but nothing to post out of the blue."""

_HANGING = frozenset(
    "and but or nor so then yet because which whom whose than also however otherwise meanwhile afterwards "
    "afterward besides another neither both such thus hence therefore it this that these those they its "
    "their them him there here now again next finally suddenly eventually later soon moments he's she's "
    "it's that's they're there's".split()
)
_SCENERY = dict.fromkeys(
    "at in on under behind from beneath between by after before beyond up down over across through "
    "he she his her".split(),
    -0.35,
)
"""How narration begins that sets a stage or speaks of somebody who was named before."""
_ANSWERS = frozenset("yes no yeah yep nope oh ah well okay ok right sure very thank".split())
_POINTING = frozenset(
    "and but or so because he she it they this that these those it's that's he's she's they're then there not".split()
)


def is_quotable(line: str, marks: Marks = Marks.DOUBLE) -> bool:
    """Whether a whole sentence or turn of speech would do as a quotation by itself."""
    worth = worth_of(line, marks)
    return worth is not None and worth >= _FLOOR


def choosy(scenes: Sequence[Scene], marks: Marks = Marks.DOUBLE) -> tuple[Scene, ...]:
    """The scenes of a whole story, of whose quotable lines only the best stay so."""
    lengths = [line.end - line.start for scene in scenes for line in scene.lines if line.quotable]
    # By their lengths, so that an edit elsewhere does not change which are weighed.
    step = -(-len(lengths) // _MOST_WEIGHED) or 1
    wanted = _FEWEST + int(_SHARE * sum(len(scene.lines) for scene in scenes) / step)
    best: list[float] = []
    least = _FLOOR
    worths: dict[tuple[int, int], float] = {}
    for at, scene in enumerate(scenes):
        text = scene.text
        for line in scene.lines:
            if not line.quotable or (line.end - line.start) % step:
                continue
            worth = worth_of(text[line.start : line.end], marks, least)
            if worth is None or worth < least:
                continue
            worths[at, line.start] = worth
            heappush(best, worth)
            if len(best) > wanted:
                heappop(best)
                least = max(_FLOOR, best[0])
    return tuple(
        replace(
            scene,
            lines=tuple(
                Line(line.start, line.end, False)
                if line.quotable and worths.get((at, line.start), 0.0) < least
                else line
                for line in scene.lines
            ),
        )
        for at, scene in enumerate(scenes)
    )


def worth_of(line: str, marks: Marks = Marks.DOUBLE, least: float = _FLOOR) -> float | None:
    """How much a line has to say by itself; None if it cannot stand alone or is worth less than ``least``.

    The unit means nothing.
    """
    if not SHORTEST <= len(line) <= LONGEST or "\n" in line:
        return None
    # A narration that hangs on what was said before; here because many lines fall by it at once.
    if line[: line.find(" ")].casefold() in _HANGING:
        return None
    spoken = speeches(line, 0, len(line), marks) if _has_marks(line) else []
    is_speech = bool(spoken) and spoken[0].start == 0
    said = " ".join(line[speech.start + 1 : speech.end - 1] for speech in spoken) if is_speech else line
    words = _WORD.findall(said.casefold().replace("’", "'"))
    if len(words) < (_FEWEST_SPOKEN if is_speech else _FEWEST_WORDS):
        return None
    worth = _weight(said, words, least - _SPOKEN) + (_SPOKEN if is_speech else _SCENERY.get(words[0], 0.0))
    # Most lines have too little to say, so it is asked only of the others whether they are whole.
    if worth < least or not _NEVER.isdisjoint(words) or (not is_speech and words[0] in _HANGING):
        return None
    return worth if _is_whole(line) and all(speech.closed for speech in spoken) else None


def _has_marks(line: str) -> bool:
    return '"' in line or "'" in line or (not line.isascii() and _ANY_MARK.search(line) is not None)


def _is_whole(line: str) -> bool:
    begins = _BEGINS.match(line)
    if begins is None or begins[1].islower() or not _ENDS.search(line, len(line) - _END):
        return False
    if _BREAK.search(line) and _BROKEN_OFF.search(line):
        return False
    return line.count('"') % 2 == 0 and line.count("“") == line.count("”") and line.count("(") == line.count(")")


class _WordWeights(dict[str, float]):
    """What each word counts for, worked out once a word; as fast as a dictionary where it is known."""

    def __missing__(self, word: str) -> float:
        weight = _WEIGHTS.get(word, 0.0)
        if len(word) >= _LONG_WORD:
            weight -= 0.14
        if len(word) > 4 and word.endswith("ly"):
            weight -= 0.25
        if len(self) < _MOST_WORDS:
            self[word] = weight
        return weight


_weights = _WordWeights()
_weight_of = _weights.__getitem__
_MOST_WORDS = 1 << 15


def _weight(said: str, words: Sequence[str], least: float) -> float:
    """What the words of a line count for together; anything below ``least`` where it is no more than that."""
    # A long line has more chances to hold a telling word; it is the density that tells.
    weight = sum(map(_weight_of, words)) * sqrt(_USUAL_WORDS / len(words))
    weight += min(len(said), 150) * 0.01 - (0.4 if len(said) < 50 else 0.0)
    if "like" in words or "as" in words:
        weight += _LIKENESS * len(_LIKE.findall(said))
    # What follows only takes away.
    if weight < least:
        return weight
    weight -= 0.15 * len(_NAME.findall(said))
    if "ing" in said:
        weight += _MEANWHILE * len(_WHILE_DOING.findall(said))
    if not _WHILE_WORDS.isdisjoint(words):
        weight += _MEANWHILE * len(_WHILE.findall(said))
    if words[0] in _ANSWERS:
        weight -= 0.6
    if words[0] in _POINTING:
        weight -= 0.3
    return weight
