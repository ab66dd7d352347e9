"""``/check`` says what needs a moderator and mends most of it; what needs them at once, they are told unasked."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot import strings
from bot.discord_ui.checks import CheckButton
from bot.domain.access import Place
from bot.ingest.reading import read
from bot.services.checks import Action, Fix
from bot.stage.tour import CORPUS
from tests.journeys.conftest import Person

STORY = "The Salt Door"
START = f'/serial start story:"{STORY}" channel:#chapters every:day first:now'
GO_ON = f'press "1: {strings.CHECK_BUTTONS["go"]}"'
AGAIN = f'press "{strings.BUTTON_CHECK_AGAIN}"'


@pytest.fixture(autouse=True)
async def indexed(world):
    """The library can be searched, as after every import."""
    await world.index()


async def set_to(world, name, value, server=None):
    await world.app.settings.change((server or world.server).guild.id, name, value, 1)


def close(world, channel="chapters", closed=True):
    """Take the bot's leave to write in a channel, or give it back."""
    role = next(role for role in world.server.guild.roles.values() if role.name == "Inglenook")
    backend, channel_id = world.env.backend, world.server.channels[channel].id
    if closed:
        backend.set_overwrite(
            channel_id, Overwrite(role.id, OverwriteType.ROLE, 0, discord.Permissions(send_messages=True).value)
        )
    else:
        backend.delete_overwrite(channel_id, role.id)


async def told(world):
    """What the moderators were told unasked in #mods, once the bot has looked again."""
    await world.client.run_drops()
    return noticed(world)


def delete(world, channel):
    world.env.backend.delete_channel(world.server.channels[channel].id)


def noticed(world, channel="mods"):
    """What the moderators were told unasked."""
    person = world.server.actors["moderator"]
    return [s.texts[0] for s in world.sights(person, world.server.channels[channel]) if not s.private]


def released(world):
    with sqlite3.connect(world.database) as database:
        return database.execute("SELECT count(*) FROM release").fetchone()[0]


def salt_door():
    return next(story for story in read(CORPUS) if story.slug == "the-salt-door")


async def import_with_a_chapter_between(world):
    """A new version of the story with one chapter more, behind the first two."""
    story = salt_door()
    fresh = replace(story.chapters[-1], title="The Herring Ledger")
    words = "The herring ledger was kept in a hand that nobody living could imitate."
    scene = replace(
        fresh.scenes[0], text=words, emphasis=(), lines=(replace(fresh.scenes[0].lines[0], start=0, end=len(words)),)
    )
    fresh = replace(fresh, scenes=(scene,))
    chapters = [story.chapters[0], fresh, *story.chapters[1:]]
    numbered = tuple(replace(chapter, number=number) for number, chapter in enumerate(chapters, 1))
    await world.app.library.add(replace(story, chapters=numbered))
    await world.index()


# ------------------------------------------------------------------------------------------------ what it says


async def test_all_good_is_one_sentence_and_the_next_dates(world, moderator):
    await moderator.does(START)
    said = await moderator.reads("/check")
    assert strings.CHECK_GOOD in said
    assert "chapter 2 <t:" in said
    assert "Last: [chapter 1](https://discord.com/channels/" in said
    assert (await moderator.does("/check")).private


async def test_where_nothing_runs_it_says_how_to_begin(moderator):
    said = await moderator.reads("/check")
    assert strings.CHECK_GOOD in said
    assert strings.CHECK_NO_SERIAL in said


async def test_a_paused_serial_goes_on_at_the_press_of_a_button(world, moderator):
    await moderator.does(f'/serial start story:"{STORY}" channel:#chapters first:tomorrow')
    close(world)
    await moderator.does("wait 2d")
    said = await moderator.reads("/check")
    assert strings.PAUSES["channel_forbidden"] in said
    assert f"I lack {strings.PERMISSION_NAMES['send_messages']}" in said

    again = await moderator.reads(GO_ON)
    assert "could not go on" in again
    close(world, closed=False)
    done = await moderator.reads(GO_ON)
    assert "the chapter stands in" in done
    assert strings.CHECK_GOOD in done


