"""Moderators attach a story, read what was understood, and only then is it stored."""

from __future__ import annotations

import io
import sqlite3
import zipfile

import pytest

from bot import strings
from bot.discord_ui.views import upload_buttons
from bot.services.uploads import MAX_BYTES
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


async def attach(world, text: str | bytes = OARS, name="oars.txt", channel="mods", who="moderator", **options):
    """What somebody reads after ``/library add``."""
    data = text if isinstance(text, bytes) else text.encode()
    await world.server.actors[who].slash(world.server.channels[channel], "library add", file=(name, data), **options)
    return shown(world, channel, who)[-1]


def shown(world, channel="mods", who="moderator"):
    """The private answers that somebody sees in a channel."""
    sights = world.sights(world.server.actors[who], world.server.channels[channel])
    return ["\n".join(sight.texts) for sight in sights if sight.private]


def stored(world):
    """(slug, owner) of every story that is not the corpus's."""
    with sqlite3.connect(world.database) as database:
        return database.execute(
            "SELECT slug, owner FROM story WHERE revision_id IS NOT NULL AND owner <> 0 ORDER BY slug"
        ).fetchall()


async def same_buttons(world, channel="mods"):
    """A message with the buttons of the last report, as one held back by a slow connection would have them."""
    report = world.sights(world.server.actors["moderator"], world.server.channels[channel])[-1]
    message = world.message(world.server.channels[channel], report)
    (row,) = message.components
    token = row.children[0].custom_id.rpartition(":")[2]
    return await world.env.bot.get_channel(message.channel.id).send("again", view=upload_buttons(token))


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


async def test_the_report_is_seen_by_nobody_else(world):
    await attach(world, channel="talk")
    talk = world.server.channels["talk"]
    for who in ("reader", "author"):
        assert world.sights(world.server.actors[who], talk) == []
    await Person(world, "moderator", "talk").reads("press Accept")
    assert world.sights(world.server.actors["reader"], talk) == []


@pytest.mark.parametrize("label", ["Accept", "Discard"])
async def test_what_is_pressed_again_says_that_it_was_accepted(world, moderator, guild, label):
    await attach(world)
    again = await same_buttons(world)
    await moderator.does("press Accept [2]")
    await world.server.actors["moderator"].click(again, label=label)
    assert "accepted already" in shown(world)[-1]
    assert "nothing was stored" not in shown(world)[-1]
    assert stored(world) == [("the-oar-song", guild)]


@pytest.mark.parametrize("label", ["Accept", "Discard"])
async def test_nobody_decides_on_what_another_attached(world, moderator, label):
    await attach(world)
    buttons = await same_buttons(world)
    server = world.server
    role = next(role for role in server.guild.roles.values() if role.name == "Moderators")
    server.actors["second"] = server.guild.add_member(world.env.create_user("judit"), roles=[role])
    await server.actors["second"].click(buttons, label=label)
    assert "does not wait any longer" in shown(world, "mods", "second")[-1]
    assert stored(world) == []
    assert "is in this server's library now" in await moderator.reads("press Accept [2]")


async def test_who_is_no_moderator_may_not_add(world):
    assert "This is for moderators" in await attach(world, channel="talk", who="reader")
    assert stored(world) == []


async def test_a_moderator_who_is_one_no_longer_may_not_accept(world, guild):
    await attach(world, channel="talk")
    role = next(role for role in world.server.guild.roles.values() if role.name == "Moderators")
    world.env.backend.edit_role(guild, role.id, {"permissions": 0})
    refused = await Person(world, "moderator", "talk").does("press Accept")
    assert "This is for moderators" in (refused.error or "")
    assert stored(world) == []


async def test_a_story_that_went_in_between_comes_in_as_new(world, moderator, guild):
    await attach(world)
    await moderator.does("press Accept")
    assert "It replaces the text" in await attach(world, OARS.replace("leeks", "beans"))
    with sqlite3.connect(world.database) as database:
        database.execute("UPDATE story SET revision_id = NULL WHERE owner <> 0")
    assert stored(world) == []
    assert "is in this server's library now" in await moderator.reads("press Accept")
    assert stored(world) == [("the-oar-song", guild)]


