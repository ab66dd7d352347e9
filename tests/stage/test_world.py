"""What the stage adds to SimCord, each on its own; a new SimCord that breaks one is told of clearly."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord.backend import serializers

from bot.stage.gaps import NONCE_WINDOW, StageBroken
from bot.stage.server import INVITE_PERMISSIONS
from bot.stage.world import START, World
from bot.storage.database import Database
from tests.support.small_bot import SmallBot, open_small


@pytest.fixture
async def world():
    async with World(opener=open_small) as world:
        yield world


def bot(world: World) -> SmallBot:
    assert isinstance(world.client, SmallBot)
    return world.client


def text_channel(world: World, name: str) -> discord.TextChannel:
    channel = world.client.get_channel(world.server.channels[name].id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_the_bot_sees_which_channels_are_age_restricted(world):
    reader, channels = world.server.actors["reader"], world.server.channels
    seen = {}
    for name in ("talk", "late-night"):
        await reader.slash(channels[name], "look")
        seen[name] = world.sights(reader, channels[name])[-1].texts[1]
    assert seen == {"talk": "Everybody", "late-night": "Adults"}


async def test_threads_inherit_the_age_restriction(world):
    message = await text_channel(world, "late-night").send("A thread begins here")
    thread = await message.create_thread(name="thread")
    assert thread.is_nsfw()


async def test_a_channel_can_be_restricted_and_opened_later(world):
    world.restrict(world.server.channels["talk"])
    await world.env.settle()
    assert text_channel(world, "talk").is_nsfw()
    world.restrict(world.server.channels["talk"], False)
    await world.env.settle()
    assert not text_channel(world, "talk").is_nsfw()


async def test_the_bot_has_the_permissions_of_the_invite_link_and_no_more(world):
    guild = world.client.get_guild(world.server.guild.id)
    managed = next(role for role in guild.me.roles if role.managed)
    assert managed.permissions.value == INVITE_PERMISSIONS
    assert not guild.me.guild_permissions.manage_messages


async def test_only_moderators_and_the_bot_see_mods(world):
    mods = world.server.channels["mods"]
    who = {name for name, actor in world.server.actors.items() if world.sees(actor, mods)}
    assert who == {"moderator"}
    assert text_channel(world, "mods").permissions_for(text_channel(world, "mods").guild.me).send_messages


async def test_a_second_server_is_apart(world):
    other = await world.add_server("Another")
    await other.actors["reader"].slash(other.channels["late-night"], "look")
    assert world.sights(world.server.actors["reader"]) == []
    assert [s.texts[1] for s in world.sights(other.actors["reader"])] == ["Adults"]


async def test_a_nonce_posts_once(world):
    channel = text_channel(world, "talk")
    first = await channel.send("one", nonce="n")
    again = await channel.send("one", nonce="n")
    assert again.id == first.id
    assert (await channel.send("two", nonce="m")).id != first.id
    assert (await text_channel(world, "chapters").send("one", nonce="n")).id != first.id
    assert [s.texts for s in world.sights(world.server.actors["reader"], world.server.channels["talk"])] == [
        ("one",),
        ("two",),
    ]


async def test_a_nonce_is_forgotten_after_some_minutes(world):
    channel = text_channel(world, "talk")
    first = await channel.send("one", nonce="n")
    await world.advance(NONCE_WINDOW)
    assert (await channel.send("one", nonce="n")).id != first.id


async def test_a_nonce_whose_message_was_deleted_posts_nothing(world):
    channel = text_channel(world, "talk")
    await (await channel.send("one", nonce="n")).delete()
    with pytest.raises(discord.NotFound):
        await channel.send("one", nonce="n")
    assert world.sights(world.server.actors["reader"]) == []


@pytest.mark.parametrize("error", [None, TimeoutError(), ConnectionResetError()])
async def test_a_call_can_be_carried_out_and_fail(world, error):
    world.fail_late("POST", "/channels/*/messages", error)
    channel = text_channel(world, "talk")
    with pytest.raises(type(error) if error else discord.HTTPException):
        await channel.send("one")
    assert [s.texts for s in world.sights(world.server.actors["reader"])] == [("one",)]
    await channel.send("two")


async def test_what_happens_unheard_never_reaches_the_bot(world):
    reader = world.server.actors["reader"]
    message = await text_channel(world, "talk").send("one")
    with world.unheard():
        await reader.react(message, "🔥")
    await reader.react(message, "❤️")
    assert bot(world).reactions == ["❤️"]


async def test_a_restart_while_nothing_is_heard_hears_again(world):
    reader = world.server.actors["reader"]
    with world.unheard():
        await world.restart()
    await reader.react(await text_channel(world, "talk").send("one"), "❤️")
    assert bot(world).reactions == ["❤️"]


async def test_the_clock_begins_where_it_is_told_to():
    start = datetime(2031, 5, 1, 8, tzinfo=UTC)
    async with World(start=start, opener=open_small) as world:
        message = await text_channel(world, "talk").send("one")
        assert message.created_at == start
        assert bot(world).ticks == [start]


async def test_a_week_passes_at_once_and_the_bot_ticks_through_it(world):
    await world.advance(timedelta(days=7))
    assert world.now() == START + timedelta(days=7)
    assert len(bot(world).ticks) == 7 * 24 + 1


async def test_a_restart_brings_a_new_bot_into_the_same_world(world):
    reader = world.server.actors["reader"]
    await text_channel(world, "talk").send("before")
    former = bot(world)
    await world.restart()
    assert bot(world) is not former
    assert former.is_closed()
    assert [s.texts for s in world.sights(reader)] == [("before",)]
    await reader.slash(world.server.channels["talk"], "look")


async def test_refusals_and_bugs_are_told_apart(world):
    reader, talk = world.server.actors["reader"], world.server.channels["talk"]
    await reader.slash(talk, "refuse")
    await reader.slash(talk, "look")
    await reader.click(world.message(talk, world.sights(reader, talk)[-1]), label="Refuse")
    assert [type(error).__name__ for error in world.errors()] == ["NothingFound", "NothingFound"]
    assert world.bugs() == []
    mark = len(world.errors())
    await reader.slash(talk, "fail")
    assert [str(error) for error in world.errors(mark)] == ["spilt ink"]
    assert world.bugs() == world.errors(mark)


async def test_the_database_is_a_copy(tmp_path):
    source = tmp_path / "library.db"
    async with await Database.open(source):
        pass
    writer = sqlite3.connect(source)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("UPDATE library SET revision = 7")
    writer.commit()
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert "library.db-wal" in before
    async with World(source, opener=open_small) as world:
        assert world.database != source
        with sqlite3.connect(world.database) as database:
            assert database.execute("SELECT revision FROM library").fetchone() == (7,)
            database.execute("UPDATE library SET revision = 8")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    writer.close()
    assert not world.database.exists()


async def test_another_simcord_is_told_of_clearly(monkeypatch):
    monkeypatch.setattr(serializers, "channel_payload", lambda channel: {})
    with pytest.raises(StageBroken, match="channel_payload takes something else"):
        async with World(opener=open_small):
            pass


async def test_simcord_is_left_as_it_was():
    former = serializers.channel_payload
    async with World(opener=open_small):
        assert serializers.channel_payload is not former
    assert serializers.channel_payload is former
