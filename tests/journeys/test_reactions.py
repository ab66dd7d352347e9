"""What readers feel is counted for the scene, once each, wherever it stands."""

from __future__ import annotations

import sqlite3

import pytest

from bot import strings

SERIAL = "The Salt Door"


@pytest.fixture
async def posted(moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:day')


async def test_a_reaction_counts_for_its_scene(posted, chapter_reader, reader):
    await chapter_reader.does("react ❤️ [2]")
    top = await reader.reads("/top")
    assert "❤️ 1" in top
    assert "The Salt Door, Chapter 1, scene 2" in top


async def test_one_reader_counts_once_on_two_parts_of_a_scene(posted, chapter_reader, reader):
    await chapter_reader.does("react ❤️ [2]")
    await chapter_reader.does("react ❤️ [3]")
    assert "❤️ 1" in await reader.reads("/top")


async def test_taking_it_back_takes_it_off(world, posted, chapter_reader, reader):
    await chapter_reader.does("react ❤️ [2]")
    actor, channel = world.server.actors["reader"], world.server.channels["chapters"]
    sight = world.sights(actor, channel)[-2]
    await actor.unreact(world.message(channel, sight), "❤️")
    assert strings.TOP_EMPTY.split(".")[0] in await reader.reads("/top")


async def test_a_quote_counts_for_the_scene_it_comes_from(reader):
    await reader.does("/quote")
    await reader.does("react 🔥 [last]")
    assert "🔥 1" in await reader.reads("/top")


async def test_cards_count_for_nothing(posted, chapter_reader, reader):
    await chapter_reader.does("react ❤️ [last]")
    assert "❤️" not in await reader.reads("/top")


async def test_a_deleted_message_keeps_what_was_felt_without_a_link(world, posted, chapter_reader, reader):
    await chapter_reader.does("react ❤️ [2]")
    actor, channel = world.server.actors["moderator"], world.server.channels["chapters"]
    for sight in world.sights(actor, channel):
        await world.client.get_channel(channel.id).get_partial_message(sight.message_id).delete()
    await world.env.settle()
    top = await reader.reads("/top")
    assert "❤️ 1" in top
    assert "](" not in top


async def test_adult_scenes_are_in_no_top_outside(world, night_reader, reader):
    await night_reader.does('/quote story:"Nine Men and a Piano"')
    await night_reader.does("react 🔥 [last]")
    assert "Nine Men" in await night_reader.reads("/top")
    assert "Nine Men" not in await reader.reads("/top")


async def test_one_servers_reactions_are_nothing_to_another(world, posted, chapter_reader):
    await chapter_reader.does("react ❤️ [2]")
    other = await world.add_server("Another")
    result = await other.actors["reader"].slash(other.channels["talk"], "top")
    assert "❤️" not in result.response.embeds[0].description


async def test_a_thread_that_is_deleted_takes_its_messages_with_it(world, posted):
    talk, person = world.server.channels["talk"], world.server.actors["reader"]
    thread = world.env.backend.create_thread(talk.id, "Chapter 1", person.id)
    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE posted SET channel_id = ?", (thread.id,))
    world.env.backend.delete_channel(thread.id)
    await world.env.advance_time(1)
    with sqlite3.connect(world.database) as database:
        assert database.execute("SELECT DISTINCT deleted FROM posted").fetchall() == [(1,)]
