"""What moderators start and readers receive: chapters, once each, in order, spoiler-safe."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace

import discord

from bot import strings
from bot.domain.story import (
    Chapter,
    Emphasis,
    Line,
    Manuscript,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    Scene,
)
from bot.ingest.reading import read
from bot.stage.tour import CORPUS

SERIAL = "The Salt Door"


def posts(world, channel="chapters"):
    reader = world.server.actors["reader"]
    return [sight.texts[0] for sight in world.sights(reader, world.server.channels[channel])]


def parts(world, channel="chapters"):
    """The prose among the bot's posts: neither cards nor breaks."""
    return [text for text in posts(world, channel) if not text.startswith(("## ", "-# ", strings.SCENE_BREAK))]


def stored_scenes(world, chapter):
    with sqlite3.connect(world.database) as database:
        return [
            row[0]
            for row in database.execute(
                """SELECT sc.text FROM story s JOIN scene_revision sc ON sc.revision_id = s.revision_id
                JOIN chapter_revision c ON c.revision_id = s.revision_id AND c.chapter_id = sc.chapter_id
                WHERE s.slug = 'the-salt-door' AND c.number = ? ORDER BY sc.position""",
                (chapter,),
            )
        ]


def plain(markdown):
    """What a reader sees of a part: escapes undone, emphasis marks gone."""
    markdown = markdown.replace("\u200b", "")
    return re.sub(r"\\([^0-9A-Za-z\s])|\*", lambda m: m[1] or "", markdown)


async def test_a_serial_starts_with_its_next_dates_and_drops_on_time(world, moderator, chapter_reader):
    started = await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters every:day first:in a minute')
    assert started.count("<t:") == 6
    assert posts(world) == []
    await chapter_reader.does("wait 59s")
    assert posts(world) == []
    await chapter_reader.does("wait 2s")
    assert posts(world)[0].startswith("## The Salt Door\n**Chapter 1: The Loaf**")
    await chapter_reader.does("wait 1d")
    assert sum(post.startswith("## ") for post in posts(world)) == 2


