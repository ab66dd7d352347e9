"""A reader who has not read everything: their limit, wherever they meet the story."""

from __future__ import annotations

import pytest

from bot import strings
from tests.journeys.conftest import Person
from tests.support import here

SERIAL = "The Salt Door"


@pytest.fixture
def other_reader(world):
    return Person(world, "author", "talk")


async def titles(reader):
    """The names of chapters that are suggested to somebody."""
    typing = await reader.does(f'suggest \'/progress story:"{SERIAL}" chapter:"')
    return [name for name in typing.suggestions if name.startswith("Chapter")]


async def test_the_command_hides_what_was_not_read_and_shows_it_again(reader, other_reader):
    assert len(await titles(reader)) == 5
    said = await reader.does(f'/progress story:"{SERIAL}" chapter:2')
    assert said.private
    assert "you have read up to Chapter 2" in str(said)
    assert here.OPEN in str(said)
    assert len(await titles(reader)) == 2
    assert "2 chapters" in await reader.reads(f'/stories story:"{SERIAL}"')
    assert "5 chapters" in await other_reader.reads(f'/stories story:"{SERIAL}"')

    assert "you have read up to Chapter 2" in await reader.reads(f'/progress story:"{SERIAL}"')
    assert strings.PROGRESS_OPEN.format(title=SERIAL) in await reader.reads(f'press "{strings.BUTTON_LIFT}"')
    assert "5 chapters" in await reader.reads(f'/stories story:"{SERIAL}"')


async def test_nothing_yet_hides_all_of_it_from_the_reader_alone(reader, other_reader):
    await reader.reads(f'/progress story:"{SERIAL}"')
    said = await reader.reads(f'press "{strings.BUTTON_NOTHING_READ}"')
    assert strings.PROGRESS_NOTHING.format(title=SERIAL) in said
    assert await titles(reader) == []
    assert len(await titles(other_reader)) == 5
    assert "/progress says how far" in await reader.reads(f'/stories story:"{SERIAL}"')
    assert not (await reader.does("suggest '/find words:\"sugar really was a den")).suggestions
    assert (await other_reader.does("suggest '/find words:\"sugar really was a den")).suggestions


async def test_public_answers_and_their_buttons_go_by_the_server_and_the_presser(world, reader, other_reader):
    await reader.reads(f'/progress story:"{SERIAL}" chapter:"nothing yet"')
    quote = await reader.does(f'/quote story:"{SERIAL}"')
    assert not quote.private, "everybody sees it, and the server has released it"
    hidden = await reader.does('press "Context"')
    assert hidden.error is not None
    assert here.OPEN in hidden.error
    quoted = world.message(world.server.channels["talk"], quote.sights[0])
    shown = await world.server.actors["author"].click(quoted, label="Context")
    assert shown.ephemeral
    assert "**" in shown.response.embeds[0].description


async def test_which_scene_goes_by_the_one_who_asks(world, reader):
    await reader.reads(f'/progress story:"{SERIAL}" chapter:"nothing yet"')
    talk, actors = world.server.channels["talk"], world.server.actors
    pasted = await actors["moderator"].send(talk, "Sugar really was a dentist.")
    mine = await actors["reader"].context_menu(talk, strings.MENU_WHICH_SCENE, pasted)
    theirs = await actors["author"].context_menu(talk, strings.MENU_WHICH_SCENE, pasted)
    told = [f"{answer.response.content} {[e.to_dict() for e in answer.response.embeds]}" for answer in (mine, theirs)]
    assert "Sugar" not in told[0]
    assert SERIAL not in told[0]
    assert SERIAL in told[1]


async def test_the_button_under_a_chapter_moves_on_and_never_back(world, moderator, chapter_reader):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:day')
    await moderator.does("wait 1d")
    told = await chapter_reader.does(f'press "{strings.BUTTON_READ}"')
    assert told.private
    assert "you have read up to Chapter 2" in str(told)
    channel = world.server.channels["chapters"]
    reader = world.server.actors["reader"]
    ends = [sight for sight in world.sights(reader, channel) if strings.BUTTON_READ in sight.buttons]
    back = await reader.click(world.message(channel, ends[0]), label=strings.BUTTON_READ)
    assert "you had come further already, so it stays at Chapter 2" in back.response.content
    await moderator.does("wait 1d")
    assert len(await titles(chapter_reader)) == 2, "what was posted since is hidden until it is read"


async def test_the_button_works_after_a_restart(moderator, chapter_reader):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:day')
    await chapter_reader.does("restart")
    assert "you have read up to Chapter 1" in await chapter_reader.reads(f'press "{strings.BUTTON_READ}"')
    await chapter_reader.does("restart")
    assert "hide nothing" in await chapter_reader.reads(f'press "{strings.BUTTON_LIFT}"')


@pytest.mark.parametrize("chapter", ["5", "99", "chapter:999999999", "The Salt Door"])
async def test_what_is_not_posted_is_as_what_there_is_not(moderator, reader, chapter):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:day')
    assert len(await titles(reader)) == 1
    refused = await reader.does(f'/progress story:"{SERIAL}" chapter:"{chapter}"')
    assert refused.error == strings.REFUSALS["chapter_not_found"].format(here=here.OPEN)


async def test_a_story_that_may_not_be_named_has_no_progress(reader, night_reader):
    adult = "Nine Men and a Piano"
    refused = await reader.does(f'/progress story:"{adult}" chapter:1')
    assert refused.error is not None
    assert "I have no story called" in refused.error
    assert not (await reader.does(f'suggest \'/progress story:"{adult}" chapter:"')).suggestions
    assert (await night_reader.does(f'/progress story:"{adult}" chapter:1')).error is None
