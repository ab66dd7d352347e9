"""Ratings that stand elsewhere than in a story's header: a chapter's own, in its heading, its warning or its note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.breaks import Block
from bot.domain.labels import tags_of
from bot.domain.story import Manuscript, Problem, Rating, SetAside, Severity, strictest
from bot.ingest.fields import FIELD_OF, key_of
from bot.ingest.headings import Level, heading_of
from bot.ingest.metadata import Source
from bot.ingest.ratings import Verdict, cut_rating, judge, stated_in
from bot.ingest.tagratings import rating_of_tag
from bot.strings import PROBLEMS

_MAX_TITLE = 120
_MAX_RATING = 160
_MAX_WARNING = 400
_MAX_QUOTE = 80
_MAX_NOTE = 20_000
"""Letters of a note in which a rating is looked for."""
_PROSE_ENDS = frozenset(".!?…,;:\"”’'»«")
_NEAR = 4
"""A chapter's own rating stands within so many paragraphs of its heading."""
_OWN = re.compile(
    r"[\W_]*(?:(?:this |the )?(?:chapter|part|story|fic|content|chapter's|overall)\W{1,3})?(?:is )?"
    r"(?:rating|rated|warnings?|altersfreigabe|рейтинг|(?:begin|start|end)\W{1,3}(?:of )?(?:lemon|smut|lime|nsfw|sex)"
    r"|lemon|smut|lime|nsfw|\W{0,3}sex scene)\b",
    re.IGNORECASE,
)
_RATED = re.compile(
    r"[\W_]*(?:(?:this |the )?(?:chapter|part|overall)(?:'s)?(?: is)? )?"
    r"rat(?:ing|ed)\s*(?:[:=–—-]|\bis\b)?\s*(?P<value>.+)",
    re.IGNORECASE | re.DOTALL,
)
_FENCE = re.compile(
    r"[\W_]*(?:(?:warning|begin|start|end|here|be|of|the|this|is|a|for|ahead)\W+)*+"
    r"(?:lemons?|smut|limes?|nsfw|sex scene)"
    r"(?:\W+(?:scene|ahead|warning|alert|begins?|starts?|ends?|start|end|over|here|below|content|chapter|done|part))*[\W_]*",
    re.IGNORECASE,
)
_FENCED = re.compile(r"\b(?:warning|begins?|starts?|ends?|ahead|alert|over|scene|here|content)\b", re.IGNORECASE)
_OF_TEXT = re.compile(
    r"\b(?:chapter|part|ahead|fic|story|scenes?|content|contains|lemons?|smut|nsfw|rated|rating|NC-?17)\b",
    re.IGNORECASE,
)
_WARNING = re.compile(r"[\W_]*(?:\w+ )?warnings?\b", re.IGNORECASE)
_NOTES = frozenset(
    "author's note,author’s note,a/n,an,note,notes,author's notes,authors note,authors notes,author note,story notes,"
    "warning,warnings,content warning,content warnings,additional warnings,chapter notes,summary,spoilers".split(",")
)


def rate(source: Source, value: str, line: int | None) -> None:
    """Let a source's own word count for its rating, beside others the strictest; what is doubtful is told."""
    verdict = judge(value)
    shown = _shown(value)
    before = source.metadata.rating
    source.metadata.rating = rating = strictest([verdict.rating, *([before] if before else [])]) or Rating.UNRATED
    if not verdict.named:
        source.warn(line, PROBLEMS["rating_unknown"].format(value=shown))
    elif before and verdict.rating is not before:
        source.warn(line, PROBLEMS["rating_elsewhere"].format(value=shown, rating=rating))
    elif problem := _problem(verdict):
        source.warn(line, problem.format(value=shown, rating=rating))


def state(source: Source, rating: Rating, value: str, line: int | None) -> None:
    """Let what a heading, a note or a warning states count for the source's rating where it is stricter.

    What says nothing of its own rating is not opened by that of a part.
    """
    before = source.metadata.rating
    if strictest([rating, before or Rating.UNRATED]) is (before or Rating.UNRATED):
        return
    source.metadata.rating = rating
    if before:
        source.warn(line, PROBLEMS["rating_stated"].format(value=_shown(value), rating=source.metadata.rating))


def rate_title(source: Source, rating: Rating, title: str, line: int | None) -> None:
    """Let the rating in a story's title, or in a mail's subject, count for it beside others the strictest."""
    if source.metadata.rating is None:
        source.metadata.rating = rating
    else:
        state(source, rating, title, line)


def _problem(verdict: Verdict) -> str | None:
    """The sentence about what is doubtful in a rating, its fields unfilled."""
    if not verdict.known and not verdict.closed:
        return PROBLEMS["rating_doubted"]
    if verdict.several:
        return PROBLEMS["rating_several"]
    return PROBLEMS["rating_may_rise"] if verdict.may_rise else None


