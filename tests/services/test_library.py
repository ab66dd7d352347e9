"""What an import says that it did, and which ids it keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot import strings
from bot.domain.errors import BadInput
from bot.domain.story import OPERATOR, ChapterId, LineId, Owner, Rating, SceneId, StoryId
from bot.services.library import Library, Outline, Overtaken, keep_ids
from tests.support.builders import GUILD, NOON, manuscript
from tests.support.fakes import Clock, FakeImportStore

RIVER = "The river remembers every oar that ever broke it. She said so twice. Nobody answered her."
BELL = "Then the bell rang from the harbour, and the men put down their cups. One of them wept."
GOAT = "In twenty years the only thing to come out of it alive was a goat. It did not look back."
NEW = "Under the lighthouse somebody had planted leeks. They were doing well, considering the salt."


def outline(*chapters: tuple[int, int, list[tuple[int, str]]]) -> Outline:
    """A stored story from (chapter id, number, [(scene id, text)])."""
    texts = [text for _, _, scenes in chapters for _, text in scenes]
    sentences = [s for text in texts for s in text.replace(". ", ".|").split("|")]
    return Outline(
        chapters=[(ChapterId(chapter), number) for chapter, number, _ in chapters],
        scenes=[(SceneId(id_), ChapterId(chapter), text) for chapter, _, scenes in chapters for id_, text in scenes],
        lines=[(LineId(100 + n), sentence) for n, sentence in enumerate(sentences)],
    )


async def test_a_new_story_is_stored_with_nothing_kept():
    store = FakeImportStore()
    story = manuscript([RIVER, BELL], [GOAT], rating=Rating.UNRATED)
    added = await Library(store, Clock()).add(story)

    assert added.new
    assert (added.slug, added.title, added.rating) == ("the-salt-door", "The Salt Door", Rating.UNRATED)
    assert (added.chapters, added.scenes, added.kept_scenes) == (2, 3, 0)
    assert added.words == len(f"{RIVER} {BELL} {GOAT}".split())
    ((stored, owner, kept, when),) = store.stored
    assert (stored, owner, when) == (story, OPERATOR, NOON)
    assert set(kept.chapters) | set(kept.scenes) | set(kept.lines) == {None}
    assert (len(kept.chapters), len(kept.scenes), len(kept.lines)) == (2, 3, 7)


async def test_a_servers_story_is_stored_as_its_own():
    store = FakeImportStore()
    await Library(store, Clock()).add(manuscript([RIVER]), Owner(GUILD))
    assert store.stored[0][1] == Owner(GUILD)


async def test_an_import_again_says_how_many_scenes_stay_themselves():
    store = FakeImportStore(former=outline((1, 1, [(11, RIVER), (12, BELL)])))
    added = await Library(store, Clock()).add(manuscript([RIVER, NEW]), allow_shrink=True)

    assert not added.new
    assert (added.scenes, added.kept_scenes) == (2, 1)


class OvertakenStore(FakeImportStore):
    """Others store the same story first, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__(former=outline((1, 1, [(11, RIVER)])))
        self.times = times

    async def store(self, *story: Any, **more: Any) -> StoryId:
        if self.times:
            self.times -= 1
            self.former = outline((1, 1, [(11, RIVER)]), (2, 2, [(12, BELL)]))
            raise Overtaken
        return await super().store(*story, **more)


async def test_an_import_that_was_overtaken_begins_anew_with_what_is_stored_now():
    store = OvertakenStore(2)
    added = await Library(store, Clock()).add(manuscript([RIVER], [BELL]))
    assert added.kept_scenes == 2
    assert len(store.stored) == 1
    with pytest.raises(BadInput) as refused:
        await Library(OvertakenStore(1), Clock()).add(manuscript([RIVER]))
    assert refused.value.key == "story_loses_chapters"
    with pytest.raises(BadInput) as refused:
        await Library(OvertakenStore(99), Clock()).add(manuscript([RIVER], [BELL]))
    assert refused.value.key == "import_overtaken"


def test_the_same_text_keeps_every_id():
    kept = keep_ids(manuscript([RIVER, BELL], [GOAT]), outline((1, 1, [(11, RIVER), (12, BELL)]), (2, 2, [(21, GOAT)])))

    assert kept.chapters == [1, 2]
    assert kept.scenes == [11, 12, 21]
    assert kept.lines == list(range(100, 107))


