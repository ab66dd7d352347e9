"""Moderators attach a story, read what was understood, and only then is it stored."""

from __future__ import annotations

import sqlite3

import pytest

from bot import strings
from tests.journeys.conftest import Person

OARS = """Title: The *Oar* Song
Author: Peg Lanyon
Rating: PG
Disclaimer: None of this is mine.

Chapter 1

The river remembers every oar that ever broke in it. She said so twice, and nobody answered her at all.

* * *

Then the bell rang from the harbour, and the men put down their cups. One of them wept.

Chapter 2

Under the lighthouse somebody had planted leeks. They were doing well, considering the salt and the gulls.
"""


async def attach(world, text=OARS, name="oars.txt", channel="mods", **options):
    """What the moderator reads after ``/library add``."""
    moderator = world.server.actors["moderator"]
    await moderator.slash(world.server.channels[channel], "library add", file=(name, text.encode()), **options)
    return shown(world, channel)[-1]


def shown(world, channel="mods"):
    """The private answers that the moderator sees in a channel."""
    sights = world.sights(world.server.actors["moderator"], world.server.channels[channel])
    return ["\n".join(sight.texts) for sight in sights if sight.private]


def stored(world):
    """(slug, owner) of every story that is not the corpus's."""
    with sqlite3.connect(world.database) as database:
        return database.execute(
            "SELECT slug, owner FROM story WHERE revision_id IS NOT NULL AND owner <> 0 ORDER BY slug"
        ).fetchall()


@pytest.fixture
def guild(world):
    return world.server.actors["moderator"].guild.id


async def test_nothing_is_stored_before_accept_and_then_it_is_the_servers_own(world, moderator, reader, guild):
    report = await attach(world)
    for part in ("The \\*Oar\\* Song", "Peg Lanyon", "2 chapters, 3 scenes", "teen", "disclaimer", "nobody on record"):
        assert part.casefold() in report.casefold()
    assert stored(world) == []

    said = await moderator.reads("press Accept")
    assert "is in this server's library now" in said
    assert stored(world) == [("the-oar-song", guild)]
    assert "The river remembers every oar" in (await reader.reads('/find words:"river remembers every oar"')).replace(
        "**", ""
    )


async def test_what_is_discarded_leaves_nothing(world, moderator):
    await attach(world)
    assert "discarded" in await moderator.reads("press Discard")
    assert stored(world) == []


async def test_after_a_restart_an_old_button_asks_for_the_file_again(world, moderator):
    await attach(world)
    await moderator.does("restart")
    pressed = await moderator.does("press Accept")
    assert "Attach it again" in (pressed.error or "")
    assert stored(world) == []


async def test_a_title_for_adults_is_not_named_in_an_open_channel(world):
    report = await attach(world, rating="explicit")
    assert "oars.txt" in report
    assert "Oar" not in report.replace("oars.txt", "")
    assert "Lanyon" not in report
    assert "Oar" in await attach(world, rating="explicit", channel="late-night")


async def test_options_stand_in_for_what_the_file_says(world, moderator, guild):
    report = await attach(world, title="Leeks", rating="general", permission="author: full text")
    assert report.startswith("Leeks")
    assert "its author: the full text" in report
    await moderator.does("press Accept")
    started = await moderator.reads('/serial start story:"Leeks" channel:#chapters first:now')
    assert "Leeks" in started


async def test_a_serial_of_a_story_without_consent_is_refused_with_the_way_out(world, moderator):
    await attach(world)
    await moderator.does("press Accept")
    refused = await moderator.does('/serial start story:"The *Oar* Song" channel:#chapters first:now')
    assert "nobody is on record" in (refused.error or "")
    assert "permission" in (refused.error or "")


async def test_a_shorter_file_is_refused_until_that_is_meant(world, moderator, guild):
    await attach(world)
    await moderator.does("press Accept")
    shorter = OARS[: OARS.index("Chapter 2")]
    assert "your file does not hold chapter 2" in await attach(world, shorter)
    assert "1 are gone" in await attach(world, shorter, shorter=True)
    await moderator.does("press Accept")
    assert stored(world) == [("the-oar-song", guild)]


async def test_a_file_that_is_no_story_is_refused_by_name(world):
    assert "virus.exe" in await attach(world, name="virus.exe")


async def test_readers_are_not_offered_it(world):
    person = Person(world, "reader", "talk")
    assert "library" not in (await person.reads("/help"))
    reader = world.server.actors["reader"]
    assert "library add" not in reader.available_commands(world.server.channels["talk"])


def test_every_rating_has_its_words():
    assert {"anywhere", "restricted", "unrated"} <= set(strings.UPLOAD)


async def test_a_step_attaches_a_file_from_the_disk(moderator, tmp_path):
    file = tmp_path / "oars.txt"
    file.write_text(OARS, encoding="utf-8")
    assert "2 chapters, 3 scenes" in await moderator.reads(f'/library add file:"{file}"')
    missing = await moderator.does('/library add file:"nowhere.txt"')
    assert "nowhere.txt" in (missing.error or "")