async def test_the_parts_of_a_chapter_are_its_text_and_nothing_else(world, moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now')
    assert "".join("".join(plain(part) for part in parts(world)).split()) == "".join(
        "".join(stored_scenes(world, 1)).split()
    )
    assert posts(world).count(strings.SCENE_BREAK) == len(stored_scenes(world, 1)) - 1


async def test_only_the_first_message_notifies_and_none_can_mention(world, moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now')
    chapters = world.server.channels["chapters"].id
    bodies = [r.json for r in world.env.http_requests if r.path == f"/channels/{chapters}/messages"]
    silent = [bool(discord.MessageFlags._from_value(body["flags"]).suppress_notifications) for body in bodies]
    assert silent == [False] + [True] * (len(bodies) - 1)
    assert all(body["allowed_mentions"] == {"parse": []} for body in bodies)
    assert all(body["enforce_nonce"] for body in bodies)
    assert len({body["nonce"] for body in bodies}) == len(bodies)


async def test_nothing_of_a_serial_is_shown_before_it_was_posted(reader, moderator):
    late = '/find words:"eighteen inches nettle close the door dental plaster"'
    first = '/find words:"the door was nine feet thick nettle explained loaf"'
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:tomorrow')
    assert (await reader.does(first)).error is not None
    assert (await reader.does(f'/quote story:"{SERIAL}"')).error is not None
    assert "Nothing of it has been posted here yet" in await reader.reads(f'/stories story:"{SERIAL}"')
    await moderator.reads(f'/serial now story:"{SERIAL}"')
    assert "nine feet thick" in (await reader.reads(first)).replace("**", "")
    assert SERIAL not in str(await reader.does(late))
    assert "1 chapter ·" in await reader.reads(f'/stories story:"{SERIAL}"')


async def test_another_server_still_sees_all_of_a_story_that_runs_here(world, moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:tomorrow')
    other = await world.add_server("Another")
    result = await other.actors["reader"].slash(other.channels["talk"], "quote", story=SERIAL)
    assert result.response.embeds[0].author.name == SERIAL


async def test_a_restart_at_every_message_posts_each_once(world, moderator, reader):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:tomorrow')
    chapters = world.server.channels["chapters"].id
    for _ in range(4):
        world.fail_late("POST", f"/channels/{chapters}/messages", TimeoutError("no answer"), times=1)
        await moderator.does(f'/serial now story:"{SERIAL}"')
        await moderator.does("restart")
    await moderator.does("wait 5m")
    assert len(parts(world)) == len(set(parts(world)))
    assert "".join("".join(plain(part) for part in parts(world)).split()).startswith(
        "".join("".join(stored_scenes(world, 1)).split())
    )


async def test_asking_again_while_a_chapter_is_under_way_brings_no_second_one(world, moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:tomorrow')
    path = f"/channels/{world.server.channels['chapters'].id}/messages"
    world.env.inject_error("POST", path, status=500, times=2)
    for _ in range(3):
        await moderator.does(f'/serial now story:"{SERIAL}"')
    assert sum(post.startswith("## ") for post in posts(world)) == 1
    assert posts(world)[-1].startswith("-# End of Chapter 1")


async def test_a_server_error_only_delays(world, moderator):
    world.env.inject_error("POST", f"/channels/{world.server.channels['chapters'].id}/messages", status=500)
    await moderator.does(f'/serial start story:"{SERIAL}" channel:#chapters first:now')
    assert posts(world) == []
    await moderator.does("wait 30s")
    assert posts(world)[-1].startswith("-# End of Chapter 1")


async def test_a_lost_permission_pauses_and_says_how_to_go_on(world, moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:in a minute')
    world.env.inject_error("POST", f"/channels/{world.server.channels['chapters'].id}/messages", status=403, code=50013)
    await moderator.does("wait 2m")
    paused = await moderator.reads("/serial list")
    assert strings.PAUSES["channel_forbidden"] in paused
    assert "/serial now" in paused
    await moderator.does(f'/serial now story:"{SERIAL}"')
    assert posts(world)[-1].startswith("-# End of Chapter 1")
    assert "Paused" not in await moderator.reads("/serial list")


async def test_a_channel_that_is_opened_between_two_chapters_gets_no_more(world, moderator):
    night = world.server.channels["late-night"]
    await moderator.does('/serial start story:"Nine Men and a Piano" channel:#late-night first:now every:day')
    count = len(posts(world, "late-night"))
    assert count > 3
    world.restrict(night, False)
    await moderator.does("wait 25h")
    assert len(posts(world, "late-night")) == count


async def test_an_adult_story_is_refused_outside_and_says_why(moderator):
    refused = await moderator.does('/serial start story:"Nine Men and a Piano" channel:#talk')
    assert "is mature" in refused.error
    assert "age-restricted" in refused.error


async def test_moderators_read_no_adult_title_that_they_did_not_type(moderator):
    await moderator.does('/serial start story:"Nine Men and a Piano" channel:#late-night first:tomorrow')
    listed = await moderator.reads("/serial list")
    assert "Nine Men" not in listed
    assert "1 that may be named in age-restricted channels" in listed


async def test_the_same_serial_twice_in_a_channel_is_refused(moderator):
    start = f'/serial start story:"{SERIAL}" channel:#chapters first:tomorrow'
    await moderator.reads(start)
    assert "already runs" in (await moderator.does(start)).error


async def test_a_serial_ends_with_its_story_and_says_so(world, moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:hour')
    await moderator.does("wait 6h")
    assert sum(post.startswith("## ") for post in posts(world)) == 5
    assert "Next" not in posts(world)[-1]
    assert "all 5 posted" in await moderator.reads("/serial list")
    assert "Every chapter" in (await moderator.does(f'/serial now story:"{SERIAL}"')).error


async def test_hostile_prose_is_shown_as_it_was_written(world, moderator):
    text = (
        "@everyone <@&1> **shout** _and_ `code` ||secret||\n\n# no heading\n\n- no list\n\n> no quote\n\n"
        "[a link](https://example.org) ~~gone~~ 1. one"
    )
    scene = Scene(text=text, lines=(Line(0, len(text), False),), emphasis=(Emphasis(20, 25, True, False),))
    story = Manuscript(
        slug="hostile",
        title="# @here *hostile*",
        rating=Rating.TEEN,
        chapters=(Chapter(1, (scene,)),),
        permission=Permission(PermissionFrom.AUTHOR, PermissionFor.FULL_TEXT),
    )
    await world.app.library.add(story)
    await moderator.does('/serial start story:"hostile" channel:#chapters first:now')
    [part] = parts(world)
    assert plain(part) == text
    assert r"\@everyone" in part
    assert posts(world)[0].startswith(r"## \# \@here \*hostile\*")


async def test_everything_is_still_there_after_a_restart(world, moderator, chapter_reader, reader):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:day')
    await chapter_reader.does("react ❤️ [2]")
    before = await moderator.reads("/serial list"), await reader.reads("/top")
    await moderator.does("restart")
    assert (await moderator.reads("/serial list"), await reader.reads("/top")) == before
    await moderator.does("wait 1d")
    assert sum(post.startswith("## ") for post in posts(world)) == 2


def test_the_reader_of_markdown_undoes_an_escape():
    assert plain(r"\*not\* *but*") == "*not* but"
    assert json.dumps(plain("a\u200bb")) == '"ab"'


def chapters_dropped(world):
    return [int(re.findall(r"Chapter (\d+)", post)[0]) for post in posts(world) if post.startswith("## ")]


async def test_a_story_that_loses_its_prologue_loses_no_other_chapter(world, moderator):
    [story] = [m for m in read(CORPUS) if m.title == SERIAL]
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:hour')
    await world.app.library.add(replace(story, chapters=story.chapters[1:]), allow_shrink=True)
    await moderator.does("wait 5h")
    assert chapters_dropped(world) == [1, 2, 3, 4, 5]


async def test_a_serial_that_rests_goes_on_when_its_story_grows(world, moderator):
    [story] = [m for m in read(CORPUS) if m.title == SERIAL]
    await world.app.library.add(replace(story, chapters=story.chapters[:2]), allow_shrink=True)
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:hour')
    await moderator.does("wait 90m")
    assert "all 2 posted" in await moderator.reads("/serial list")
    await moderator.does("wait 1d")
    await world.app.library.add(story)
    await moderator.does("wait 2h")
    assert chapters_dropped(world) == [1, 2, 3]


async def test_a_paused_serial_is_the_one_that_now_means(world, moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:tomorrow')
    talk = world.server.channels["talk"].id
    world.env.inject_error("POST", f"/channels/{talk}/messages", status=403, code=50013)
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#talk first:now')
    await moderator.reads(f'/serial now story:"{SERIAL}"')
    assert posts(world) == []
    assert posts(world, "talk")[-1].startswith("-# End of Chapter 1")
    refused = await moderator.does(f'/serial now story:"{SERIAL}"')
    assert "option channel" in refused.error
    await moderator.reads(f'/serial now story:"{SERIAL}" channel:#chapters')
    assert chapters_dropped(world) == [1]


async def test_what_is_wanted_of_a_serial_whose_channel_was_deleted_is_to_end_it(world, moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:tomorrow')
    world.env.backend.delete_channel(world.server.channels["chapters"].id)
    answer = await moderator.reads(f'/serial now story:"{SERIAL}"')
    assert "otherwise type /serial end" in answer
    assert "now again" not in answer
    assert "otherwise type /serial end" in await moderator.reads("/serial list")


async def test_a_serial_of_which_all_was_posted_is_not_taken_up_again(world, moderator):
    start = f'/serial start story:"{SERIAL}" channel:#chapters every:hour first:now'
    await moderator.reads(start)
    await moderator.does("wait 2d")
    await moderator.reads(f'/serial end story:"{SERIAL}"')
    before = posts(world)
    refused = await moderator.does(start)
    assert "none is left to come" in (refused.error or "")
    assert posts(world) == before
    assert "No serial runs here" in await moderator.reads("/serial list")