def _shown(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= _MAX_QUOTE else f"{value[:_MAX_QUOTE]}…"


def take_ratings(blocks: Sequence[Block], source: Source) -> list[Block]:
    """A file's blocks without the ratings of single chapters, which count for the story."""
    return list(_without_ratings(blocks, source))


def _without_ratings(blocks: Sequence[Block], source: Source) -> Iterator[Block]:
    for n, block in enumerate(blocks):
        text = block.text
        if block.mark or len(text) > _MAX_WARNING:
            yield block
            continue
        titled = block.heading > 0 or (len(text) <= _MAX_TITLE and text[-1:] not in _PROSE_ENDS and _heads(text, n))
        if titled:
            cut = cut_rating(text)
            if cut.rating is not None:
                state(source, cut.rating, text, block.line)
            if cut.piece and cut.rest and (block.heading or n < 2 or _is_chapter(cut.rest)):
                source.set_aside.append(SetAside("rating", cut.piece, source.file, block.line))
                block = replace(block, text=cut.rest, emphasis=())
            yield block
            continue
        if "\n" in text and _is_header(text):
            for line in text.split("\n"):
                if (named := key_of(line)) and FIELD_OF.get(named[0]) == "rating" and named[1]:
                    state(source, judge(named[1]).rating, line, block.line)
            source.put_aside("header", [block])
            continue
        kind = _own(text, source, block.line, near=_near_heading(blocks, n)) if _OWN.match(text) else None
        if kind:
            source.put_aside(kind, [block])
        else:
            yield block


def _is_header(text: str) -> bool:
    """Whether every line of a paragraph is a header's, one of them its rating."""
    named = [key_of(line) for line in text.split("\n")]
    fields = {FIELD_OF.get(found[0]) for found in named if found}
    return len(named) > 1 and all(named) and "rating" in fields and len(fields) > 1


def _near_heading(blocks: Sequence[Block], at: int) -> bool:
    """Whether a paragraph stands close below a heading, a break or the file's top."""
    return at < _NEAR or any(
        block.mark or block.heading > 0 or _is_chapter(block.text) for block in blocks[at - _NEAR : at]
    )


def _heads(text: str, at: int) -> bool:
    """Whether a line may be a heading that says a rating."""
    cut = cut_rating(text)
    if cut.rating is None:
        return False
    return (at < 2 and bool(cut.piece) and "\n" not in text) or _is_chapter(cut.rest)


def _is_chapter(text: str) -> bool:
    heading = heading_of(text)
    return heading is not None and heading.level is not Level.BARE


def _own(text: str, source: Source, line: int, *, near: bool) -> str | None:
    """The kind of a paragraph that states a rating; None where it is story."""
    if len(text) < 100 and _FENCE.fullmatch(text) and (_FENCED.search(text) or text.upper() == text):
        state(source, Rating.MATURE if "lime" in text.casefold() else Rating.EXPLICIT, text, line)
        return "warning"
    if _WARNING.match(text):
        rating = stated_in(text)
        if rating is None or not _OF_TEXT.search(text):
            return None
        state(source, rating, text, line)
        return "warning"
    found = _RATED.fullmatch(text)
    if found is None or len(text) > _MAX_RATING:
        return None
    value = found["value"].strip(" *_[]().!")
    verdict = judge(value)
    if not (verdict.known and verdict.named) or verdict.rating is Rating.UNRATED:
        if stated := stated_in(text):
            state(source, stated, text, line)
        return None
    state(source, verdict.rating, text, line)
    return "rating" if near else None


def rate_by_asides(source: Source) -> None:
    """Let the ratings that a file's notes, warnings and summary state count for it, and that of its title."""
    for piece in list(source.set_aside):
        if piece.kind.casefold() in _NOTES and (rating := stated_in(piece.text[:_MAX_NOTE])):
            state(source, rating, piece.text, piece.line)
    metadata = source.metadata
    if metadata.title and (cut := cut_rating(metadata.title)).rating is not None:
        rate_title(source, cut.rating, metadata.title, None)
        if cut.piece and cut.rest:
            source.set_aside.append(SetAside("rating", cut.piece, source.file, 1))
            metadata.title = cut.rest


def rated_by_tags(story: Manuscript, file: str) -> Manuscript:
    """The story, rated at least as its own tags say; that is told where it makes it stricter."""
    rating, said = story.rating, ""
    for tag in tags_of(story):
        stated = rating_of_tag(tag)
        if stated and (stricter := strictest([rating, stated])) and stricter is not rating:
            rating, said = stricter, tag
    if rating is story.rating:
        return story
    told = Problem(Severity.WARNING, file, None, PROBLEMS["rating_tagged"].format(value=_shown(said), rating=rating))
    return replace(story, rating=rating, problems=(*story.problems, told))