async def test_a_channel_opened_to_all_is_said_before_anything_is_posted(world, moderator):
    night = Person(world, "moderator", "late-night")
    story = next(s for s in read(CORPUS) if s.rating.value in ("mature", "explicit", "unrated"))
    await night.does(f'/serial start story:"{story.title}" channel:#late-night first:tomorrow')
    assert strings.CHECK_GOOD in await moderator.reads("/check")
    world.restrict(world.server.channels["late-night"], False)
    said = await moderator.reads("/check")
    assert "is not age-restricted" in said
    assert story.title not in said
    assert strings.UNNAMED in said


async def test_what_settings_name_and_is_gone_is_forgotten(world, moderator):
    talk = world.server.channels["talk"].id
    role = world.server.guild.create_role("Ping")
    await set_to(world, "talk_channel", talk)
    await set_to(world, "ping_role", role.id)
    await set_to(world, "public_channels", frozenset({talk, world.server.channels["chapters"].id}))
    assert strings.CHECK_GOOD not in await moderator.reads("/check")  # nobody can be mentioned with that role
    delete(world, "talk")
    world.env.backend.delete_role(world.server.guild.id, role.id)
    said = await moderator.reads("/check")
    for name in ("talk_channel", "public_channels", "ping_role"):
        assert f"“{strings.SETTING_NAMES[name]}”" in said

    for _ in range(3):
        said = await moderator.reads(f'press "1: {strings.CHECK_BUTTONS["forget"]}"')
    assert strings.CHECK_GOOD in said
    settings = await world.app.settings.of(world.server.guild.id)
    assert (settings.talk_channel, settings.ping_role) == (None, None)
    assert settings.public_channels == {world.server.channels["chapters"].id}


async def test_a_stale_index_is_rebuilt_without_anybodys_help(world, moderator):
    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE library SET revision = revision + 1")
    assert strings.CHECK_GOOD in await moderator.reads("/check")
    async with asyncio.timeout(20):
        while not await world.app.index.is_current():  # noqa: ASYNC110 (nothing tells when it is)
            await asyncio.sleep(0)


async def test_an_index_that_cannot_be_rebuilt_is_rebuilt_by_hand_once_it_can(world, moderator, monkeypatch):
    async def fail():
        raise OSError("no space left")

    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE library SET revision = revision + 1")
    with monkeypatch.context() as broken:
        broken.setattr(world.app.index, "refresh", fail)
        assert strings.CHECK_GOOD in await moderator.reads("/check")
        assert strings.FINDINGS["index_stale"] in await moderator.reads("/check")
    assert strings.CHECK_GOOD in await moderator.reads(f'press "1: {strings.CHECK_BUTTONS["index"]}"')


async def test_a_serial_whose_channel_was_deleted_is_ended(world, moderator, reader):
    await moderator.does(START)
    before = released(world)
    delete(world, "chapters")
    await moderator.does("wait 25h")
    assert "its channel is gone" in await moderator.reads("/check")
    said = await moderator.reads(f'press "1: {strings.CHECK_BUTTONS["end"]}"')
    assert "has ended" in said
    assert "/library show" in said
    assert strings.CHECK_GOOD in said
    assert strings.CHECK_NO_SERIAL in said
    assert released(world) == before > 0
    # Beyond that the story stays held back.
    scene = salt_door().chapters[-1].scenes[-1]
    line = scene.text[scene.lines[0].start : scene.lines[0].end].replace('"', "")
    assert line[:40] not in str((await reader.does(f'/find words:"{line[:80]}"')).sights)
    assert len(line) > 40
    assert strings.SERIALS_EMPTY in await moderator.reads("/serial list")
    assert (await moderator.does(f'/serial start story:"{STORY}" channel:#talk first:tomorrow')).error is None


