"""A server is set up in one panel of menus: by whom, what is saved, and what is refused."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from typing import Any

import discord
import pytest
from simcord.actors import _component_interaction
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot import strings
from bot.discord_ui.moderators import COMMANDS
from bot.discord_ui.panel import PANEL_ITEMS
from bot.domain.settings import NAMES
from bot.domain.story import Rating
from bot.stage.world import World
from tests.journeys.conftest import Person


class Clicker(Person):
    """Somebody who never types but ``/setup``, and counts: to choose from a menu is to open it and to choose."""

    clicks = 0

    async def press(self, label: str) -> str:
        self.clicks += 1
        return await self.reads(f'press "{label}"')

    async def choose(self, menu: str, *entries: str) -> str:
        self.clicks += 2
        return await self.reads(" ".join([f'choose "{menu}"', *(f'"{entry}"' for entry in entries)]))


@pytest.fixture
async def empty_world():
    async with World() as world:
        yield world


@pytest.fixture
def clicker(world):
    return Clicker(world, "moderator", "mods")


@pytest.fixture
def second(world):
    """Another moderator."""
    guild = world.server.guild
    role = next(role for role in guild.roles.values() if role.name == "Moderators")
    user = world.env.create_user("sol", global_name="Sol (moderator)")
    world.server.actors["second"] = guild.add_member(user, roles=[role])
    return Clicker(world, "second", "mods")


def overwrite(world, channel, *, allow=None, deny=None):
    """Change what everybody may do in a channel, the bot among them."""
    none = discord.Permissions.none()
    everyone = Overwrite(channel.guild.id, OverwriteType.ROLE, (allow or none).value, (deny or none).value)
    world.env.backend.set_overwrite(channel.id, everyone)


async def settings(world):
    return await world.app.settings.of(world.server.guild.id)


def panel(world, actor="moderator", channel="mods"):
    """The panel as it stands before somebody's eyes."""
    seen = world.sights(world.server.actors[actor], world.server.channels[channel])
    return next(sight for sight in reversed(seen) if sight.private and sight.selects)


async def forge(world, custom_id: str, values: list[str], actor="moderator"):
    """A menu's answer that no menu offered; what the person was told."""
    member, channel = world.server.actors[actor], world.server.channels["mods"]
    stored = world.env.backend.get_message(channel.id, panel(world, actor).message_id)
    kinds = {select.custom_id: select.of for select in panel(world, actor).selects}
    data: dict[str, Any] = {
        "custom_id": custom_id,
        "component_type": {"channel": 8, "role": 6, "": 3}[kinds[custom_id]],
        "values": values,
    }
    await _component_interaction(member, stored, data)
    return "\n".join(text for sight in world.sights(member, channel) if sight.private for text in sight.texts)


# ------------------------------------------------------------------------------------------ the two minutes


async def test_a_new_server_has_a_serial_after_at_most_eight_clicks_and_no_typing(empty_world):
    me = Clicker(empty_world, "moderator", "mods")
    assert strings.SETUP_SHELF_EMPTY in await me.reads("/setup")
    assert "3 sample stories" in await me.press(strings.BUTTON_SAMPLES)
    await me.choose("Chapters", "#chapters")
    await me.press(strings.BUTTON_FIRST_SERIAL)
    await me.choose("Story", "The Salt Door")
    assert "starts in <#" in await me.press(strings.BUTTON_START)
    assert me.clicks == 7
    assert "The Salt Door" in await me.reads("/serial list")
    await me.does("wait 25h")
    posted = empty_world.sights(empty_world.server.actors["reader"], empty_world.server.channels["chapters"])
    assert posted[0].texts[0].startswith("## The Salt Door\n**Chapter 1")


