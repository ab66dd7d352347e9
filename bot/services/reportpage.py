"""The report of an import as a page that a person reads."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bot import strings
from bot.domain.access import rating_fits
from bot.domain.counting import words_in
from bot.domain.markers import BreakKind
from bot.domain.story import Manuscript, PermissionFor, Rating, Scene
from bot.services.report import ChapterNote, Fact, Report, Restated, SceneNote, first_words, kinds_of_breaks

_TEXT = strings.REPORT
_WIDTH = 96
_LABEL = 10
_MANY_CHAPTERS = 12
_FIRST_CHAPTERS, _LAST_CHAPTERS = 5, 3
_MANY_LINES = 8
_MANY_PIECES = 6
_MANY_RUNS = 12
_MANY_PROBLEMS = 10
_MARKER = 24
_OPENING = 56
_BOTH = 240
"""Letters of a summary before and after that are still shown."""
_TELLING = (BreakKind.ORNAMENT, BreakKind.RULE, BreakKind.NUMBER, BreakKind.WORDS)
"""Kinds whose marks are worth showing; the others' only stand for what they are."""


def page(report: Report, *, verbose: bool = False, lines: bool = False) -> str:
    """The whole report, without an end of line.

    Args:
        report: what to tell.
        verbose: whether to list everything; else a long story is condensed.
        lines: whether to name every paragraph with its line, too, so that scene breaks can be corrected.
    """
    sections = [
        [*_head(report), *_facts(report)],
        _chapters(report, verbose, lines),
        _breaks(report, verbose),
        _corrections(report),
        _aside(report, verbose),
        _doubtful(report, verbose),
        changes(report),
    ]
    return "\n\n".join("\n".join(section) for lines in sections if (section := list(lines)))


def changes(report: Report) -> Iterator[str]:
    """What storing it changes, or changed, in the library."""
    made = report.changes
    if made is None:
        yield _TEXT["changes_new"]
        return
    if made.nothing and not report.restated:
        yield _TEXT["changes_none"]
        return
    yield _TEXT["changes"]
    yield from (f"  {line}" for one in report.restated for line in _restated(one))
    if made.nothing:
        yield "  " + _TEXT["changes_text_same"]
        return
    listed = [
        _TEXT[key].format(numbers=_numbers(numbers))
        for key, numbers in (
            ("chapters_added", made.chapters_added),
            ("chapters_removed", made.chapters_removed),
            ("chapters_edited", made.chapters_edited),
        )
        if numbers
    ]
    yield from (f"  {line}" for line in listed or [_TEXT["chapters_same"]])
    yield "  " + _TEXT["scenes"].format(
        same=made.scenes_same, edited=made.scenes_edited, new=made.scenes_new, gone=made.scenes_gone
    )
    difference = made.words_after - made.words_before
    yield "  " + _TEXT["words_change"].format(
        before=f"{made.words_before:,}", after=f"{made.words_after:,}", difference=f"{difference:+,}"
    )
    if report.loss is not None:
        yield "  " + _TEXT["too_much"]