async def test_a_withdrawn_story_is_ended_without_being_named(world, moderator):
    await moderator.does(START)
    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE story SET withdrawn_at = 1 WHERE slug = 'the-salt-door'")
    assert strings.SERIALS_ELSEWHERE["withdrawn"].format(count=1) in await moderator.reads("/serial list")
    said = await moderator.reads("/check")
    assert strings.UNNAMED in said
    said += await moderator.reads(f'press "1: {strings.CHECK_BUTTONS["end"]}"')
    assert STORY not in said
    assert strings.CHECK_NO_SERIAL in said


async def test_a_channel_that_readers_cannot_see_is_never_passed_over(world, moderator, reader):
    story = f'/serial start story:"{STORY}" channel:#mods first:now every:day'
    outcome = await moderator.does(story)
    assert f"({strings.EVERYONE} cannot)" in str(outcome.sights)
    assert strings.SERIAL_HIDES in str(outcome.sights)
    said = await moderator.reads("/check")
    assert "readers cannot see" in said
    assert f"({strings.EVERYONE} cannot)" in said
    assert released(world) == 0
    mods = world.server.channels["mods"]
    world.env.backend.set_overwrite(
        mods.id,
        Overwrite(world.server.guild.id, OverwriteType.ROLE, discord.Permissions(view_channel=True).value, 0),
    )
    said = await moderator.reads("/check")
    assert "readers cannot see" not in said
    assert strings.ONE_UNSHOWN in said


async def test_who_was_muted_stops_no_release(world, moderator, reader):
    muted = world.server.guild.create_role("Quiet")
    hide = discord.Permissions(view_channel=True).value
    world.env.backend.set_overwrite(
        world.server.channels["chapters"].id, Overwrite(muted.id, OverwriteType.ROLE, 0, hide)
    )
    await set_to(world, "talk_channel", world.server.channels["talk"].id)
    outcome = await moderator.does(START)
    assert "Readers cannot see" not in str(outcome.sights)
    assert released(world) > 0
    assert strings.CHECK_GOOD in await moderator.reads("/check")


async def test_another_server_sees_nothing_of_it(world, moderator):
    await moderator.does(f'/serial start story:"{STORY}" channel:#chapters first:tomorrow')
    close(world)
    await moderator.does("wait 2d")
    other = await world.add_server("Another")
    await set_to(world, "talk_channel", world.server.channels["talk"].id, other)
    person = other.actors["moderator"]
    await person.slash(other.channels["mods"], "check")
    (said,) = [" ".join(s.texts) for s in world.sights(person, other.channels["mods"])]
    assert STORY not in said
    assert strings.CHECK_NO_SERIAL in said
    assert strings.SETTING_NAMES["talk_channel"] in said  # a channel of another server is none


# --------------------------------------------------------------------------------------- forged and stale buttons


@pytest.fixture
async def paused(world, moderator):
    """A serial that is paused, and its id."""
    await moderator.does(f'/serial start story:"{STORY}" channel:#chapters first:tomorrow')
    close(world)
    await moderator.does("wait 2d")
    close(world, closed=False)
    with sqlite3.connect(world.database) as database:
        return database.execute("SELECT id FROM serial WHERE state = 'paused'").fetchone()[0]


def state(world, serial):
    with sqlite3.connect(world.database) as database:
        return database.execute("SELECT state FROM serial WHERE id = ?", (serial,)).fetchone()[0]


async def test_a_button_survives_a_restart(world, moderator, paused):
    await moderator.does("/check")
    await moderator.does("restart")
    await moderator.does(GO_ON)
    assert state(world, paused) == "active"


async def test_two_moderators_who_press_the_same_post_one_chapter(world, moderator, paused):
    other = Person(world, "moderator", "talk")
    await other.does("/check")
    await moderator.does("/check")
    await moderator.does(GO_ON)
    first = released(world)
    pressed = await other.does(GO_ON)
    assert pressed.error == strings.REFUSALS["check_old"]
    assert released(world) == first > 0