async def test_the_sample_stories_are_this_servers_own_and_come_in_once(empty_world):
    me = Clicker(empty_world, "moderator", "mods")
    other = await empty_world.add_server("Another")
    await me.reads("/setup")
    guild, actor = empty_world.server.guild, empty_world.server.actors["moderator"]
    channel = empty_world.server.channels["mods"]
    stale = empty_world.message(channel, panel(empty_world))
    assert await asyncio.gather(*(empty_world.app.client.samples.add(guild.id) for _ in range(2))) == [3, 0]
    await actor.click(stale, custom_id="setup:1:samples")
    assert strings.SAMPLES_THERE in panel(empty_world).texts
    with sqlite3.connect(empty_world.database) as database:
        assert database.execute("SELECT owner, count(*) FROM story GROUP BY owner").fetchall() == [(guild.id, 3)]
        assert database.execute("SELECT count(*) FROM revision").fetchall() == [(3,)]
    await Clicker(empty_world, "moderator", "talk").reads("/quote")
    elsewhere = await other.actors["reader"].slash(other.channels["talk"], "stories")
    assert "Salt Door" not in str(elsewhere.response.embeds[0].to_dict())


async def test_a_shelf_with_stories_is_offered_no_samples(clicker):
    await clicker.reads("/setup")
    outcome = await clicker.does(f'press "{strings.BUTTON_SAMPLES}"')
    assert "has no button" in (outcome.error or "")


async def test_the_draft_offers_only_what_may_run_in_the_chosen_channel(world, clicker):
    late = Clicker(world, "moderator", "late-night")
    await late.reads("/setup")
    await late.press(strings.BUTTON_FIRST_SERIAL)

    def titles():
        select = next(s for s in panel(world, channel="late-night").selects if s.name == "Story")
        return {label for label, _ in select.options}

    assert "Nine Men and a Piano" in titles()
    await late.choose("Channel", "#talk")
    assert "Nine Men and a Piano" not in titles()
    await clicker.reads("/setup")
    await clicker.press(strings.BUTTON_FIRST_SERIAL)
    assert "Nine Men" not in str(panel(world))


async def test_a_draft_outlives_a_restart_and_starts_as_it_was_chosen(world, clicker):
    await clicker.reads("/setup")
    await clicker.press(strings.BUTTON_FIRST_SERIAL)
    await clicker.choose("Channel", "#talk")
    await clicker.does("restart")
    await clicker.choose("Story", "The Salt Door")
    await clicker.choose("How often", "once a day")
    await clicker.choose("First chapter", "now")
    await clicker.does("restart")
    await clicker.press(strings.BUTTON_START)
    talk = world.sights(world.server.actors["reader"], world.server.channels["talk"])
    assert talk[0].texts[0].startswith("## The Salt Door")
    with sqlite3.connect(world.database) as database:
        assert database.execute("SELECT every FROM serial").fetchall() == [("day",)]
    again = await clicker.does("/setup")
    assert again.error is None
    await clicker.press(strings.BUTTON_NEXT_SERIAL)
    assert strings.DRAFT_NEXT_TITLE in str(panel(world))
    await clicker.choose("Channel", "#talk")
    await clicker.choose("Story", "The Salt Door")
    assert "already runs" in ((await clicker.does('press "Start"')).error or "")


async def test_a_sample_scene_is_posted_for_all_marked_and_within_what_the_channel_allows(world, second):
    talk = Clicker(world, "moderator", "talk")
    await talk.reads("/setup")
    await talk.press(strings.BUTTON_SAMPLE_SCENE)
    seen = world.sights(world.server.actors["reader"], world.server.channels["talk"])
    assert strings.SAMPLE_CARD in seen[-1].texts[0]
    assert any("Ledger" in text or "Salt" in text for text in seen[-1].texts)
    assert "Nine Men" not in str(seen)


async def test_a_sample_scene_is_refused_where_nothing_may_stand(world, clicker):
    await clicker.reads("/setup")
    await clicker.press("Readers")
    await clicker.choose("Ratings allowed", "explicit")
    outcome = await clicker.does(f'press "{strings.BUTTON_SAMPLE_SCENE}"')
    assert "no story whose beginning I may show here" in (outcome.error or "")
    assert all(sight.private for sight in world.sights(world.server.actors["moderator"], world.server.channels["mods"]))


