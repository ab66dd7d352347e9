"""What an import understood, before anything is written: one honest account for persons and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.domain.corrections import Applied, CorrectionKind, addresses
from bot.domain.counting import words_in
from bot.domain.markers import BreakKind, break_kind, shown_mark
from bot.domain.story import Manuscript, PermissionFor, SceneId
from bot.services.library import Kept, Loss, Outline

_FIRST_WORDS = 12
"""Words by which a piece is recognised in a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a new text makes of the stored one."""

    chapters_added: tuple[int, ...]
    """Their numbers in the new text."""
    chapters_removed: tuple[int, ...]
    """Their numbers in the stored text."""
    chapters_edited: tuple[int, ...]
    scenes_same: int
    scenes_edited: int
    """Those that are recognised, and keep their reactions, though their words changed."""
    scenes_new: int
    scenes_gone: int
    words_before: int
    words_after: int

    @property
    def nothing(self) -> bool:
        """Whether the text is the stored one."""
        changed = (self.chapters_added, self.chapters_removed, self.chapters_edited)
        return not any(changed) and not (self.scenes_edited or self.scenes_new or self.scenes_gone)


class Fact(StrEnum):
    """What is known of a story beside its text."""

    TITLE = "title"
    AUTHORS = "authors"
    RATING = "rating"
    WARNINGS = "warnings"
    LANGUAGE = "language"
    SUMMARY = "summary"
    SOURCE = "source"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Restated:
    """A fact that the new version, or a person, tells otherwise; empty words where one of them tells nothing."""

    fact: Fact
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneNote:
    """A scene as the report names it."""

    kind: BreakKind
    marker: str
    line: int
    words: int
    chapter: int
    places: tuple[str, ...]
    """How the lines of its paragraphs are named, as --break and --join take them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterNote:
    """A chapter as the report names it."""

    number: int
    title: str | None
    words: int
    scenes: tuple[SceneNote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of a story that may be brought in."""

    file: str
    """The file or folder, as the person gave it."""
    format: str
    manuscript: Manuscript
    chapters: tuple[ChapterNote, ...]
    corrections: tuple[Applied, ...] = ()
    overruled: tuple[Restated, ...] = ()
    """What the file says of the story, and a person otherwise."""
    changes: Changes | None = None
    """Against the stored version; None where there is none."""
    restated: tuple[Restated, ...] = ()
    """What the stored version says of itself, and this one otherwise."""
    loss: Loss | None = None
    """What the stored version would lose, where that is more than an import does without being told to."""
    into: str | None = None
    """The title of the stored story whose chapter this becomes; None where it is a story by itself."""

    @property
    def numbered_by_chapter(self) -> bool:
        """Whether a line number needs its chapter beside it: several files count their own lines."""
        lines = [scene.line for chapter in self.chapters for scene in chapter.scenes]
        return any(first >= second for first, second in pairwise(lines))

    @property
    def words(self) -> int:
        """Words of all chapters."""
        return sum(chapter.words for chapter in self.chapters)

    @property
    def scenes(self) -> int:
        """Scenes of all chapters."""
        return sum(len(chapter.scenes) for chapter in self.chapters)


def report_of(
    manuscript: Manuscript,
    *,
    file: str,
    form: str,
    corrections: Sequence[Applied] = (),
    overruled: Sequence[Restated] = (),
    changes: Changes | None = None,
    restated: Sequence[Restated] = (),
    loss: Loss | None = None,
    into: str | None = None,
) -> Report:
    """The report of one story.

    Args:
        manuscript: the story as it was read and corrected.
        file: where it was read from.
        form: the name of the file's format.
        corrections: what a person's corrections changed in it.
        overruled: what its file says otherwise of it than a person did.
        changes: how it differs from the stored version.
        restated: what the stored version says otherwise of itself.
        loss: what the stored version would lose, if it is too much.
        into: title of the stored story that it becomes a chapter of.
    """
    by_hand = {
        (applied.chapter, applied.place) for applied in corrections if applied.correction.kind is CorrectionKind.BREAK
    }
    chapters: list[ChapterNote] = []
    for chapter in manuscript.chapters:
        named = addresses(chapter)
        scenes = tuple(
            SceneNote(
                kind=break_kind(
                    scene,
                    first=number == 0,
                    by_hand=(chapter.number, named[number][0]) in by_hand and not scene.marker,
                ),
                marker=shown_mark(scene),
                line=scene.source_line,
                words=words_in(scene.text),
                chapter=chapter.number,
                places=named[number],
            )
            for number, scene in enumerate(chapter.scenes)
        )
        words = sum(scene.words for scene in scenes)
        chapters.append(ChapterNote(number=chapter.number, title=chapter.title, words=words, scenes=scenes))
    return Report(
        file=file,
        format=form,
        manuscript=manuscript,
        chapters=tuple(chapters),
        corrections=tuple(corrections),
        overruled=tuple(overruled),
        changes=changes,
        restated=tuple(restated),
        loss=loss,
        into=into,
    )


def restatements(former: Manuscript, manuscript: Manuscript) -> tuple[Restated, ...]:
    """What ``manuscript`` says of the story that its stored version says otherwise; texts are not looked at."""
    before, after = _facts(former), _facts(manuscript)
    return tuple(Restated(fact, before[fact], after[fact]) for fact in Fact if before[fact] != after[fact])


def _facts(story: Manuscript) -> dict[Fact, str]:
    covers = PermissionFor.FULL_TEXT if story.permission.full_text else PermissionFor.EXCERPTS
    return {
        Fact.TITLE: story.title,
        Fact.AUTHORS: ", ".join(story.authors),
        Fact.RATING: story.rating,
        Fact.WARNINGS: ", ".join(story.warnings),
        Fact.LANGUAGE: "" if story.language == "und" else story.language,
        Fact.SUMMARY: story.summary,
        Fact.SOURCE: story.source,
        Fact.CONSENT: f"{story.permission.source}, {covers}",
    }


def planned_changes(manuscript: Manuscript, former: Outline, kept: Kept) -> Changes:
    """What storing ``manuscript`` would make of the stored text.

    Args:
        manuscript: the new text.
        former: the stored one.
        kept: which stored ids the pieces of the new text keep.
    """
    texts = [scene.text for chapter in manuscript.chapters for scene in chapter.scenes]
    homes = [number for number, chapter in enumerate(manuscript.chapters) for _ in chapter.scenes]
    ids = list(kept.chapters)
    return _changes(
        former,
        chapters=[(id_, chapter.number) for id_, chapter in zip(ids, manuscript.chapters, strict=True)],
        scenes=[(id_, home, text) for id_, home, text in zip(kept.scenes, homes, texts, strict=True)],
    )


def _changes(
    former: Outline,
    *,
    chapters: Sequence[tuple[int | None, int]],
    scenes: Sequence[tuple[SceneId | None, int, str]],
) -> Changes:
    """Compare by ids; a scene's second field is the place of its chapter in ``chapters``."""
    old_scenes = {scene: text for scene, _, text in former.scenes}
    old_chapters = dict(former.chapters)
    old_texts: dict[int, list[str]] = {chapter: [] for chapter in old_chapters}
    for _, chapter, text in former.scenes:
        old_texts[chapter].append(text)
    new_texts: list[list[str]] = [[] for _ in chapters]
    for _, place, text in scenes:
        new_texts[place].append(text)
    stays = {chapter for chapter, _ in chapters if chapter in old_chapters}
    known = [(scene, text) for scene, _, text in scenes if scene in old_scenes]
    return Changes(
        chapters_added=tuple(number for chapter, number in chapters if chapter not in old_chapters),
        chapters_removed=tuple(number for chapter, number in former.chapters if chapter not in stays),
        chapters_edited=tuple(
            number
            for (chapter, number), texts in zip(chapters, new_texts, strict=True)
            if chapter is not None and chapter in old_texts and old_texts[chapter] != texts
        ),
        scenes_same=sum(scene is not None and old_scenes[scene] == text for scene, text in known),
        scenes_edited=sum(scene is not None and old_scenes[scene] != text for scene, text in known),
        scenes_new=len(scenes) - len(known),
        scenes_gone=len(old_scenes.keys() - {scene for scene, _ in known}),
        words_before=sum(words_in(text) for text in old_scenes.values()),
        words_after=sum(words_in(text) for _, _, text in scenes),
    )


def as_json(report: Report, *, lines: bool = False) -> dict[str, object]:
    """The report as an object for programs.

    Args:
        report: what to tell.
        lines: whether to give the text of every line.
    """
    story = report.manuscript
    return {
        "file": report.file,
        "ok": True,
        "format": report.format,
        "title": story.title,
        "author": ", ".join(story.authors),
        "authors": list(story.authors),
        "rating": str(story.rating),
        "warnings": list(story.warnings),
        "language": story.language,
        "summary": story.summary,
        "source": story.source,
        "chapters": [
            {
                "number": note.number,
                "title": note.title,
                "words": note.words,
                "scenes": [
                    {
                        "break": str(told.kind),
                        "marker": told.marker,
                        "line": told.line,
                        "words": told.words,
                        **({"lines": [scene.text[li.start : li.end] for li in scene.lines]} if lines else {}),
                    }
                    for told, scene in zip(note.scenes, chapter.scenes, strict=True)
                ],
            }
            for note, chapter in zip(report.chapters, story.chapters, strict=True)
        ],
        "set_aside": [
            {"kind": piece.kind, "words": words_in(piece.text), "first": first_words(piece.text)}
            for piece in story.set_aside
        ],
        "problems": [
            {"severity": str(problem.severity), "line": problem.line, "message": problem.message}
            for problem in story.problems
        ],
    }


def refused_as_json(file: str, form: str, reason: str) -> dict[str, object]:
    """A file that was refused, as an object for programs."""
    return {"file": file, "ok": False, "format": form, "error": reason}


def first_words(text: str) -> str:
    """The words by which a piece of text is recognised."""
    words = text[: _FIRST_WORDS * 40].split(maxsplit=_FIRST_WORDS)
    return " ".join(words[:_FIRST_WORDS])[:120]


def kinds_of_breaks(report: Report) -> list[tuple[BreakKind, list[SceneNote]]]:
    """The scenes by the kind of break before them, the commonest first; chapters' beginnings are none."""
    notes = [note for chapter in report.chapters for note in chapter.scenes if note.kind is not BreakKind.START]
    counts = Counter(note.kind for note in notes)
    return [(kind, [note for note in notes if note.kind is kind]) for kind, _ in counts.most_common()]
