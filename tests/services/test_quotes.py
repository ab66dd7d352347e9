"""Quotes drawn at random, and what stands around them."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain.access import Released
from bot.domain.errors import NothingFound
from bot.domain.story import LineId, Owner, Rating, SceneId, StoryId
from bot.services.quotes import CONTEXT_LINES, Quotes
from tests.support.builders import (
    GUILD,
    OTHER_GUILD,
    adult_place,
    heading,
    open_place,
    passage,
    terms,
)
from tests.support.fakes import FakeBag, FakePassages

TEEN = [passage(f"Line {n}.", line_id=n) for n in range(1, 4)]
ADULT = passage("Adult line.", line_id=9, heading=heading("Night Work", story_id=2), terms=terms(Rating.MATURE))


def quotes(*passages, released: Released | None = None) -> Quotes:
    source = FakePassages(*passages, released=released) if released else FakePassages(*passages)
    return Quotes(FakeBag(*passages), source)


async def test_every_line_comes_once_before_any_comes_again():
    drawn = quotes(*TEEN, ADULT)
    texts = [(await drawn.draw(adult_place())).item.text for _ in range(12)]

    for round_ in (texts[:4], texts[4:8], texts[8:]):
        assert Counter(round_) == Counter(p.text for p in [*TEEN, ADULT])


async def test_an_open_channel_draws_from_what_it_may_show():
    drawn = quotes(*TEEN, ADULT)
    texts = {(await drawn.draw(open_place())).item.text for _ in range(12)}

    assert texts == {p.text for p in TEEN}


async def test_one_story_alone_can_be_drawn_from():
    assert (await quotes(*TEEN, ADULT).draw(adult_place(), StoryId(2))).item is ADULT


async def test_nothing_to_draw_is_nothing_found():
    with pytest.raises(NothingFound):
        await quotes(ADULT).draw(open_place())


@pytest.mark.parametrize(
    "hidden",
    [
        passage(terms=terms(Rating.EXPLICIT)),
        passage(terms=terms(Rating.UNRATED)),
        passage(terms=terms(owner=Owner(OTHER_GUILD))),
        passage(terms=terms(withdrawn=True)),
    ],
    ids=["explicit", "unrated", "foreign", "withdrawn"],
)
async def test_what_the_bag_should_not_have_given_is_held_back_all_the_same(hidden):
    class CarelessBag:
        async def draw(self, scope, story_id):
            return hidden.line_id

    with pytest.raises(NothingFound):
        await Quotes(CarelessBag(), FakePassages(hidden)).draw(open_place())


async def test_a_line_that_is_gone_meanwhile_is_nothing_found():
    with pytest.raises(NothingFound):
        await Quotes(FakeBag(*TEEN), FakePassages()).draw(open_place())


async def test_a_scene_that_is_not_released_here_is_not_quoted():
    scene = heading(scene_id=21)
    line = passage(heading=scene)

    with pytest.raises(NothingFound):
        await quotes(line, released=Released(False, frozenset({SceneId(22)}))).draw(open_place())
    drawn = await quotes(line, released=Released(False, frozenset({SceneId(21)}))).draw(open_place())
    assert drawn.item is line


async def test_a_quote_stands_alone_and_its_context_among_its_neighbours():
    source = FakePassages(*TEEN)
    service = Quotes(FakeBag(TEEN[0]), source)
    await service.draw(open_place())
    await service.context(open_place(), LineId(2))

    assert source.asked == [(GUILD, (1,), 0, 0), (GUILD, (2,), CONTEXT_LINES, CONTEXT_LINES)]


@pytest.mark.parametrize("line_id", [9, 404], ids=["adult", "gone"])
async def test_the_context_of_what_may_not_be_shown_any_more_is_nothing_found(line_id: int):
    with pytest.raises(NothingFound):
        await quotes(*TEEN, ADULT).context(open_place(), LineId(line_id))