async def test_a_sample_scene_shows_nothing_that_a_serial_has_not_posted(world, moderator):
    for title in ("The Salt Door", "The Bread Ledger"):
        await moderator.reads(f'/serial start story:"{title}" channel:#chapters first:tomorrow')
    talk = Clicker(world, "moderator", "talk")
    await talk.reads("/setup")
    outcome = await talk.does(f'press "{strings.BUTTON_SAMPLE_SCENE}"')
    assert "no story whose beginning I may show here" in (outcome.error or "")


async def test_a_sample_scene_begins_where_what_was_posted_begins(world, moderator):
    for title in ("The Salt Door", "The Bread Ledger"):
        await moderator.reads(f'/serial start story:"{title}" channel:#chapters first:tomorrow')
    with sqlite3.connect(world.database) as database:
        database.execute(
            """INSERT INTO release (guild_id, scene_id)
            SELECT ?, sc.scene_id FROM story s JOIN scene_revision sc ON sc.revision_id = s.revision_id
            JOIN chapter_revision c ON c.revision_id = s.revision_id AND c.chapter_id = sc.chapter_id
            WHERE s.slug = 'the-bread-ledger' AND c.number = 3""",
            (world.server.guild.id,),
        )
    talk = Clicker(world, "moderator", "talk")
    await talk.reads("/setup")
    assert "Chapter 3" in await talk.press(strings.BUTTON_SAMPLE_SCENE)


# --------------------------------------------------------------------------------------- what is chosen holds


async def test_everything_can_be_chosen_and_the_second_moderator_sees_it(world, clicker, second):
    world.server.guild.create_role("Readers")
    world.server.guild.create_role("Team")
    await world.env.settle()
    await second.reads("/setup")
    await clicker.reads("/setup")
    await clicker.choose("Chapters", "#chapters")
    await clicker.choose("Talk", "#talk")
    await clicker.choose("Moderators' notices", "#mods")
    await clicker.press("People")
    await clicker.choose("Role to ping", "@Readers")
    await clicker.choose("Story team", "@Team")
    await clicker.press("Readers")
    await clicker.choose("Ratings allowed", "general", "teen")
    await clicker.choose("Warnings", "behind a spoiler bar")
    await clicker.choose("Public answers", "#talk", "#late-night")
    await clicker.choose("How often", "once a minute")
    await clicker.press("Time")
    await clicker.choose("Region", "Europe")
    await clicker.press(strings.BUTTON_ZONES_ON)
    await clicker.choose("Zone in Europe", "Europe/Lisbon")

    channels, roles = world.server.channels, {r.name: r.id for r in world.server.guild.roles.values()}
    now = await settings(world)
    assert {name: getattr(now, name) for name in NAMES} == {
        "chapters_channel": channels["chapters"].id,
        "talk_channel": channels["talk"].id,
        "notices_channel": channels["mods"].id,
        "ping_role": roles["Readers"],
        "team_role": roles["Team"],
        "ratings": frozenset({Rating.GENERAL, Rating.TEEN}),
        "hide_warnings": True,
        "public_channels": frozenset({channels["talk"].id, channels["late-night"].id}),
        "pace": 60,
        "zone": "Europe/Lisbon",
    }
    seen = await second.press("Readers")
    assert "behind a spoiler bar" in seen
    assert "**How often**: once a minute" in seen
    who = world.server.actors["moderator"].id
    assert re.search(rf"<@{who}> · Time zone: Europe/Lisbon · <t:\d+:R>", seen)
    assert f"**Chapters**: <#{channels['chapters'].id}>" in await second.press("Channels")


async def test_two_open_panels_do_not_undo_each_other(world, clicker, second):
    await clicker.reads("/setup")
    await second.reads("/setup")
    await clicker.choose("Chapters", "#chapters")
    shown = await second.choose("Talk", "#talk")
    assert f"**Chapters**: <#{world.server.channels['chapters'].id}>" in shown
    now = await settings(world)
    assert (now.chapters_channel, now.talk_channel) == (
        world.server.channels["chapters"].id,
        world.server.channels["talk"].id,
    )


