"""Cuts a scene into lines: sentences, and turns of speech that keep their tags.

``"Go," she said. "Now."`` is one line: who speaks goes on speaking. ``"Go." She left.`` is two.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from bot.domain.dialogue import CLOSERS, Marks, Speech, marks_of, speeches
from bot.domain.languages import ENGLISH
from bot.domain.quotable import LONGEST, SHORTEST, is_quotable
from bot.domain.sentences import TERMINAL, Starts, starts_in
from bot.domain.story import MAX_LINE, Line
from bot.domain.tags import follows_as_tag, last_tag

_QUOTED = re.compile('["“”„«»‹›「『]')
_SINGLE_QUOTED = re.compile("['‘’‚]")
_SPOKEN_ENDS = frozenset(TERMINAL + ",—–-;:")
_WHOLE_ENDS = frozenset(TERMINAL)
_SPEECH_DASH = re.compile(r"[-–—―] ?(?=[^\W\d_]|[¿¡])")

_start_of = attrgetter("start")

_BEAT = 60
"""A single sentence of at most this length between two speeches is how they are said, not a line."""

_DASH_AGAIN = re.compile(r"\s[-–—―] ?|[—―][.,;:!?…]*\s+")
"""Where, in a turn that begins with a dash, its tag begins or speech resumes."""

_SPACELESS = "\u2e80"
"""From here on stand the scripts that set no space behind a closing mark."""

_LOGGED = re.compile(
    r"(?:[(\[]?\d\d?:\d\d(?::\d\d)?[)\]]? )?(?:<[^<>\s]{1,30}>|[^\W\d_][\w.'’-]{0,24}(?: [\w.'’-]{1,24})?:) "
)
"""What stands before each line of a chat."""

_CLAUSE = re.compile(r"[;:,—–](?:[\"'”’»)]*)\s+|(?<=\w)(?=[—–]\w)|\s[—–]\s|[，、；：،؛][”’」』）]*\s*")
_LATEST_SHARE = 0.4
"""A long sentence is cut at a clause only if that leaves at least this share of the limit."""

_JOINING = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)


def lines_of(text: str, marks: Marks | None = None, *, language: str = ENGLISH, judge: bool = True) -> tuple[Line, ...]:
    """The lines of a scene's text, each at most ``MAX_LINE`` code points.

    A paragraph's end always ends a line; between lines and at the edges stands white space only.

    Args:
        text: a scene's text, as ``Scene.text`` describes it.
        marks: the marks that the story puts round speech; judged by this text if not given.
        language: what it is written in, as ``languages.language_of`` names it.
        judge: whether to judge which lines are quotable; if not, all of a fitting length are.
    """
    if marks is None:
        marks = marks_of(text.split("\n\n"))
    starts = starts_in(language)
    lines: list[Line] = []
    begun = 0
    while begun < len(text):
        paragraph_end = text.find("\n\n", begun)
        if paragraph_end < 0:
            paragraph_end = len(text)
        for start, end, whole in _pieces(text, begun, paragraph_end, marks, starts):
            fits = whole and SHORTEST <= end - start <= LONGEST
            lines.append(Line(start, end, fits and (not judge or is_quotable(text[start:end], marks))))
        begun = paragraph_end + 2
    return tuple(lines)


def _pieces(text: str, start: int, end: int, marks: Marks, starts: Starts) -> Iterator[tuple[int, int, bool]]:
    """The lines of one paragraph: start, end, and whether it is a whole sentence or turn."""
    if text.find("\n", start, end) > 0 and (said := _chat(text, start, end)):
        yield from said
        return
    quoted = _SINGLE_QUOTED if marks is Marks.SINGLE else _QUOTED
    spoken = speeches(text, start, end, marks) if quoted.search(text, start, end) else []
    if spoken:
        cuts = _turn_starts(text, start, end, spoken, starts)
    elif _SPEECH_DASH.match(text, start, end):
        cuts = _after_dash_turn(text, start, end, list(starts(text, start, end)))
    else:
        cuts = starts(text, start, end)
    for begin, finish in pairwise((start, *cuts, end)):
        # As _trim does, without the price of a call for each of very many lines.
        while begin < finish and text[finish - 1].isspace():
            finish -= 1
        while begin < finish and text[begin].isspace():
            begin += 1
        if begin == finish:
            continue
        if finish - begin <= MAX_LINE:
            yield begin, finish, True
        else:
            yield from _shortened(text, begin, finish, spoken, starts)


def _chat(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """The lines of a log, each with the name of whoever wrote it in front; none of anything else."""
    found: list[tuple[int, int, bool]] = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if stop - start > MAX_LINE or not _LOGGED.match(text, start, stop):
            return []
        found.append((*_trim(text, start, stop), True))
        start = stop + 1
    return found


def _after_dash_turn(text: str, start: int, end: int, sentences: Sequence[int]) -> Sequence[int]:
    """Offsets at which a paragraph that begins with a dash begins a new line.

    No mark says where such speech ends. The turn goes on to the end of the sentence in which its tag stands or
    speech resumes last; one more sentence is taken for the rest of it, several are lines by themselves.
    """
    said = last_tag(text, start, end)
    for found in _DASH_AGAIN.finditer(text, start + 2, end):
        said = max(said, found.end())
    if said < 0:
        return () if end - start <= MAX_LINE else sentences
    after = [at for at in sentences if at > said]
    if len(after) > 1 or (after and after[0] - start > MAX_LINE):
        return after
    return () if end - start <= MAX_LINE else after


def _turn_starts(text: str, start: int, end: int, spoken: list[Speech], starts: Starts) -> list[int]:
    """Offsets at which a paragraph with speech in it begins a new line, except its first."""
    cuts: list[int] = []
    at = start
    before: Speech | None = None
    for speech in spoken:
        cuts += _between(text, at, speech.start, before, speech, starts)
        at, before = speech.end, speech
    cuts += _between(text, at, end, before, None, starts)
    return cuts


def _between(text: str, start: int, end: int, before: Speech | None, after: Speech | None, starts: Starts) -> list[int]:
    """Line starts in the narration between two speeches, the place where ``after`` begins included."""
    body, stop = _trim(text, start, end)
    if body == stop:
        # Two speeches with nothing between them are two turns.
        return [after.start] if before and after and _complete(text, before.start, start) else []
    inner = list(starts(text, body, stop))
    parted = before is not None and _parts(text, before, start, body, stop)
    resumes = after is not None and _complete(text, body, stop)
    said = before is not None and _is_speech(text, before)
    if resumes and not inner and said and (not parted or stop - body <= _BEAT):
        return []
    cuts = [body, *inner] if parted else inner
    return [*cuts, after.start] if resumes and after is not None else cuts


def _parts(text: str, speech: Speech, start: int, body: int, stop: int) -> bool:
    """Whether the narration after a speech is a sentence of its own rather than its tag."""
    if (
        (body == start and text[body] < _SPACELESS)
        or not speech.closed
        or not _complete(text, speech.start, speech.end)
    ):
        return False
    first = text[body]
    return not first.islower() and first not in ",;:.)—–-" and not follows_as_tag(text, start, stop)


def _is_speech(text: str, speech: Speech) -> bool:
    """Whether a quotation is said by somebody, as against a word or a title in quotation marks."""
    last = text[speech.start + 1 : speech.end].rstrip(CLOSERS + " ")[-1:]
    # German and older English put the comma behind the closing mark.
    return last in _SPOKEN_ENDS or text[speech.end : speech.end + 1] == ","


def _complete(text: str, start: int, end: int) -> bool:
    """Whether a stretch ends as a sentence does; a speech may also break off with a dash."""
    last = end
    while end > start and (text[end - 1] in CLOSERS or text[end - 1].isspace()):
        end -= 1
    if end > start + 1 and text[end - 1] == ";" and "\u0370" <= text[end - 2] <= "\u1fff":
        return True  # the Greek question mark
    return end > start and (
        text[end - 1] in _WHOLE_ENDS or (end < last and text[end - 1] in "—–-" and text[end] in CLOSERS)
    )


def _shortened(
    text: str, start: int, end: int, spoken: list[Speech], starts: Starts
) -> Iterator[tuple[int, int, bool]]:
    """A line that is too long, cut where a speech resumes, else at sentences, clauses, spaces."""
    first = bisect_right(spoken, start, key=_start_of)
    last = bisect_left(spoken, end, key=_start_of)
    resumes = [speech.start for speech in spoken[first:last] if _complete(text, start, speech.start)]
    for begin, finish in _packed(text, start, end, resumes):
        if finish - begin <= MAX_LINE:
            yield begin, finish, True
            continue
        cuts = [at for at in starts(text, begin, finish) if not _begins_tag(text, at, spoken)]
        for first, last in _packed(text, begin, finish, cuts):
            if last - first <= MAX_LINE:
                yield first, last, True
            else:
                yield from ((*piece, False) for piece in _clauses(text, first, last))


def _begins_tag(text: str, at: int, spoken: list[Speech]) -> bool:
    """Whether what looks like a sentence's start directly after a speech is the tag that belongs to it."""
    n = bisect_right(spoken, at, key=_start_of) - 1
    if n < 0 or text[spoken[n].end : at].strip() or at < spoken[n].end:
        return False
    stop = spoken[n + 1].start if n + 1 < len(spoken) else len(text)
    paragraph = text.find("\n\n", at)
    stop = min(stop, paragraph if paragraph >= 0 else stop)
    return _is_speech(text, spoken[n]) and not _parts(text, spoken[n], spoken[n].end, at, stop)


def _packed(text: str, start: int, end: int, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces joined while they fit into a line."""
    begin = finish = start
    for cut in (*cuts, end):
        stop = _trim(text, begin, cut)[1]
        if stop - begin > MAX_LINE and finish > begin:
            yield _trim(text, begin, finish)
            begin = finish
        finish = cut
    yield _trim(text, begin, end)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """One sentence that is too long by itself, cut at clauses where it can be."""
    while end - start > MAX_LINE:
        limit = start + MAX_LINE
        cut = 0
        for found in _CLAUSE.finditer(text, start + int(MAX_LINE * _LATEST_SHARE), limit + 1):
            if _trim(text, start, found.end())[1] <= limit:
                cut = found.end()
        if not cut:
            cut = max(text.rfind(" ", start + 1, limit + 1), text.rfind("\n", start + 1, limit + 1))
        if cut <= start:
            cut = limit
            while cut > start + MAX_LINE // 2 and (_JOINING.match(text[cut]) or text[cut - 1] == "\u200d"):
                cut -= 1
        yield _trim(text, start, cut)
        start = _trim(text, cut, end)[0]
    if start < end:
        yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space at its edges."""
    if start < end and not text[start].isspace() and not text[end - 1].isspace():
        return start, end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
