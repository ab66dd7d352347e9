"""Which stories a place may know of, and which one somebody means."""

from __future__ import annotations

import pytest

from bot.domain.access import Place
from bot.domain.errors import StoryNotFound
from bot.domain.story import Owner, Rating
from bot.services.shelf import Shelf, option_value
from tests.support.builders import GUILD, OTHER_GUILD, adult_place, open_place, story_card, terms
from tests.support.fakes import FakeShelf

SALT = story_card("The Salt Door", story_id=1, authors=["Peg Lanyon"])
BREAD = story_card("The Bread Ledger", story_id=2, authors=["Ilse Marr", "Peg Lanyon"])
NIGHT = story_card("Night Work", story_id=3, authors=["Tam"], terms=terms(Rating.EXPLICIT))
OWN = story_card("House Rules", story_id=4, authors=["Mod"], terms=terms(owner=Owner(GUILD)))
FOREIGN = story_card("Not Yours", story_id=5, terms=terms(owner=Owner(OTHER_GUILD)))
WITHDRAWN = story_card("Taken Down", story_id=6, terms=terms(withdrawn=True))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(FakeShelf(SALT, BREAD, NIGHT, OWN, FOREIGN, WITHDRAWN))


@pytest.mark.parametrize(
    ("place", "titles"),
    [
        (open_place(), ["House Rules", "The Bread Ledger", "The Salt Door"]),
        (adult_place(), ["House Rules", "Night Work", "The Bread Ledger", "The Salt Door"]),
        (open_place(OTHER_GUILD), ["Not Yours", "The Bread Ledger", "The Salt Door"]),
    ],
)
async def test_a_place_shows_what_it_may_by_title(shelf: Shelf, place: Place, titles: list[str]):
    """The source hands out foreign and withdrawn stories too; the gate holds them back."""
    assert [s.item.title for s in await shelf.stories(place)] == titles


@pytest.mark.parametrize(
    "name",
    ["The Salt Door", "the salt door", "  THE SALT DOOR ", "the-salt-door", option_value(SALT.id), "salt"],
)
async def test_a_story_is_found_by_title_short_name_suggestion_or_a_part_of_its_title(shelf: Shelf, name: str):
    assert (await shelf.find(open_place(), name)).item is SALT


@pytest.mark.parametrize("name", ["the", "Salt Bread", "", "   ", "story:99", "Not Yours", "Taken Down", "not-yours"])
async def test_what_is_ambiguous_foreign_or_nothing_is_not_found(shelf: Shelf, name: str):
    with pytest.raises(StoryNotFound) as refused:
        await shelf.find(open_place(), name)
    assert refused.value.values == {"name": name}


async def test_no_name_means_no_story_even_where_there_is_only_one():
    for name in ("", "  "):
        with pytest.raises(StoryNotFound):
            await Shelf(FakeShelf(SALT)).find(open_place(), name)


async def test_a_whole_title_wins_over_one_that_holds_it():
    short, long = story_card("Salt", story_id=1), story_card("Saltwater", story_id=2)
    assert (await Shelf(FakeShelf(long, short)).find(open_place(), "salt")).item is short


async def test_a_story_called_like_a_suggestion_is_still_itself():
    odd = story_card("story:1", story_id=2)
    shelf = Shelf(FakeShelf(odd, SALT))

    assert (await shelf.find(open_place(), "story:1")).item is SALT
    assert (await shelf.find(open_place(), "story:2")).item is odd


@pytest.mark.parametrize("name", ["Night Work", "night-work", option_value(NIGHT.id), "night"])
async def test_an_adult_story_is_not_there_where_it_may_not_be_named(shelf: Shelf, name: str):
    with pytest.raises(StoryNotFound):
        await shelf.find(open_place(), name)
    assert (await shelf.find(adult_place(), name)).item is NIGHT


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("", ["House Rules", "The Bread Ledger", "The Salt Door"]),
        ("the s", ["The Salt Door"]),
        ("ledger", ["The Bread Ledger"]),
        ("lanyon", ["The Bread Ledger", "The Salt Door"]),
        ("HOUSE", ["House Rules"]),
        ("night", []),
        ("zzz", []),
    ],
)
async def test_suggestions_hold_what_was_typed_and_may_be_named(shelf: Shelf, typed: str, titles: list[str]):
    assert [s.item.title for s in await shelf.suggest(open_place(), typed)] == titles


async def test_titles_that_begin_with_what_was_typed_come_first():
    shelf = Shelf(FakeShelf(story_card("A Door", story_id=1), story_card("Doors", story_id=2)))
    assert [s.item.title for s in await shelf.suggest(open_place(), "door")] == ["Doors", "A Door"]


# ------------------------------------------------------------------------------------------ moderators


async def test_a_moderator_may_mean_an_adult_story_by_its_whole_name(shelf: Shelf):
    for name in ("Night Work", " night work ", "night-work"):
        found, called = await shelf.find_for_moderator(open_place(), name)
        assert found is NIGHT
        assert called == name.strip(), "what they read is what they typed, not the title"


async def test_where_it_may_be_named_a_story_is_called_by_its_title(shelf: Shelf):
    assert await shelf.find_for_moderator(adult_place(), "night-work") == (NIGHT, "Night Work")
    assert await shelf.find_for_moderator(open_place(), "salt") == (SALT, "The Salt Door")


@pytest.mark.parametrize("name", ["night", "Work", "Not Yours", "not-yours"])
async def test_a_part_of_an_adult_title_gives_nothing_away_nor_does_a_foreign_one(shelf: Shelf, name: str):
    with pytest.raises(StoryNotFound):
        await shelf.find_for_moderator(open_place(), name)


async def test_a_withdrawn_story_is_gone_for_moderators_too(shelf: Shelf):
    with pytest.raises(StoryNotFound):
        await shelf.find_for_moderator(open_place(), "Taken Down")


# ------------------------------------------------------------------------------- several stories of one title

TWIN = story_card("The Salt Door", story_id=7, slug="salt-door-zed", authors=["Zed"])
ADULT_TWIN = story_card("the salt door", story_id=8, slug="salt-door-late", terms=terms(Rating.EXPLICIT))


async def test_a_title_that_fits_several_is_refused_and_a_suggestion_or_short_name_is_not():
    shelf = Shelf(FakeShelf(SALT, TWIN))
    for find in (shelf.find, shelf.find_for_moderator):
        with pytest.raises(StoryNotFound) as refused:
            await find(open_place(), "The salt door ")
        assert refused.value.key == "story_ambiguous"
    assert (await shelf.find(open_place(), option_value(TWIN.id))).item is TWIN
    assert (await shelf.find(open_place(), "salt-door-zed")).item is TWIN
    assert await shelf.find_for_moderator(open_place(), option_value(TWIN.id)) == (TWIN, TWIN.title)


async def test_a_twin_that_may_not_be_named_makes_no_title_doubtful_to_readers():
    shelf = Shelf(FakeShelf(SALT, ADULT_TWIN))
    assert (await shelf.find(open_place(), "The Salt Door")).item is SALT
    with pytest.raises(StoryNotFound):
        await shelf.find(adult_place(), "The Salt Door")


async def test_a_moderator_is_not_given_the_wrong_one_of_an_adult_and_an_open_story():
    with pytest.raises(StoryNotFound) as refused:
        await Shelf(FakeShelf(SALT, ADULT_TWIN)).find_for_moderator(open_place(), "The Salt Door")
    assert refused.value.key == "story_ambiguous"
