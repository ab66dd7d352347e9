"""Proofs: a story as it would stand if it were brought in now, shown before anything is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot import strings
from bot.domain.corrections import Corrected, Correction, NoSuchPlace, Spot, correct
from bot.domain.errors import BadInput
from bot.domain.stated import Stated
from bot.domain.story import OPERATOR, Chapter, Manuscript, Owner, Problem, Rating, Severity, strictest
from bot.services.library import ImportStore, Loss, Outline, keep_ids, loss, refuse_tagged
from bot.services.report import Changes, Report, planned_changes, report_of, restatements


class CorrectionStore(Protocol):
    """Where it is looked up how scene breaks were corrected; ``ImportStore`` remembers them."""

    async def corrections(self, owner: Owner, slug: str) -> list[Correction]:
        """Those of a story; none where there is no such story."""
        ...


class StatedStore(Protocol):
    """Where it is looked up what persons said of a story; ``ImportStore`` remembers it."""

    async def stated(self, owner: Owner, slug: str) -> Stated:
        """What was said of a story; nothing where there is no such story."""
        ...


class StoredManuscripts(Protocol):
    """Where a stored story is turned back into what was read."""

    async def manuscript(self, owner: Owner, slug: str) -> Manuscript | None:
        """The story as it stands, or None where there is none."""
        ...

    async def about(self, owner: Owner, slug: str) -> Manuscript | None:
        """The same without its chapters."""
        ...

    async def slugs(self, owner: Owner) -> list[str]:
        """All stories of one owner, by name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person wants of one file beside what stands in it."""

    breaks: tuple[Spot, ...] = ()
    joins: tuple[Spot, ...] = ()
    story: str | None = None
    """Slug of the stored story that it belongs to."""
    chapter: int | None = None
    """The chapter of ``story`` that it becomes; ``None``: it is the whole story."""
    chapter_title: str | None = None
    """What that chapter is called, whatever the file says."""
    slug: str | None = None
    """What the story is to be called for short."""
    stated: Stated = field(default_factory=Stated)
    """What the person says of the story, in place of what the file says of it."""
    forget: frozenset[str] = frozenset()
    """Fields of what was said at earlier imports that hold no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A story ready to be stored."""

    manuscript: Manuscript
    """What the file holds."""
    whole: Manuscript
    """What would be stored: the same, or the stored story with that chapter in it."""
    corrected: Corrected
    stated: Stated
    """What is remembered of what persons said."""
    report: Report


class Proofs:
    """Makes proofs."""

    def __init__(
        self, imports: ImportStore, corrections: CorrectionStore, stated: StatedStore, manuscripts: StoredManuscripts
    ) -> None:
        self._imports = imports
        self._corrections = corrections
        self._stated = stated
        self._manuscripts = manuscripts

    async def proof(
        self,
        manuscript: Manuscript,
        *,
        file: str,
        name: str,
        form: str,
        wishes: Wishes | None = None,
        owner: Owner = OPERATOR,
        compare: bool = True,
    ) -> Proof:
        """Put a story that was read into the form in which it would be stored.

        Args:
            manuscript: the story as it was read.
            file: where from, for the report.
            name: the file's own name, by which its corrections are known.
            form: the name of its format.
            wishes: what else is wanted.
            owner: whose the story is.
            compare: whether to tell what it would change; takes as long as an import's own comparison.

        Raises:
            BadInput: a wish cannot be granted, or the story says of itself that it sexualises minors.
        """
        wishes = wishes or Wishes()
        await asyncio.to_thread(refuse_tagged, manuscript, file)
        slug = wishes.story or wishes.slug or manuscript.slug
        if wishes.story is not None and await self._manuscripts.about(owner, slug) is None:
            known = ", ".join(await self._manuscripts.slugs(owner)) or strings.REPORT["none"]
            raise BadInput("import_no_story", slug=slug, known=known)
        remembered = (await self._stated.stated(owner, slug)).without(wishes.forget)
        # A chapter is put into a story of which all that was said holds already.
        holds = wishes.stated if wishes.chapter is not None else wishes.stated.over(remembered)
        if owner != OPERATOR:
            holds = _only_stricter(holds, manuscript.rating)
        as_read, manuscript = manuscript, holds.of(manuscript)
        problems = as_read.problems + _outdated(as_read.rating, holds, wishes.stated, name)
        stored: Manuscript | None = None
        if wishes.chapter is not None:
            stored = await self._manuscripts.manuscript(owner, slug)
            assert stored is not None
            manuscript = as_chapter(manuscript, wishes.chapter, stored, name, wishes.chapter_title)
        manuscript = replace(manuscript, slug=slug)
        corrections = await self._corrections.corrections(owner, slug)
        try:
            corrected = await asyncio.to_thread(
                correct, manuscript, name, corrections, breaks=wishes.breaks, joins=wishes.joins
            )
        except NoSuchPlace as wrong:
            key = "correction_ambiguous" if wrong.ambiguous else "correction_nowhere"
            raise BadInput(key, kind=wrong.kind, line=wrong.spot.line, file=name) from None
        stale = tuple(
            Problem(
                Severity.WARNING,
                name,
                None,
                strings.PROBLEMS["correction_stale"].format(kind=correction.kind, after=correction.after),
            )
            for correction in corrected.stale
            if correction.file == name
        )
        manuscript = replace(corrected.manuscript, problems=problems + stale)
        whole = wishes.stated.of(with_chapter(stored, manuscript)) if stored is not None else manuscript
        about = await self._manuscripts.about(owner, slug)
        # An import looks at the stored text itself; twice in memory it would count with a long story.
        former = await self._imports.outline(owner, slug) if compare else None
        changes: Changes | None = None
        lost: Loss | None = None
        if former is not None:
            changes, lost = await asyncio.to_thread(_compared, whole, former)
        return Proof(
            manuscript=manuscript,
            whole=whole,
            corrected=corrected,
            stated=_raised(wishes.stated.over(remembered), whole) if stored is not None else holds,
            report=await asyncio.to_thread(
                report_of,
                replace(whole, chapters=manuscript.chapters),
                file=file,
                form=form,
                corrections=corrected.applied,
                overruled=restatements(as_read, holds.of(as_read)),
                changes=changes,
                restated=restatements(about, whole) if about is not None else (),
                loss=lost if lost and lost.too_much else None,
                into=stored.title if stored else None,
            ),
        )


def as_chapter(
    manuscript: Manuscript, number: int, stored: Manuscript, name: str, title: str | None = None
) -> Manuscript:
    """A file of one chapter as chapter ``number`` of a stored story.

    What the file calls itself is the chapter's title where its chapter has none, unless it is the
    story's title or only the file's name.

    Raises:
        BadInput: the file holds several chapters.
    """
    if len(manuscript.chapters) != 1:
        raise BadInput("import_not_one_chapter", file=name, count=len(manuscript.chapters), number=number)
    (chapter,) = manuscript.chapters
    title = title or chapter.title
    if title is None and manuscript.title.casefold() != stored.title.casefold() and not _is_name(manuscript, name):
        title = manuscript.title
    return replace(manuscript, chapters=(replace(chapter, number=number, title=title),))


def with_chapter(stored: Manuscript, manuscript: Manuscript) -> Manuscript:
    """A stored story with the chapter of another manuscript in it; nothing else of it changes.

    The rating is the stricter of both where both state one, and warnings add up: a new chapter must
    not come in under the old ones' cover.
    """
    (chapter,) = manuscript.chapters
    others: list[Chapter] = [other for other in stored.chapters if other.number != chapter.number]
    rating = stored.rating
    if manuscript.rating is not Rating.UNRATED:
        rating = strictest((stored.rating, manuscript.rating)) or rating
    known = {warning.casefold() for warning in stored.warnings}
    return replace(
        stored,
        chapters=tuple(sorted([*others, chapter], key=lambda other: other.number)),
        rating=rating,
        warnings=stored.warnings + tuple(w for w in manuscript.warnings if w.casefold() not in known),
        problems=manuscript.problems,
        set_aside=manuscript.set_aside,
    )


def _only_stricter(said: Stated, rating: Rating) -> Stated:
    """What was said without a rating that would open what the file itself rates; moderators make it stricter only."""
    if said.rating is None or rating is Rating.UNRATED or strictest((rating, said.rating)) is said.rating:
        return said
    return said.without(["rating"])


def _compared(whole: Manuscript, former: Outline) -> tuple[Changes, Loss]:
    kept = keep_ids(whole, former)
    return planned_changes(whole, former, kept), loss(whole, former, kept)


def _raised(stated: Stated, whole: Manuscript) -> Stated:
    """What was said, where a chapter made the story stricter: nothing said before it may hide that again."""
    return replace(
        stated,
        rating=stated.rating and whole.rating,
        warnings=None if stated.warnings is None else whole.warnings,
    )


def _outdated(in_file: Rating, holds: Stated, now: Stated, name: str) -> tuple[Problem, ...]:
    """A doubt about a rating that was said at an earlier import, where the file states a stricter one."""
    if holds.rating is None or now.rating is not None or in_file is Rating.UNRATED:
        return ()
    if strictest((holds.rating, in_file)) is holds.rating:
        return ()
    message = strings.PROBLEMS["rating_said"].format(rating=in_file, said=holds.rating)
    return (Problem(Severity.WARNING, name, None, message),)


def _is_name(manuscript: Manuscript, name: str) -> bool:
    """Whether a title is only what the file is called."""
    stem = name.rpartition(".")[0] or name
    words = "".join(char for char in stem.casefold() if char.isalnum())
    return words == "".join(char for char in manuscript.title.casefold() if char.isalnum())