def packed(**files):
    """A zip archive of files by name, "__" for a slash."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".txt", text)
    return data.getvalue()


async def test_a_file_of_several_stories_is_refused_with_their_number(world):
    told = await attach(world, packed(oars__1=OARS, leeks__1=OARS.replace("Oar", "Leek")), "two.zip")
    assert "two.zip holds 2 stories" in told
    assert "one by one" in told
    assert stored(world) == []


async def test_a_zip_of_chapters_comes_in_as_one_story(world, moderator):
    first, second = OARS.split("Chapter 2")
    assert "2 chapters" in await attach(world, packed(one=first, two="Chapter 2" + second), "oars.zip")
    await moderator.does("press Accept")
    assert len(stored(world)) == 1


async def test_a_file_that_is_too_large_is_refused_and_the_largest_is_taken(world):
    assert "whale.txt is larger than 20 MB" in await attach(world, b"x" * (MAX_BYTES + 1), "whale.txt")
    # An archive may have anything behind its own end, up to 64 KB; what fills it stands in front.
    data = packed(oars=OARS)
    assert "2 chapters" in await attach(world, b"x" * (MAX_BYTES - len(data)) + data, "oars.zip")
    assert stored(world) == []


async def test_a_story_for_adults_is_said_to_be_one(world):
    told = await attach(world, OARS.replace("PG", "NC-17"), channel="late-night")
    assert "Rating: explicit. It may be shown in age-restricted channels only." in told
    told = await attach(world, OARS.replace("Rating: PG\n", ""), channel="late-night")
    assert "Unrated, and so it may be shown in age-restricted channels only" in told


async def test_what_it_says_otherwise_of_itself_is_told_where_it_may_stand(world, moderator):
    await attach(world)
    await moderator.does("press Accept")
    adult = OARS.replace("PG", "NC-17").replace("Peg Lanyon", "Wick")
    told = await attach(world, adult)
    assert "Changes its rating: teen → explicit" in told
    assert "Wick" not in told
    assert "Changes its authors: Peg Lanyon → Wick" in await attach(world, adult, channel="late-night")
    await Person(world, "moderator", "late-night").does("press Accept")
    told = await attach(world)
    assert "Changes its rating: explicit → teen" in told
    assert "Wick" not in told


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


async def test_in_an_open_channel_the_doubts_about_a_story_for_adults_are_counted(world):
    report = await attach(world, OARS.replace("Rating: PG", "Rating: PG\nTags: Smut"))
    assert "1 place. Type /library add in an age-restricted channel" in report
    assert "more" not in report
    assert "Smut" not in report


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


async def test_readers_are_not_told_of_it(world):
    person = Person(world, "reader", "talk")
    assert "library" not in (await person.reads("/help"))


def test_every_rating_has_its_words():
    assert {"anywhere", "restricted", "unrated"} <= set(strings.UPLOAD)


async def test_a_step_attaches_a_file_from_the_disk(moderator, tmp_path):
    file = tmp_path / "oars.txt"
    file.write_text(OARS, encoding="utf-8")
    assert "2 chapters, 3 scenes" in await moderator.reads(f'/library add file:"{file}"')
    missing = await moderator.does('/library add file:"nowhere.txt"')
    assert "nowhere.txt" in (missing.error or "")


@pytest.mark.parametrize(
    ("said", "refused"),
    [("Warnings: Underage Sex", True), ("Tags: Fluff, shotacon", True), ("Warnings: Underage Drinking", False)],
)
async def test_a_story_that_says_it_sexualises_minors_is_refused_and_not_stored(world, said, refused):
    answer = await attach(world, OARS.replace("Rating: PG", f"Rating: PG\n{said}"))
    assert ("Discord forbids it" in answer and "oars.txt" in answer) == refused
    assert stored(world) == []


async def test_no_rating_makes_an_adult_story_show_in_an_open_channel(world, moderator, reader):
    adult = OARS.replace("Rating: PG", "Rating: Explicit")
    answer = await attach(world, adult, rating="general", permission="author: full text")
    assert "The file says explicit, so it counts as explicit" in answer
    assert "Oar" not in answer
    await moderator.does("press Accept")
    found = await reader.does('/find words:"river remembers every oar"')
    assert "I found nothing like that" in (found.error or "")
    again = await attach(world, adult, rating="general", permission="author: full text", name="again.txt")
    assert "The file says explicit, so it counts as explicit" in again
    assert "so it counts as" not in await attach(world, OARS, rating="explicit")


async def test_what_another_server_attaches_leaves_a_waiting_file_alone(world, moderator):
    other = await world.add_server("Another")
    await attach(world)
    for n in range(8):
        data = OARS.replace("The *Oar* Song", f"Oars {n}").encode()
        await other.actors["moderator"].slash(other.channels["mods"], "library add", file=(f"{n}.txt", data))
    assert "is in this server's library now" in await moderator.reads("press Accept")
