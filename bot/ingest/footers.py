"""What mailing lists and free mail services wrote below a letter, wherever in a file it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.ingest.fields import FIELD_OF, key_of
from bot.ingest.headings import Level, heading_of
from bot.ingest.metadata import Source
from bot.strings import PROBLEMS

_SPONSOR = re.compile(r"\s*-+ ?Yahoo! Groups (?:Sponsor|Links).*", re.IGNORECASE)
_PLAIN = re.compile(
    r"\s*(?:-{3,}\s*)?(?:Your use of Yahoo! Groups.*|Yahoo! Groups Links.*|You received this message because you are "
    r"subscribed.*)",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"\s*(?:<\*>\s*)?(?:To unsubscribe\b.*|To (?:post|subscribe|visit your group|change your)\b.{0,80})", re.IGNORECASE
)
_OF_LIST = re.compile(r"\b(?:groups?|list|mailings?|newsletter|digest)\b", re.IGNORECASE)
_LEAVING = re.compile(r"\s*To unsubscribe\b", re.IGNORECASE)
_ORIGINAL = re.compile(r"\s*-{3,} ?Original Message ?-{3,}\s*", re.IGNORECASE)
_LIST_NAME = re.compile(r".{0,60}\bmailing list\s*", re.IGNORECASE)
_ADVERT = re.compile(
    r"\s*(?:Do You Yahoo!\?.*|Get your free .{0,60}(?:address|e-?mail|account).*"
    r"|Get Your (?:Private, Free|FREE) .{0,80}|Sent (?:from|via) my \w+.*|_+ ?NetZero.*|MSN Photos is .*)",
    re.IGNORECASE,
)
_OF_MAIL = re.compile(
    r"\bYahoo! Groups?\b|\bunsubscribe\b|\bsubscribe to\b|\bmailing list\b|\bTerms of Service\b", re.IGNORECASE
)
_RULE = re.compile(r"\s*[-_=~]{3,}[->~ ]*\s*")
_ADDRESS = re.compile(r"\S+@\w\S*|https?://\S+|www\.\S+")
_TALK = tuple("\"“„«'‘—–")
_SENT = frozenset({"from", "to", "sent", "cc", "date", "subject"})

_TAIL_LINES = 60
_ADVERT_LINES = 8
_SIGNATURE = 12
_MOST_LINES = 15
_MOST_WORDS = 80
_WIDEST = 100
_FEW_WORDS = 10


class Footer(NamedTuple):
    """The lines ``[start, end)`` that a list wrote."""

    start: int
    end: int


def footers_of(lines: Sequence[str], source: Source) -> list[Footer]:
    """The footers in a file, in order; where it is doubtful that a line is one, that is told and it is none."""
    found: list[Footer] = []
    told = False
    end = len(lines)
    last = max((i for i in range(end) if lines[i].strip()), default=-1)
    at = 0
    while at < end:
        line = lines[at]
        if at < end - _TAIL_LINES and "ubscri" not in line and "ahoo" not in line and "riginal" not in line:
            at += 1
            continue
        stop = _end_of(lines, at) if at else at
        if stop == at:
            if not told and (_ORIGINAL.fullmatch(line) or (_LEAVING.match(line) and _begins(lines, at))):
                source.warn(at + 1, PROBLEMS["footer_doubted"])
                told = True
            at += 1
            continue
        stop = end if stop > last else stop
        found.append(Footer(_start_of(lines, at, last=stop == end), stop))
        at = stop
    return found


def _start_of(lines: Sequence[str], at: int, *, last: bool) -> int:
    """Where a footer begins with the rule above it; amid a file a rule farther up may part scenes."""
    while at and (_RULE.fullmatch(lines[at - 1]) or (last and not lines[at - 1].strip())):
        at -= 1
    return at


def _end_of(lines: Sequence[str], at: int) -> int:
    """The line after a footer that begins at a line; the line itself if none does."""
    end = len(lines)
    line = lines[at]
    if _ORIGINAL.fullmatch(line):
        return end if _is_quoted_mail(lines, at) else at
    if _SPONSOR.fullmatch(line):
        return _with_more(lines, _closed(lines, at))
    if _is_plain(lines, at):
        stop = at + 1
        while stop < end and lines[stop].strip() and _is_of_mail(lines[stop]):
            stop += 1
        return end if _is_tail(lines, at) else _with_more(lines, stop)
    left = end - at
    signed = line.rstrip() == "--" and left <= _SIGNATURE and any(map(_ADDRESS.search, lines[at + 1 :]))
    if signed:
        return end if _is_short(lines, at, end) else at
    if left > _TAIL_LINES or not _begins(lines, at):
        return at
    if not (left <= _ADVERT_LINES and _ADVERT.fullmatch(line)):
        listed = _INVITES.fullmatch(line) and _OF_LIST.search(line)
        if not listed and not _LIST_NAME.fullmatch(line):
            return at
    return end if _is_tail(lines, at) else at


def _is_plain(lines: Sequence[str], at: int) -> bool:
    """Whether nobody but a list's program writes such a line."""
    if _PLAIN.fullmatch(lines[at]):
        return True
    below = lines[at + 1] if at + 1 < len(lines) else ""
    alone = _ADDRESS.fullmatch(below.strip()) is not None
    return _INVITES.fullmatch(lines[at]) is not None and (alone or _ADDRESS.search(lines[at]) is not None)