async def test_a_go_on_that_was_drawn_for_an_earlier_pause_posts_nothing_early(world, moderator, paused):
    other = Person(world, "moderator", "talk")
    await other.does("/check")
    await moderator.does(f'/serial now story:"{STORY}"')
    first = released(world)
    close(world)
    await moderator.does("wait 8d")
    close(world, closed=False)
    assert state(world, paused) == "paused"
    assert (await other.does(GO_ON)).error == strings.REFUSALS["check_old"]
    assert (state(world, paused), released(world)) == ("paused", first)


async def test_of_two_who_post_the_same_chapter_one_does(world, moderator):
    await moderator.does(START)
    await moderator.does("wait 25h")
    await import_with_a_chapter_between(world)
    first, second = Person(world, "moderator", "mods"), Person(world, "moderator", "talk")
    for person in (first, second):
        await person.does("/check")
    post = f'press "1: {strings.CHECK_BUTTONS["behind"].format(chapter=2)}"'
    assert (await first.does(post)).error is None
    count = released(world)
    assert (await second.does(post)).error == strings.REFUSALS["check_old"]
    assert released(world) == count


async def test_another_servers_moderator_cannot_press_for_this_one(world, paused):
    other = await world.add_server("Another")
    with pytest.raises(Exception, match="check_old"):
        await world.app.client.checks.go_on(place(world, other), paused, "p1o")
    assert state(world, paused) == "paused"


def place(world, server):
    return Place(server.guild.id, server.channels["mods"].id, age_restricted=False)


@pytest.mark.parametrize("name", ["zone", "ratings", "team_role", "no_such"])
async def test_a_forged_setting_is_not_forgotten(world, name):
    role = world.server.guild.create_role("Story team")
    await set_to(world, "team_role", role.id)
    with pytest.raises(Exception, match="check_old"):
        await world.app.client.checks.forget(place(world, world.server), name, role.id, 1)
    assert (await world.app.settings.of(world.server.guild.id)).team_role == role.id


@pytest.mark.parametrize(
    "fix",
    [
        Fix(Action.GO_ON, "p99o", 7),
        Fix(Action.END, id=7),
        Fix(Action.POST_BEHIND, "7", 9),
        Fix(Action.FORGET, "talk_channel", 10**18),
    ],
)
def test_every_button_is_rebuilt_from_its_id(fix):
    button = CheckButton(fix, "Go on")
    nobody: Any = None
    match = CheckButton.__discord_ui_compiled_template__.fullmatch(button.custom_id)
    assert match is not None
    rebuilt = asyncio.run(CheckButton.from_custom_id(nobody, nobody, match))
    assert rebuilt.fix == fix
    assert len(button.custom_id) <= 100


# ------------------------------------------------------------------------------------------------------ notices


async def test_moderators_are_told_of_a_pause_once_where_they_want_it(world, moderator, paused):
    assert noticed(world) == []
    assert strings.ONE_NOTICE in await moderator.reads("/check")
    await set_to(world, "notices_channel", world.server.channels["mods"].id)
    (sentence,) = await told(world)
    assert sentence.startswith(f"“{STORY}” in ")
    assert strings.PAUSES["channel_forbidden"] in sentence
    assert strings.ONE_NOTICE not in await moderator.reads("/check")


async def test_setup_opens_from_the_check(world, moderator, paused):
    await moderator.does("/check")
    panel = await moderator.does(f'press "2: {strings.CHECK_BUTTONS["setup"]}"')
    assert panel.error is None
    assert panel.private
    assert strings.SETUP_SAVED in str(panel.sights)


@pytest.mark.parametrize("press", [GO_ON, AGAIN])
async def test_a_button_of_a_check_does_nothing_for_others(world, moderator, paused, press):
    """Nobody else sees the answer; a forged press comes all the same."""
    team = world.server.guild.create_role("Story team")
    member = world.server.guild.add_member(world.env.create_user("tamsin"), roles=[team])
    world.server.actors["helper"] = member
    await set_to(world, "team_role", team.id)
    helper = Person(world, "helper", "talk")
    assert (await helper.does("/check")).error is None
    await set_to(world, "team_role", None)
    outcome = await helper.does(press)
    assert outcome.error == strings.REFUSALS["moderators_only"]
    assert state(world, paused) == "paused"


