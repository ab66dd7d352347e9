"""What people half remember, as far as it may be shown."""

from __future__ import annotations

import pytest

from bot.domain.access import Place, Released, scope
from bot.domain.errors import NothingFound
from bot.domain.ranking import FOUND, UNSURE
from bot.domain.story import LineId, Owner, Rating, StoryId
from bot.services.lookup import AROUND, MAX_QUERY, OTHERS, Allowed, Lookup, is_sure
from tests.support.builders import OTHER_GUILD, adult_place, open_place, passage, terms
from tests.support.fakes import FakeIndex, FakePassages

OARS = passage("The river remembers every oar.", line_id=1)
RIVER = passage("He never looked at the river.", line_id=2)
NIGHT = passage("The river that night.", line_id=3, terms=terms(Rating.EXPLICIT))


def lookup(index: FakeIndex, *passages, **source) -> Lookup:
    return Lookup(index, index, FakePassages(*passages, **source))


async def test_matches_come_best_first_with_their_scores():
    index = FakeIndex((2, 0.9), (1, 0.4))
    found = await lookup(index, OARS, RIVER).find(open_place(), "river")

    assert [(m.passage.item, m.score) for m in found] == [(RIVER, 0.9), (OARS, 0.4)]


@pytest.mark.parametrize(("score", "sure"), [(FOUND, True), (FOUND - 0.01, False), (UNSURE, False), (1.0, True)])
async def test_it_says_whether_this_is_the_line_or_only_like_it(score: float, sure: bool):
    found = await lookup(FakeIndex((1, score)), OARS).find(open_place(), "river")
    assert is_sure(found) is sure


@pytest.mark.parametrize(("second", "sure"), [(0.99, False), (0.9, True)])
async def test_words_that_stand_in_two_lines_alike_make_it_sure_of_neither(second: float, sure: bool):
    found = await lookup(FakeIndex((1, 1.0), (2, second)), OARS, RIVER).find(open_place(), "said")
    assert is_sure(found) is sure


async def test_what_is_hardly_like_it_is_no_answer():
    with pytest.raises(NothingFound):
        await lookup(FakeIndex((1, UNSURE - 0.01)), OARS).find(open_place(), "oats")


async def test_nothing_like_it_is_nothing_found():
    with pytest.raises(NothingFound):
        await lookup(FakeIndex()).find(open_place(), "xyzzy")


@pytest.mark.parametrize("place", [open_place(), adult_place(), open_place(OTHER_GUILD)])
async def test_only_what_the_place_allows_is_searched(place: Place):
    index = FakeIndex((1, 0.9), stories=[4, 5], scenes=[41])
    await lookup(index, OARS).find(place, "river", StoryId(4))

    assert index.scopes == [(scope(place), StoryId(4))]
    (_, limit, allowed) = index.searched[0]
    assert allowed == Allowed(*index.may)
    assert limit == 1 + OTHERS


@pytest.mark.parametrize(
    "hidden",
    [
        NIGHT,
        passage(line_id=3, terms=terms(owner=Owner(OTHER_GUILD))),
        passage(line_id=3, terms=terms(withdrawn=True)),
    ],
    ids=["adult", "foreign", "withdrawn"],
)
async def test_what_the_index_should_not_have_found_is_held_back_all_the_same(hidden):
    index = FakeIndex((3, 0.95), (1, 0.6))
    found = await lookup(index, OARS, hidden).find(open_place(), "river")
    assert [m.passage.item for m in found] == [OARS]

    with pytest.raises(NothingFound):
        await lookup(FakeIndex((3, 0.95)), hidden).find(open_place(), "river")
    with pytest.raises(NothingFound):
        await lookup(FakeIndex(), hidden).line(open_place(), LineId(3))


async def test_an_unreleased_scene_is_held_back():
    with pytest.raises(NothingFound):
        await lookup(FakeIndex((1, 0.9)), OARS, released=Released(False)).find(open_place(), "river")


