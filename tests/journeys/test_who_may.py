"""Moderators' commands: for people who may manage the server, for its story team, for whom an admin allows one."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bot import strings
from bot.discord_ui import moderators
from bot.domain.story import Rating
from bot.stage.play import Play
from bot.stage.steps import parse
from tests.journeys.conftest import Person

REFUSED = strings.REFUSALS["moderators_only"]
STORY = "The Salt Door"
COMMANDS = ("/serial list", f'/serial now story:"{STORY}"', "/check")


async def set_to(world, name, value, guild=None):
    guild = guild or world.server.guild
    await world.app.settings.change(guild.id, name, value, 1)


async def command_id(world, name):
    return next(command.id for command in await world.client.tree.fetch_commands() if command.name == name)


@pytest.fixture
async def team(world):
    """The story team's role, with a member."""
    role = world.server.guild.create_role("Story team")
    world.server.actors["helper"] = world.server.guild.add_member(world.env.create_user("tamsin"), roles=[role])
    await set_to(world, "team_role", role.id)
    return role


async def refused(person, step):
    outcome = await person.does(step)
    return outcome.error == REFUSED and outcome.private


@pytest.mark.parametrize("step", COMMANDS)
async def test_a_stranger_is_refused_everything_that_moderators_do(world, reader, step):
    assert await refused(reader, step)


async def test_a_stranger_does_not_see_the_panel(world, reader):
    outcome = await reader.does("/setup")
    assert outcome.error is not None
    assert strings.SETUP_TITLE not in str(outcome.sights)


async def test_a_stranger_may_not_attach_a_story(world):
    person = world.server.actors["reader"]
    talk = world.server.channels["talk"]
    await person.slash(talk, "library add", file=("oars.txt", b"Title: Oars\n\nChapter 1\n\nThe river.\n"))
    assert [s.texts for s in world.sights(person, talk) if s.private] == [(REFUSED,)]


@pytest.mark.parametrize("step", COMMANDS[::2])
async def test_the_story_team_may(world, team, step):
    outcome = await Person(world, "helper", "talk").does(step)
    assert outcome.error is None


async def test_who_has_only_the_other_servers_team_role_may_not(world, team):
    other = await world.add_server("Another")
    role = other.guild.create_role("Story team")
    await set_to(world, "team_role", role.id)
    await set_to(world, "team_role", team.id, other.guild)
    assert await refused(Person(world, "helper", "talk"), "/check")


async def test_a_team_role_that_is_gone_opens_nothing(world, team):
    world.env.backend.delete_role(world.server.guild.id, team.id)
    assert await refused(Person(world, "helper", "talk"), "/check")


async def test_whom_an_admin_allows_a_command_may_use_that_one(world, reader):
    person = world.server.actors["reader"]
    world.server.guild.set_command_permissions(await command_id(world, "check"), {person: True})
    assert (await reader.does("/check")).error is None
    assert await refused(reader, "/serial list")


async def test_a_role_that_an_admin_allows_a_command_may_use_it(world):
    role = world.server.guild.create_role("Binders")
    world.server.actors["binder"] = world.server.guild.add_member(world.env.create_user("ivo"), roles=[role])
    world.server.guild.set_command_permissions(await command_id(world, "serial"), {role: True})
    assert (await Person(world, "binder", "talk").does("/serial list")).error is None


async def test_a_yes_for_everybody_makes_nobody_a_moderator(world, reader):
    everybody = world.server.guild.default_role
    world.server.guild.set_command_permissions(await command_id(world, "check"), {everybody: True})
    assert await refused(reader, "/check")


async def test_an_override_of_another_server_opens_nothing(world):
    other = await world.add_server("Another")
    other.guild.set_command_permissions(await command_id(world, "check"), {other.actors["reader"]: True})
    assert await refused(Person(world, "reader", "talk"), "/check")


async def test_where_discord_does_not_say_what_admins_allow_nobody_more_may(world, reader):
    person = world.server.actors["reader"]
    check = await command_id(world, "check")
    world.server.guild.set_command_permissions(check, {person: True})
    path = f"/applications/{world.client.application_id}/guilds/{world.server.guild.id}/commands/{check}/permissions"
    world.fail_late("GET", path, TimeoutError("no answer"), times=1)
    assert await refused(reader, "/check")
    assert (await reader.does("/check")).error is None


async def test_what_an_admin_takes_back_holds_a_moment_later(world, reader):
    person = world.server.actors["reader"]
    check = await command_id(world, "check")
    world.server.guild.set_command_permissions(check, {person: True})
    assert (await reader.does("/check")).error is None
    world.server.guild.set_command_permissions(check, {})
    await reader.does("wait 20s")
    assert await refused(reader, "/check")