async def test_a_panel_outlives_a_restart(world, clicker):
    await clicker.reads("/setup")
    await clicker.does("restart")
    assert "<#" in await clicker.choose("Chapters", "#chapters")
    await clicker.press("Time")
    await clicker.does("restart")
    assert "Asia" in str(panel(world).selects)
    await clicker.choose("Region", "Asia")
    await clicker.choose("Zone in Asia", "Asia/Almaty")
    assert (await settings(world)).zone == "Asia/Almaty"


async def test_what_was_chosen_can_be_taken_back(world, clicker):
    await clicker.reads("/setup")
    await clicker.choose("Chapters", "#chapters")
    assert "**Chapters**: none" in await clicker.choose("Chapters")
    await clicker.press("Readers")
    assert "**Public answers**: nowhere" in await clicker.press("Nowhere")
    assert "**Public answers**: everywhere" in await clicker.press("Everywhere")
    assert (await settings(world)).public_channels is None
    with sqlite3.connect(world.database) as database:
        assert database.execute("SELECT count(*) FROM setting_change").fetchone() == (4,)


async def test_a_step_that_no_menu_has_is_answered_in_words(clicker):
    await clicker.reads("/setup")
    assert "has no menu “Weather”" in ((await clicker.does('choose "Weather" fine')).error or "")
    assert "has no “#nowhere”" in ((await clicker.does('choose "Chapters" #nowhere')).error or "")


async def test_choosing_what_holds_already_is_no_change(world, clicker):
    await clicker.reads("/setup")
    for _ in range(2):
        await clicker.choose("Chapters", "#chapters")
    with sqlite3.connect(world.database) as database:
        assert database.execute("SELECT count(*) FROM setting_change").fetchone() == (1,)


async def test_the_panel_mentions_nobody(world, clicker):
    world.server.guild.create_role("Readers", mentionable=True)
    await world.env.settle()
    await clicker.reads("/setup")
    await clicker.press("People")
    await clicker.choose("Role to ping", "@Readers")
    sent = [request.json["data"] for request in world.env.http_requests if request.path.endswith("/callback")]
    assert len(sent) == 3
    assert all(data["allowed_mentions"] == {"parse": []} for data in sent)


# --------------------------------------------------------------------------------------------- what is wrong


async def test_missing_permissions_are_named_with_the_channel_and_the_way_out(world, clicker):
    talk = world.server.channels["talk"]
    overwrite(world, talk, deny=discord.Permissions(embed_links=True))
    await world.env.settle()
    await clicker.reads("/setup")
    shown = await clicker.choose("Chapters", "#talk")
    assert f"In <#{talk.id}> I lack: Embed Links." in shown
    assert "channel settings → Permissions → Inglenook" in shown
    assert "is not age-restricted" in shown
    assert "I lack" not in await clicker.choose("Chapters", "#late-night")
    assert "not age-restricted" not in "".join(panel(world).texts)
    await clicker.choose("Chapters", "#talk")
    await clicker.press(strings.BUTTON_FIRST_SERIAL)
    assert "I lack: Embed Links" in "".join(panel(world).texts)
    await clicker.choose("Story", "The Salt Door")
    refused = await clicker.does('press "Start"')
    assert "Embed Links" in (refused.error or "")


async def test_notices_that_all_can_read_are_pointed_out(world, clicker):
    await clicker.reads("/setup")
    assert "Everybody can read" in await clicker.choose("Moderators' notices", "#talk")
    assert "Everybody can read" not in await clicker.choose("Moderators' notices", "#mods")


async def test_a_role_that_cannot_be_mentioned_is_pointed_out(world, clicker):
    world.server.guild.create_role("Readers")
    loud = world.server.guild.create_role("Loud", mentionable=True)
    await world.env.settle()
    await clicker.reads("/setup")
    await clicker.press("People")
    shown = await clicker.choose("Role to ping", "@Readers")
    assert "nobody would be notified" in shown
    shown = await clicker.choose("Role to ping", "@Loud")
    assert "nobody would be notified" not in shown
    assert f"<@&{loud.id}>" in shown