def test_there_is_one_entry_for_every_chapter_scene_and_line():
    story = manuscript([NEW, RIVER], [BELL], [GOAT])
    kept = keep_ids(story, outline((1, 1, [(11, RIVER)])))

    assert len(kept.chapters) == 3
    assert len(kept.scenes) == 4
    assert len(kept.lines) == sum(len(s.lines) for c in story.chapters for s in c.scenes)


def test_a_chapter_that_moved_keeps_its_id_with_its_scenes():
    """A prologue put in front must not hand chapter 1's drop to the prologue."""
    former = outline((1, 1, [(11, RIVER)]), (2, 2, [(21, BELL)]))
    kept = keep_ids(manuscript([NEW], [RIVER], [BELL]), former)

    assert kept.scenes == [None, 11, 21]
    assert kept.chapters == [None, 1, 2]


def test_a_chapter_is_where_most_of_its_scenes_stood():
    former = outline((1, 1, [(11, RIVER), (12, BELL)]), (2, 2, [(21, GOAT)]))
    kept = keep_ids(manuscript([NEW], [RIVER, BELL, GOAT]), former)

    assert kept.chapters[1] == 1


def test_a_chapter_written_anew_keeps_the_id_of_its_number():
    former = outline((1, 1, [(11, RIVER)]), (2, 2, [(21, BELL)]))
    kept = keep_ids(manuscript([RIVER], [NEW]), former)

    assert kept.chapters == [1, 2]
    assert kept.scenes == [11, None]


def test_a_number_is_no_reason_to_take_a_chapter_from_its_own_scenes():
    former = outline((1, 1, [(11, RIVER)]), (2, 2, [(21, BELL)]))
    swapped = keep_ids(manuscript([BELL], [RIVER]), former)

    assert swapped.chapters == [2, 1]


def test_no_id_is_given_twice():
    former = outline((1, 1, [(11, RIVER), (12, BELL)]))
    kept = keep_ids(manuscript([RIVER], [BELL], [RIVER]), former)

    for ids in (kept.chapters, kept.scenes, kept.lines):
        given = [id_ for id_ in ids if id_ is not None]
        assert len(given) == len(set(given))


# A text that would be lost is not lost by accident

LONG = " ".join(f"word{n} and more of it." for n in range(40))


async def test_an_import_that_would_lose_a_chapter_is_refused_and_names_it():
    store = FakeImportStore(former=outline((1, 1, [(11, LONG)]), (2, 2, [(21, BELL)]), (3, 3, [(31, GOAT)])))
    library = Library(store, Clock())
    with pytest.raises(BadInput) as refused:
        await library.add(manuscript([LONG], [GOAT], numbers=[1, 3]))
    assert refused.value.key == "story_loses_chapters"
    assert "does not hold chapter 2 (now" in strings.refusal(refused.value)
    assert "--allow-shrink" in strings.refusal(refused.value)
    assert store.stored == []
    assert not (await library.add(manuscript([LONG], [GOAT], numbers=[1, 3]), allow_shrink=True)).new


@pytest.mark.parametrize(("words", "refused"), [(181, False), (180, False), (179, True)])
async def test_a_tenth_of_the_words_may_go(words: int, refused: bool):
    text = " ".join(f"w{n}" for n in range(200))
    library = Library(FakeImportStore(former=outline((1, 1, [(11, text)]))), Clock())
    shorter = manuscript([" ".join(text.split()[:words])])
    if refused:
        with pytest.raises(BadInput, match="story_loses_words"):
            await library.check(shorter)
    else:
        assert await library.check(shorter)
        await library.add(shorter)


async def test_chapters_that_were_joined_are_not_lost():
    former = outline((1, 1, [(11, LONG)]), (2, 2, [(21, BELL)]))
    assert await Library(FakeImportStore(former=former), Clock()).check(manuscript([LONG, BELL]))


async def test_a_new_story_can_lose_nothing():
    assert not await Library(FakeImportStore(), Clock()).check(manuscript([BELL]))


async def test_a_story_that_says_it_sexualises_minors_is_not_stored():
    tagged = replace(manuscript(["She rowed."]), warnings=("Underage",))
    store = FakeImportStore()
    library = Library(store, Clock())
    asked = (
        lambda: library.check(tagged),
        lambda: library.add(tagged),
        lambda: library.add(tagged, allow_shrink=True),
    )
    for ask in asked:
        with pytest.raises(BadInput) as refused:
            await ask()
        assert refused.value.key == "story_sexualises_minors"
    assert store.stored == []