async def test_after_an_unclear_answer_a_notice_stands_once(world, moderator, paused):
    mods = world.server.channels["mods"]
    await set_to(world, "notices_channel", mods.id)
    world.fail_late("POST", f"/channels/{mods.id}/messages", TimeoutError("no answer"), times=2)
    await told(world)
    await moderator.does("wait 10m")
    assert len(await told(world)) == 1


async def test_what_cannot_be_told_waits_and_the_check_says_so(world, moderator, paused):
    await set_to(world, "notices_channel", world.server.channels["talk"].id)
    close(world, "talk")
    await told(world)
    assert noticed(world, "talk") == []
    said = await moderator.reads("/check")
    assert strings.ONE_NOTICE in said
    assert "I lack" in said
    close(world, "talk", closed=False)
    await moderator.does("wait 25m")
    assert len(noticed(world, "talk")) == 1


async def test_a_pause_that_is_over_is_not_told(world, moderator, paused):
    await moderator.does("/check")
    await moderator.does(GO_ON)
    await set_to(world, "notices_channel", world.server.channels["mods"].id)
    assert await told(world) == []


async def test_an_adult_title_is_not_named_in_open_notices(world, moderator):
    await set_to(world, "notices_channel", world.server.channels["mods"].id)
    story = next(s for s in read(CORPUS) if s.rating.value in ("mature", "explicit", "unrated"))
    night = Person(world, "moderator", "late-night")
    await night.does(f'/serial start story:"{story.title}" channel:#late-night first:in a minute')
    close(world, "late-night")
    await moderator.does("wait 5m")
    (sentence,) = await told(world)
    assert sentence.startswith(strings.UNNAMED)
    assert story.title not in sentence


async def test_the_end_of_a_serial_is_told(world, moderator):
    await set_to(world, "notices_channel", world.server.channels["mods"].id)
    await moderator.does(START)
    await moderator.does(f"wait {len(salt_door().chapters)}d")
    (sentence,) = noticed(world)
    assert "has posted all its chapters" in sentence
    assert "it rests until" in await moderator.reads("/check")


# ------------------------------------------------------------------------------- chapters behind the posting point


async def test_a_chapter_that_comes_in_behind_stays_unreleased_until_it_is_posted(world, moderator, reader):
    await set_to(world, "notices_channel", world.server.channels["mods"].id)
    await moderator.does(START)
    await moderator.does("wait 1d")
    find = '/find words:"the herring ledger was kept in a hand that nobody living could imitate"'
    await import_with_a_chapter_between(world)
    (sentence,) = await told(world)
    assert "a chapter came in behind" in sentence
    assert "herring" not in str(await reader.does(find)).casefold().replace(find.casefold(), "")
    assert "2 chapters" in await reader.reads(f'/stories story:"{STORY}"')

    said = await moderator.reads("/check")
    assert "chapter 2 came in behind" in said
    done = await moderator.reads(f'press "1: {strings.CHECK_BUTTONS["behind"].format(chapter=2)}"')
    assert "the chapter stands in" in done
    assert strings.CHECK_GOOD in done
    assert "chapter 4 <t:" in done
    assert "herring" in (await reader.reads(find)).casefold()
    assert "3 chapters" in await reader.reads(f'/stories story:"{STORY}"')


async def test_a_serial_whose_waiting_chapter_is_gone_goes_on_with_the_next(world, moderator, paused):
    story = salt_door()
    kept = tuple(replace(c, number=n) for n, c in enumerate(story.chapters[1:], 1))
    await world.app.library.add(replace(story, chapters=kept), allow_shrink=True)
    await moderator.does("/check")
    done = await moderator.reads(GO_ON)
    assert "the chapter stands in" in done
    assert state(world, paused) == "active"