async def test_everyone_is_no_role_for_the_team(world, clicker):
    await clicker.reads("/setup")
    await clicker.press("People")
    outcome = await clicker.does('choose "Story team" @everyone')
    assert "everybody in this server" in (outcome.error or "")
    assert (await settings(world)).team_role is None


async def test_deleted_channels_and_roles_are_shown_as_gone_and_can_be_forgotten(world, clicker):
    role = world.server.guild.create_role("Readers")
    await world.env.settle()
    await clicker.reads("/setup")
    await clicker.choose("Chapters", "#chapters")
    await clicker.press("People")
    await clicker.choose("Role to ping", "@Readers")
    world.env.backend.delete_channel(world.server.channels["chapters"].id)
    world.env.backend.delete_role(world.server.guild.id, role.id)
    await world.env.settle()
    assert "This role is gone" in await clicker.press("People")
    await clicker.press("Forget: Role to ping")
    assert "This channel is gone" in await clicker.press("Channels")
    assert "**Chapters**: none" in await clicker.press("Forget: Chapters")
    now = await settings(world)
    assert (now.chapters_channel, now.ping_role) == (None, None)


# ------------------------------------------------------------------------------------------- who, and forgery


async def test_setup_is_not_for_readers(reader):
    assert "This is for moderators" in ((await reader.does("/setup")).error or "")


async def test_a_moderator_who_loses_the_role_can_press_nothing_more(world, clicker):
    await clicker.reads("/setup")
    backend, guild = world.env.backend, world.server.guild
    role = next(role for role in guild.roles.values() if role.name == "Moderators")
    overwrite(world, world.server.channels["mods"], allow=discord.Permissions(view_channel=True))
    backend.remove_member_role(guild.id, world.server.actors["moderator"].id, role.id)
    await world.env.settle()
    for step in ('choose "Chapters" #chapters', 'press "People"', f'press "{strings.BUTTON_FIRST_SERIAL}"'):
        assert "This is for moderators" in ((await clicker.does(step)).error or "")
    assert (await settings(world)).chapters_channel is None
    assert "**Chapters**" in "".join(panel(world).texts)


async def test_who_may_not_manage_the_server_does_not_say_who_is_in_the_story_team(world, clicker):
    team = world.server.guild.create_role("Team")
    await world.env.settle()
    await clicker.reads("/setup")
    await clicker.press("People")
    await clicker.choose("Story team", "@Team")
    backend, guild, person = world.env.backend, world.server.guild, world.server.actors["moderator"]
    role = next(role for role in guild.roles.values() if role.name == "Moderators")
    overwrite(world, world.server.channels["mods"], allow=discord.Permissions(view_channel=True))
    backend.remove_member_role(guild.id, person.id, role.id)
    backend.add_member_role(guild.id, person.id, team.id)
    await world.env.settle()
    for step in ('choose "Story team" @Moderators', 'choose "Story team"'):
        assert "for people to say who may manage the server" in ((await clicker.does(step)).error or "")
    await clicker.choose("Role to ping", "@Moderators")
    assert ((await settings(world)).team_role, (await settings(world)).ping_role) == (team.id, role.id)


@pytest.mark.parametrize(
    ("page", "custom_id", "values"),
    [
        ("Channels", "setup:1:channel:chapters_channel", ["1"]),
        ("Channels", "setup:1:channel:chapters_channel", ["x" * 30]),
        ("Channels", "setup:1:channel:talk_channel", ["9" * 400]),
        ("People", "setup:1:role:team_role", ["1"]),
        ("Readers", "setup:1:choice:ratings", ["general", "forbidden"]),
        ("Readers", "setup:1:choice:ratings", []),
        ("Readers", "setup:1:choice:pace", ["7"]),
        ("Readers", "setup:1:choice:hide_warnings", ["2"]),
        ("Readers", "setup:1:public", ["1"]),
        ("Time", "setup:1:region", ["Atlantis"]),
        ("Time", "setup:1:zone:Other", ["../../etc/passwd"]),
        ("Time", "setup:1:zone:Other", ["posix/UTC"]),
    ],
)
async def test_forged_values_are_refused_and_nothing_is_saved(world, clicker, page, custom_id, values):
    await clicker.reads("/setup")
    await clicker.press(page)
    before = await settings(world)
    assert "nothing was changed" in await forge(world, custom_id, values)
    assert await settings(world) == before
    assert world.bugs() == []
    with sqlite3.connect(world.database) as database:
        assert database.execute("SELECT count(*) FROM setting_change").fetchone() == (0,)