def _restated(one: Restated) -> list[str]:
    """A fact that changes, with what follows from it; words that one would not read twice are left out."""
    if one.fact is Fact.RATING:
        before, after = (rating_fits(Rating(rating), age_restricted=False) for rating in (one.before, one.after))
        key = "rating_changes" if before == after else "rating_opens" if after else "rating_closes"
        told = _TEXT[key].format(before=one.before, after=one.after)
    elif len(one.before) + len(one.after) > _BOTH:
        told = _TEXT["fact_rewritten"].format(fact=one.fact)
    else:
        told = _TEXT["fact_changes"].format(
            fact=one.fact, before=one.before or _TEXT["none"], after=one.after or _TEXT["none"]
        )
    return textwrap.wrap(told, _WIDTH - 2, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def overruled(report: Report) -> Iterator[str]:
    """What a person said otherwise than the file, one line each."""
    for one in report.overruled:
        values = {
            "fact": one.fact,
            "before": textwrap.shorten(one.before, _BOTH // 2, placeholder=" …") or _TEXT["none"],
            "after": textwrap.shorten(one.after, _BOTH // 2, placeholder=" …") or _TEXT["none"],
        }
        yield _TEXT["overruled"].format(**values)


def short_problems(story: Manuscript) -> Iterator[str]:
    """What is doubtful, one line each, for those who read no more than that."""
    for problem in story.problems:
        where = _TEXT["place"].format(file=problem.file, line=problem.line) if problem.line else problem.file
        yield strings.IMPORT_PROBLEM.format(severity=problem.severity, where=where, message=problem.message)


def _head(report: Report) -> Iterator[str]:
    story = report.manuscript
    yield story.title
    yield _TEXT["by"].format(authors=", ".join(story.authors)) if story.authors else _TEXT["nobody"]
    language = (
        _TEXT["language_unknown"] if story.language == "und" else _TEXT["language"].format(language=story.language)
    )
    yield _TEXT["kind"].format(format=report.format, slug=story.slug, language=language)
    yield ""


def _facts(report: Report) -> Iterator[str]:
    story = report.manuscript
    if story.rating is Rating.UNRATED:
        rating = _TEXT["unrated"]
    else:
        key = "anywhere" if rating_fits(story.rating, age_restricted=False) else "restricted"
        rating = _TEXT[key].format(rating=story.rating)
    yield from _fact(_TEXT["rating"], rating)
    yield from _fact(_TEXT["warnings"], ", ".join(story.warnings) or _TEXT["none"])
    covers = strings.REPORT_COVERS[PermissionFor.FULL_TEXT if story.permission.full_text else PermissionFor.EXCERPTS]
    yield from _fact(_TEXT["consent"], strings.REPORT_CONSENT[story.permission.source].format(covers=covers))
    if story.source:
        yield from _fact(_TEXT["source"], story.source)
    if story.summary:
        yield from _fact(_TEXT["summary"], textwrap.shorten(story.summary, 400, placeholder=" …"))
    label = _TEXT["said"]
    for told in overruled(report):
        yield from _fact(label, told)
        label = ""


def _fact(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"  {label:<{_LABEL}}",
        subsequent_indent=" " * (_LABEL + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _chapters(report: Report, verbose: bool, lines: bool) -> Iterator[str]:
    notes = report.chapters
    yield _TEXT["chapters"].format(
        chapters=strings.ONE_CHAPTER if len(notes) == 1 else strings.CHAPTERS.format(count=f"{len(notes):,}"),
        scenes=_scenes(report.scenes),
        words=_words(report.words),
    )
    if report.into is not None:
        yield "  " + _TEXT["into"].format(number=notes[0].number, title=report.into)
    shown: Sequence[ChapterNote | None] = notes
    hidden: Sequence[ChapterNote] = ()
    if len(notes) > _MANY_CHAPTERS and not verbose and not lines:
        hidden = notes[_FIRST_CHAPTERS:-_LAST_CHAPTERS]
        shown = (*notes[:_FIRST_CHAPTERS], None, *notes[-_LAST_CHAPTERS:])
    named = [note for note in shown if note is not None]
    title_width = min(44, max(len(note.title or _TEXT["untitled"]) for note in named))
    texts = {chapter.number: chapter.scenes for chapter in report.manuscript.chapters}
    number_width = max(len(str(note.number)) for note in named)
    words_width = max(len(_words(note.words)) for note in named)
    for note in shown:
        if note is None:
            yield "  " + _TEXT["chapter_between"].format(
                count=len(hidden),
                scenes=_scenes(sum(len(chapter.scenes) for chapter in hidden)),
                words=_words(sum(chapter.words for chapter in hidden)),
            )
            continue
        title = _cut(note.title or _TEXT["untitled"], 44)
        words = _words(note.words)
        yield (
            f"  {note.number:>{number_width}}  {title:<{title_width}}  {words:>{words_width}}"
            f"  {_scenes(len(note.scenes))}"
        )
        if verbose or lines:
            yield from _scene_list(note, texts[note.number], lines)


def _breaks(report: Report, verbose: bool) -> Iterator[str]:
    kinds = kinds_of_breaks(report)
    by_chapter = report.numbered_by_chapter
    if not kinds:
        yield _TEXT["no_breaks"]
        return
    yield _TEXT["breaks"].format(count=sum(len(notes) for _, notes in kinds))
    for kind, notes in kinds:
        by_marker: dict[str, list[SceneNote]] = {}
        for note in notes:
            shown = note.marker.strip() if kind in _TELLING else ""
            by_marker.setdefault(shown, []).append(note)
        for marker, alike in by_marker.items():
            one = "one" if len(alike) == 1 else "many"
            lines = _listed([_place(note, by_chapter) for note in alike], verbose)
            if marker:
                shown = f"“{_cut(marker, _MARKER)}”"
                yield "  " + _TEXT[f"break_{one}"].format(kind=kind, marker=shown, lines=lines)
            else:
                yield "  " + _TEXT[f"break_bare_{one}"].format(kind=kind, lines=lines)


def _corrections(report: Report) -> Iterator[str]:
    if report.corrections:
        yield _TEXT["corrections"].format(count=len(report.corrections))
    by_chapter = report.numbered_by_chapter
    for applied in report.corrections:
        told = strings.REPORT_CORRECTION[applied.correction.kind]
        named = f"{applied.chapter}:{applied.place}" if by_chapter else applied.place
        yield "  " + told.format(line=applied.line, chapter=applied.chapter, named=named)


def _aside(report: Report, verbose: bool) -> Iterator[str]:
    pieces = report.manuscript.set_aside
    if not pieces:
        yield _TEXT["nothing_aside"]
        return
    yield _TEXT["aside"].format(
        count=_TEXT["one_piece"] if len(pieces) == 1 else _TEXT["pieces"].format(count=len(pieces)),
        words=_words(sum(words_in(piece.text) for piece in pieces)),
    )
    shown = pieces if verbose else pieces[:_MANY_PIECES]
    several = report.numbered_by_chapter or len({piece.file for piece in pieces}) > 1
    for piece in shown:
        first = first_words(piece.text)
        words = words_in(piece.text)
        key = "piece" if len(first.split()) == words else "piece_cut"
        where = _TEXT["place" if several else "line"].format(file=piece.file, line=piece.line)
        yield "  " + _TEXT[key].format(kind=piece.kind, where=where, words=_words(words), first=first)
    if len(shown) < len(pieces):
        yield "  " + _TEXT["aside_more"].format(count=len(pieces) - len(shown))


def _doubtful(report: Report, verbose: bool) -> Iterator[str]:
    problems = report.manuscript.problems
    if not problems:
        yield _TEXT["nothing_doubtful"]
        return
    yield _TEXT["doubtful"].format(count=len(problems))
    shown = problems if verbose else problems[:_MANY_PROBLEMS]
    for problem in shown:
        where = _TEXT["place"].format(file=problem.file, line=problem.line) if problem.line else problem.file
        told = _TEXT["problem"].format(severity=problem.severity, where=where, message=problem.message)
        yield from textwrap.wrap(
            told, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
    if len(shown) < len(problems):
        yield "  " + _TEXT["aside_more"].format(count=len(problems) - len(shown))


def _scene_list(note: ChapterNote, scenes: Sequence[Scene], lines: bool) -> Iterator[str]:
    """The scenes of one chapter, each with its first words; or with those of every paragraph."""
    for number, (told, scene) in enumerate(zip(note.scenes, scenes, strict=True), 1):
        paragraphs = scene.text.split("\n\n")
        yield f"      {number}. {told.kind}, {_TEXT['line'].format(line=told.places[0])}, {_words(told.words)}" + (
            "" if lines else f": {_cut(paragraphs[0], _OPENING)}"
        )
        if lines:
            for place, text in zip(told.places, paragraphs, strict=False):
                yield f"         {place:>6}  {_cut(text, _OPENING)}"


def _place(note: SceneNote, by_chapter: bool) -> str:
    """A scene's line, as --break and --join take it."""
    return f"{note.chapter}:{note.places[0]}" if by_chapter else note.places[0]


def _listed(items: Sequence[str], verbose: bool) -> str:
    """Names of lines, shortened where they are many."""
    if len(items) <= _MANY_LINES or verbose:
        return ", ".join(items)
    shown = ", ".join(items[: _MANY_LINES - 1])
    return _TEXT["and_more"].format(shown=shown, count=len(items) - _MANY_LINES + 1)


def _numbers(numbers: Sequence[int]) -> str:
    """Numbers in order, neighbours drawn together: 1, 3-5; shortened where they are many."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    listed = [f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    if len(listed) <= _MANY_RUNS:
        return ", ".join(listed)
    hidden = sum(len(run) for run in runs[_MANY_RUNS - 1 :])
    return _TEXT["and_more"].format(shown=", ".join(listed[: _MANY_RUNS - 1]), count=hidden)


def _scenes(count: int) -> str:
    return strings.ONE_SCENE if count == 1 else strings.SCENES.format(count=f"{count:,}")


def _words(count: int) -> str:
    return _TEXT["one_word"] if count == 1 else _TEXT["words"].format(count=f"{count:,}")


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 2].rstrip() + " …"