async def test_a_stranger_is_suggested_nothing_by_a_moderators_command(world, moderator):
    step = f"suggest '/serial now story:\"{STORY[:6]}\"'"
    assert (await Play(world, actor="moderator", channel="talk").perform(parse(step))).suggestions
    assert not (await Play(world, actor="reader", channel="talk").perform(parse(step))).suggestions


async def test_who_loses_the_role_is_refused_at_the_next_press(world, team):
    helper = Person(world, "helper", "talk")
    assert (await helper.does("/check")).error is None
    world.env.backend.edit_member(world.server.guild.id, world.server.actors["helper"].id, {"role_ids": []})
    assert await refused(helper, f'press "{strings.BUTTON_CHECK_AGAIN}"')


async def test_help_shows_moderators_what_they_can_do(world, team, reader):
    assert strings.HELP_MODERATORS.splitlines()[1] in await Person(world, "helper", "talk").reads("/help")
    assert strings.HELP_MODERATORS.splitlines()[1] not in await reader.reads("/help")


# --------------------------------------------------------------------------------- what admins deny, and buttons


async def allow(world, **commands):
    """Let the reader use these moderators' commands, or not."""
    for name, may in commands.items():
        world.server.guild.set_command_permissions(await command_id(world, name), {world.server.actors["reader"]: may})


async def test_a_button_asks_for_the_command_that_it_belongs_to(world, reader):
    await allow(world, check=True, setup=False)
    await set_to(world, "team_role", 1)
    said = await reader.does("/check")
    assert said.error is None
    forget = f'press "1: {strings.CHECK_BUTTONS["forget"]}"'
    assert await refused(reader, forget)
    assert (await world.app.settings.of(world.server.guild.id)).team_role == 1
    assert (await reader.does(f'press "{strings.BUTTON_CHECK_AGAIN}"')).error is None


async def test_who_may_check_alone_cannot_open_the_panel_from_there(world, moderator, reader):
    await moderator.does(f'/serial start story:"{STORY}" channel:#chapters first:tomorrow')
    await set_to(world, "ratings", frozenset({Rating.EXPLICIT}))
    await allow(world, check=True, setup=False)
    await reader.does("/check")
    assert await refused(reader, f'press "1: {strings.CHECK_BUTTONS["setup"]}"')
    await allow(world, setup=True)
    await reader.does("wait 20s")
    assert (await reader.does(f'press "1: {strings.CHECK_BUTTONS["setup"]}"')).error is None
    await allow(world, setup=False)
    await reader.does("wait 20s")
    assert await refused(reader, 'press "Readers"')


async def test_whom_admins_deny_a_command_presses_none_of_its_buttons(world, team):
    """Whether they belong to the story team or manage the server; what an admin denies the whole bot, too."""
    for name, actor, denied in (
        ("setup", "helper", team),
        ("setup", "moderator", world.server.actors["moderator"]),
        (None, "helper", world.server.actors["helper"]),
    ):
        person = Person(world, actor, "talk")
        assert (await person.does("/setup")).error is None
        command = await command_id(world, name) if name else world.client.application_id
        world.server.guild.set_command_permissions(command, {denied: False})
        await person.does("wait 20s")
        assert await refused(person, 'press "People"')
        world.server.guild.set_command_permissions(command, {})
        await person.does("wait 20s")
        assert (await person.does('press "People"')).error is None


async def test_slow_answers_are_not_waited_for_one_after_another(world, monkeypatch):
    """Four questions at once, and one deadline for all."""
    asked, most = 0, 0

    async def slow(*_):
        nonlocal asked, most
        asked += 1
        most = max(most, asked)
        try:
            await asyncio.Event().wait()
        finally:
            asked -= 1

    monkeypatch.setattr(moderators, "_PATIENCE", 0.01)
    monkeypatch.setattr(world.client.http, "get_application_command_permissions", slow)
    assert not await world.client.moderators.may(await pressing(world, "reader"))
    assert (asked, most) == (0, len(moderators.COMMANDS) + 1)


async def pressing(world, actor):
    """An interaction of somebody that is no command."""
    guild = world.client.get_guild(world.server.guild.id)
    member = await guild.fetch_member(world.server.actors[actor].id)
    return SimpleNamespace(
        user=member, guild_id=guild.id, permissions=member.guild_permissions, command=None, channel=None
    )


async def test_while_discord_does_not_say_who_manages_the_server_goes_on(world, moderator, team, monkeypatch):
    async def silent(*_):
        raise TimeoutError

    helper = Person(world, "helper", "talk")
    for person in (moderator, helper):
        await person.does("/setup")
    monkeypatch.setattr(world.client.http, "get_application_command_permissions", silent)
    assert (await moderator.does('press "People"')).error is None
    assert await refused(helper, 'press "People"')