async def test_a_line_that_is_gone_meanwhile_is_left_out():
    index = FakeIndex((1, 0.9), (404, 0.8), (2, 0.5))
    found = await lookup(index, OARS, RIVER).find(open_place(), "river")
    assert [m.passage.item for m in found] == [OARS, RIVER]


async def test_a_picked_suggestion_is_sure_and_asked_about_again():
    assert is_sure([await lookup(FakeIndex(), OARS).line(open_place(), LineId(1))])
    with pytest.raises(NothingFound):
        await lookup(FakeIndex(), OARS).line(open_place(), LineId(404))
    assert (await lookup(FakeIndex(), NIGHT).line(adult_place(), LineId(3))).passage.item is NIGHT


async def test_an_answer_shows_some_lines_around_and_a_suggestion_none():
    source = FakePassages(OARS)
    index = FakeIndex((1, 0.9))
    service = Lookup(index, index, source)
    await service.find(open_place(), "river")
    await service.find(open_place(), "riv", limit=25, around=0)

    assert [(before, after) for _, _, before, after in source.asked] == [(AROUND, AROUND), (0, 0)]
    assert [limit for _, limit, _ in index.searched] == [1 + OTHERS, 25]


async def test_an_endless_query_is_cut():
    index = FakeIndex((1, 0.9))
    await lookup(index, OARS).find(open_place(), "river " * 10_000)
    assert len(index.searched[0][0]) == MAX_QUERY


# What the snapshot proposes is made up for where it may not be shown after all


async def test_lines_that_are_held_back_are_made_up_for_by_the_next_best():
    hidden = [passage(f"Oar {number}.", line_id=10 + number, terms=terms(withdrawn=True)) for number in range(8)]
    shown = [passage(f"River {number}.", line_id=30 + number) for number in range(8)]
    hits = [(p.line_id, 0.9 - 0.01 * place) for place, p in enumerate([*hidden, *shown])]
    index = FakeIndex(*hits)
    found = await lookup(index, *hidden, *shown).find(open_place(), "river")

    assert [m.passage.item for m in found] == shown[: 1 + OTHERS]
    assert len(index.scopes) == len(index.searched) == 2, "what is allowed is asked again with it"


async def test_making_up_has_an_end():
    hidden = [passage(f"Oar {number}.", line_id=number, terms=terms(withdrawn=True)) for number in range(1, 2000)]
    index = FakeIndex(*((p.line_id, 0.9) for p in hidden))
    with pytest.raises(NothingFound):
        await lookup(index, *hidden).find(open_place(), "river")
    assert len(index.searched) <= 4


async def test_nothing_is_searched_again_where_nothing_was_held_back():
    index = FakeIndex((1, 0.9), (2, 0.8))
    await lookup(index, OARS, RIVER).find(open_place(), "river", limit=2)
    assert len(index.searched) == 1


async def test_a_line_that_became_another_is_that_other_once():
    source = FakePassages(OARS, RIVER)
    source.by_line[LineId(9)] = RIVER
    service = Lookup(FakeIndex((9, 0.9), (2, 0.8), (1, 0.7)), FakeIndex(), source)
    found = await service.find(open_place(), "river")
    assert [m.passage.item for m in found] == [RIVER, OARS]
    assert (await service.line(open_place(), LineId(9))).passage.item is RIVER


async def test_a_paragraph_is_from_one_scene_however_many_of_its_lines_fit():
    index = FakeIndex((1, 1.0), (2, 1.0))
    source = lookup(index, OARS, RIVER)
    assert not is_sure(await source.find(open_place(), "river"))
    found = await source.scenes(open_place(), "river")
    assert [m.passage.item for m in found] == [OARS]
    assert is_sure(found)


async def test_the_index_is_told_who_types_where_somebody_does():
    index = FakeIndex((1, 0.9))
    await lookup(index, OARS).find(open_place(), "river", typist=77)
    await lookup(index, OARS).find(open_place(), "river")
    assert index.typists == [77, None]
