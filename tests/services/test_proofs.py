"""A file as a chapter of a stored story, and what a report makes of changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.story import ChapterId, Rating, SceneId
from bot.services.library import Outline, keep_ids
from bot.services.proofs import Proofs, as_chapter, with_chapter
from bot.services.report import planned_changes
from tests.support.builders import manuscript
from tests.support.fakes import FakeImportStore
from tests.support.laws import LAW

RIVER = "The river remembers every oar that ever broke it. She said so twice. Nobody answered her."
BELL = "Then the bell rang from the harbour, and the men put down their cups. One of them wept."
GOAT = "In twenty years the only thing to come out of it alive was a goat. It did not look back."
LEEKS = "Under the lighthouse somebody had planted leeks. They were doing well, considering the salt."
TEXTS = (RIVER, BELL, GOAT, LEEKS)


def outline(*chapters: list[str]) -> Outline:
    """A stored story: chapter ids count from 1, scene ids from 10."""
    scenes = [(number, text) for number, texts in enumerate(chapters) for text in texts]
    return Outline(
        chapters=[(ChapterId(n + 1), n + 1) for n in range(len(chapters))],
        scenes=[(SceneId(10 + at), ChapterId(n + 1), text) for at, (n, text) in enumerate(scenes)],
        lines=[],
    )


def test_a_file_of_one_chapter_takes_the_number_it_is_given():
    made = as_chapter(manuscript([BELL], numbers=[7]), 2, manuscript([RIVER]), "bell.txt")
    assert [chapter.number for chapter in made.chapters] == [2]


@pytest.mark.parametrize(
    ("called", "chapter", "said", "title"),
    [
        ("The Bell", None, None, "The Bell"),
        ("The Salt Door", None, None, None),
        ("Ch 02 Bell", None, None, None),
        ("The Bell", "Of Cups", None, "Of Cups"),
        ("The Bell", "Of Cups", "Silence", "Silence"),
    ],
    ids=["the file's title", "the story's title", "the file's name", "the chapter's own", "what the person says"],
)
def test_what_a_new_chapter_is_called(called: str, chapter: str | None, said: str | None, title: str | None):
    read = manuscript([BELL], title=called)
    read = replace(read, chapters=(replace(read.chapters[0], title=chapter),))
    made = as_chapter(read, 2, manuscript([RIVER]), "ch-02_bell.txt", said)
    assert made.chapters[0].title == title


def test_a_file_of_several_chapters_is_none():
    with pytest.raises(BadInput) as refused:
        as_chapter(manuscript([BELL], [GOAT]), 2, manuscript([RIVER]), "bell.txt")
    assert refused.value.values == {"file": "bell.txt", "count": 2, "number": 2}


@pytest.mark.parametrize(("number", "order"), [(1, [BELL, GOAT]), (2, [RIVER, BELL]), (3, [RIVER, GOAT, BELL])])
def test_a_chapter_stands_at_its_number_and_the_others_stay(number: int, order: list[str]):
    stored = manuscript([RIVER], [GOAT])
    whole = with_chapter(stored, manuscript([BELL], numbers=[number], title="Something else", slug="else"))
    assert [chapter.scenes[0].text for chapter in whole.chapters] == order
    assert [chapter.number for chapter in whole.chapters] == list(range(1, len(order) + 1))
    assert (whole.title, whole.slug) == (stored.title, stored.slug)


@pytest.mark.parametrize(
    ("stored", "read", "whole"),
    [
        (Rating.TEEN, Rating.UNRATED, Rating.TEEN),
        (Rating.TEEN, Rating.EXPLICIT, Rating.EXPLICIT),
        (Rating.MATURE, Rating.GENERAL, Rating.MATURE),
        (Rating.UNRATED, Rating.GENERAL, Rating.UNRATED),
    ],
)
def test_the_stricter_rating_counts(stored: Rating, read: Rating, whole: Rating):
    assert with_chapter(manuscript([RIVER], rating=stored), manuscript([BELL], rating=read)).rating is whole


def test_warnings_add_up():
    stored, read = (
        replace(manuscript([RIVER]), warnings=("Salt",)),
        replace(manuscript([BELL]), warnings=("salt", "Cups")),
    )
    assert with_chapter(stored, read).warnings == ("Salt", "Cups")


def test_what_changes_is_counted():
    former = outline([RIVER, BELL], [GOAT])
    edited = BELL.replace("wept", "wept aloud")
    new = manuscript([RIVER, edited], [LEEKS], numbers=[1, 3])
    made = planned_changes(new, former, keep_ids(new, former))
    assert (made.scenes_same, made.scenes_edited, made.scenes_new, made.scenes_gone) == (1, 1, 1, 1)
    assert (made.chapters_added, made.chapters_removed, made.chapters_edited) == ((3,), (2,), (1,))
    assert made.words_after - made.words_before == 1 + len(LEEKS.split()) - len(GOAT.split())
    assert not made.nothing


STORY = st.lists(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True), min_size=1, max_size=3)


@given(STORY, STORY)
@LAW
def test_every_scene_is_counted_once_on_either_side(old: list[list[str]], new: list[list[str]]):
    former = outline(*old)
    made = planned_changes(manuscript(*new), former, keep_ids(manuscript(*new), former))
    assert made.scenes_same + made.scenes_edited + made.scenes_new == sum(map(len, new))
    assert made.scenes_same + made.scenes_edited + made.scenes_gone == sum(map(len, old))
    assert len(made.chapters_removed) + len(new) - len(made.chapters_added) == len(old)
    if old == new:
        assert made.words_before == made.words_after


@given(STORY)
@LAW
def test_the_same_text_changes_nothing(texts: list[list[str]]):
    former, new = outline(*texts), manuscript(*texts)
    kept = keep_ids(new, former)
    assert planned_changes(new, former, kept).nothing
    assert not planned_changes(new, former, replace(kept, scenes=[None] * len(kept.scenes))).nothing


async def test_a_story_that_says_it_sexualises_minors_is_refused_by_its_files_name():
    tagged = replace(manuscript(["She rowed."]), warnings=("Violence", "Underage Sex"))
    nothing: Any = None
    proofs = Proofs(FakeImportStore(), nothing, nothing, nothing)
    with pytest.raises(BadInput) as refused:
        await proofs.proof(tagged, file="tagged.txt", name="tagged.txt", form="text")
    assert refused.value.key == "story_sexualises_minors"
    assert refused.value.values == {"file": "tagged.txt", "tag": "Underage Sex"}