async def test_channels_and_stories_of_another_server_are_refused(world, clicker):
    other = await world.add_server("Another")
    await clicker.reads("/setup")
    assert "nothing was changed" in await forge(
        world, "setup:1:channel:chapters_channel", [str(other.channels["talk"].id)]
    )
    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE story SET owner = ? WHERE slug = 'the-salt-door'", (other.guild.id,))
        (story,) = database.execute("SELECT id FROM story WHERE slug = 'the-salt-door'").fetchone()
    await clicker.press(strings.BUTTON_FIRST_SERIAL)
    menu = next(select for select in panel(world).selects if select.name == "Story")
    await forge(world, menu.custom_id, [str(story)])
    assert f":{story}." not in str(panel(world).selects)
    assert "Salt Door" not in str(panel(world))


@pytest.mark.parametrize(
    "custom_id",
    [
        "setup:1:channel:zone",
        "setup:1:channel:team_role",
        "setup:1:role:chapters_channel",
        "setup:1:forget:ratings",
        "setup:2:page:channels",
        "setup:1:page:secrets",
        "setup:1:draft:start:1.2.year.now",
        "setup:1:draft:start:1.2.week.now.x",
        "setup:1:public:somewhere",
    ],
)
def test_ids_of_no_menu_reach_nothing(custom_id):
    assert not any(item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in PANEL_ITEMS)


# ---------------------------------------------------------------------------------------------------- joining


def greetings(world):
    """The greetings that the bot has sent: where, and under which nonce."""
    return [
        (request.path, request.json["nonce"], request.json["enforce_nonce"])
        for request in world.env.http_requests
        if isinstance(request.json, dict) and request.json.get("content") == strings.WELCOME
    ]


async def test_on_joining_a_server_the_bot_says_one_sentence_once(world):
    server = await world.add_server("Another")
    guild = world.client.get_guild(server.guild.id)
    for _ in range(2):
        world.client.dispatch("guild_join", guild)
        await world.env.settle()
    first = server.channels["chapters"]
    assert set(greetings(world)) == {(f"/channels/{first.id}/messages", f"join{guild.id}", True)}
    assert len(f"join{2**63}") <= 25
    seen = world.sights(server.actors["reader"], first)
    assert [sight.texts for sight in seen if sight.texts == (strings.WELCOME,)] == [(strings.WELCOME,)]


async def test_where_the_bot_may_write_nowhere_it_says_nothing(world):
    server = await world.add_server("Another")
    for channel in server.channels.values():
        overwrite(world, channel, deny=discord.Permissions(send_messages=True))
    await world.env.settle()
    before = len(greetings(world))
    world.client.dispatch("guild_join", world.client.get_guild(server.guild.id))
    await world.env.settle()
    assert len(greetings(world)) == before
    assert world.bugs() == []


async def test_a_greeting_that_discord_refuses_is_no_bug(world):
    server = await world.add_server("Another")
    path = f"/channels/{server.channels['chapters'].id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013)
    world.client.dispatch("guild_join", world.client.get_guild(server.guild.id))
    await world.env.settle()
    assert world.bugs() == []


async def test_a_channel_that_readers_cannot_see_is_said_before_a_serial_is_started_there(world, clicker):
    await clicker.reads("/setup")
    await clicker.press(strings.BUTTON_FIRST_SERIAL)
    await clicker.choose("Channel", "#mods")
    assert f"({strings.EVERYONE} cannot)" in str(panel(world))
    await clicker.choose("Channel", "#talk")
    assert "cannot see" not in str(panel(world))


def test_what_the_story_team_may_is_told_as_it_is():
    said = strings.SETTING_MEANS["team_role"]
    assert all(f"/{command}" in said for command in COMMANDS)