def _begins(lines: Sequence[str], at: int) -> bool:
    above = lines[at - 1] if at else ""
    return not above.strip() or _RULE.fullmatch(above) is not None


def _run_end(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and lines[at].strip():
        at += 1
    return at


def _is_of_mail(line: str) -> bool:
    """Whether a line that stands by a footer belongs to it."""
    if _RULE.fullmatch(line) or _SPONSOR.fullmatch(line) or _PLAIN.fullmatch(line) or _ADVERT.fullmatch(line):
        return True
    if line.lstrip().startswith(_TALK) or len(line) > _WIDEST or key_of(line):
        return False
    rest, times = _ADDRESS.subn("", line)
    return (times > 0 or _OF_MAIL.search(line) is not None) and len(rest.split()) <= _FEW_WORDS + 2


def _closed(lines: Sequence[str], at: int) -> int:
    """The line after the rule that ends an advert; the one after its first line where it has none."""
    for i in range(at + 1, min(len(lines), at + _MOST_LINES)):
        if _RULE.fullmatch(lines[i]):
            return i + 1 if _is_short(lines, at + 1, i) else at + 1
    return at + 1


def _with_more(lines: Sequence[str], stop: int) -> int:
    """The end of a footer with the paragraphs below it that are wholly of one, too."""
    for at in range(stop, len(lines)):
        if not lines[at].strip():
            continue
        # A rule that stands apart may part scenes.
        if not _is_of_mail(lines[at]) or (_RULE.fullmatch(lines[at]) and not lines[at - 1].strip()):
            break
        stop = at + 1
    return stop


def _runs(lines: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        stop = _run_end(lines, at)
        yield at, stop
        at = stop


def _is_tail(lines: Sequence[str], at: int) -> bool:
    """Whether nothing but a footer stands from a line to the file's end."""
    if len(lines) - at > _TAIL_LINES or not _is_short(lines, at, len(lines)):
        return False
    return all(all(map(_is_of_mail, lines[run:stop])) for run, stop in _runs(lines, _run_end(lines, at)))


def _is_short(lines: Sequence[str], start: int, end: int) -> bool:
    """Whether lines are few and short, without a heading, a header's field or speech."""
    shown = [line.strip() for line in lines[start:end] if line.strip()]
    return (
        len(shown) <= _MOST_LINES
        and sum(len(line.split()) for line in shown) <= _MOST_WORDS
        and not any(len(line) > _WIDEST and not _ADDRESS.search(line) for line in shown)
        and not any(line.startswith(_TALK) or _is_field(line) or _is_heading(line) for line in shown if line != "--")
    )


def _is_field(line: str) -> bool:
    named = key_of(line)
    return named is not None and FIELD_OF.get(named[0]) in ("title", "authors", "rating", "subject", "chapter")


def _is_heading(line: str) -> bool:
    heading = heading_of(line)
    return heading is not None and heading.level is Level.CHAPTER


def _is_quoted_mail(lines: Sequence[str], at: int) -> bool:
    """Whether the head of a mail follows, and then nothing but what was quoted or a list's footer."""
    if len(lines) - at > _TAIL_LINES:
        return False
    stop = _run_end(lines, at + 1)
    head = [line.lstrip("> ").partition(":") for line in lines[at + 1 : stop]]
    if sum(colon == ":" and name.strip().casefold() in _SENT for name, colon, _ in head) < len(head) or len(head) < 2:
        return False
    rest = [line for line in lines[stop:] if line.strip()]
    return len(rest) <= _MOST_LINES and all(line.startswith(">") or _is_of_mail(line) for line in rest)
