"""A line that was found: where it stands, what can be done with it, and what the buttons never give away."""

from __future__ import annotations

import sqlite3

import pytest

from bot import strings
from bot.discord_ui import findviews
from bot.domain.story import LineId, Rating
from tests.journeys.conftest import Person

STORY = "The Salt Door"
ADULT = "Nine Men and a Piano"
SURE = '/find words:"sugar really was a dentist"'
VAGUE = '/find words:"bread"'
FIRST = '/find words:"The door was nine feet thick, and Nettle explained it to them with a loaf"'
OLD = strings.REFUSALS["old_button"].split("{here}")[0]
POSTED = "https://discord.com/channels/"


@pytest.fixture
def other(world):
    """Somebody else who reads there."""
    world.server.actors["other"] = world.server.guild.add_member(world.env.create_user("wick"))
    return Person(world, "other", "talk")


def change(world, statement, *values):
    """What somebody else does to the library meanwhile."""
    with sqlite3.connect(world.database) as database:
        database.execute(statement, values)


def withdraw(world, story=STORY):
    change(
        world,
        "UPDATE story SET withdrawn_at = 1 WHERE revision_id IN (SELECT id FROM revision WHERE title = ?)",
        story,
    )


async def choose(world, person, number=0, actor="reader"):
    """Choose one of the other matches under the last answer; the words that stood in the menu, and what came."""
    sight = next(
        s for s in reversed(world.sights(world.server.actors[actor], world.server.channels["talk"])) if s.selects
    )
    label, _ = sight.selects[0].options[number]
    return label, await person.does(f'choose "{strings.OTHERS_MENU}" "{label}"')


def only(outcome):
    assert outcome.error is None, outcome.error
    [sight] = outcome.sights
    return sight


def said(sight):
    return "\n".join(sight.texts)


async def test_the_answer_names_the_place_and_how_sure_it_is(reader):
    sight = only(await reader.does(SURE))
    assert strings.FOUND in sight.texts
    assert "Chapter 1: The Loaf · scene 1" in sight.texts[-1]
    assert "**Sugar really was a dentist" in said(sight)
    assert "Alderman had read it" in said(sight)
    assert sight.buttons == (strings.BUTTON_MORE, strings.BUTTON_REMOVE)
    assert POSTED not in said(sight), "it was posted nowhere"
    vague = only(await reader.does(VAGUE))
    assert strings.UNSURE in vague.texts
    assert 1 <= len(vague.selects[0].options) <= 5


async def test_a_picked_suggestion_shows_the_words_in_bold(world, reader):
    actor, talk = world.server.actors["reader"], world.server.channels["talk"]
    choices = await actor.autocomplete(talk, "find", "words", "sugar really was a den")
    value = choices[0]["value"]
    assert len(value) <= 100
    assert "**Sugar really was a dentist**." in await reader.reads(f'/find words:"{value}"')


async def test_a_posted_scene_is_linked_while_its_message_stands(world, moderator, reader):
    await moderator.reads(f'/serial start story:"{STORY}" channel:#chapters first:now every:day')
    chapters = world.server.channels["chapters"]
    link = f"{POSTED}{world.server.guild.id}/{chapters.id}/"
    assert link in await reader.reads(FIRST)
    change(world, "UPDATE posted SET deleted = 1")
    assert POSTED not in await reader.reads(FIRST)


async def test_a_scene_posted_where_the_asker_sees_nothing_is_not_linked(world, moderator, reader):
    await moderator.reads(f'/serial start story:"{STORY}" channel:#chapters first:now every:day')
    change(world, "UPDATE posted SET channel_id = ?", world.server.channels["mods"].id)
    assert POSTED not in await reader.reads(FIRST)
    change(world, "UPDATE posted SET channel_id = ?, guild_id = 1", world.server.channels["chapters"].id)
    assert POSTED not in await reader.reads(FIRST), "it is another server's"


async def test_a_scene_that_was_only_quoted_is_not_called_posted(reader):
    await reader.reads(SURE)
    assert POSTED not in await reader.reads(SURE)


async def test_reactions_to_an_answer_count_for_its_scene(reader):
    await reader.does(SURE)
    await reader.does("react 🔥 [last]")
    top = await reader.reads("/top")
    assert "🔥 1" in top
    assert "The Salt Door, Chapter 1, scene 1" in top


async def test_another_match_takes_the_place_of_the_first_even_after_a_restart(world, reader):
    first = only(await reader.does(VAGUE))
    await reader.does("restart")
    label, outcome = await choose(world, reader, 2)
    [sight] = [s for s in outcome.sights if label[:25] in said(s).replace("**", "")]
    assert not sight.private
    assert strings.OTHER_FOUND in sight.texts or strings.OTHER_UNSURE in sight.texts
    shown = [s for s in world.sights(world.server.actors["reader"], world.server.channels["talk"]) if s.selects]
    assert len(shown) == 1, "the first is gone"
    options = shown[0].selects[0].options
    assert len(options) == len(first.selects[0].options)
    assert label not in dict(options)
    back, outcome = await choose(world, reader, 0)
    assert back.startswith("Halfpenny"), "what was shown before is among the others"
    assert strings.UNSURE in said(outcome.sights[0])


async def test_reactions_stay_with_the_scene_that_was_shown(world, reader):
    await reader.does(VAGUE)
    await reader.does("react 🔥 [last]")
    await choose(world, reader, 2)
    await reader.does("react ❤️ [last]")
    top = await reader.reads("/top")
    rows = {row.split("·")[1].split("](")[0]: row for row in top.splitlines() if "🔥" in row or "❤️" in row}
    assert len(rows) == 2, "one scene each"


async def test_somebody_else_is_shown_another_match_privately(world, reader, other):
    first = only(await reader.does(VAGUE))
    label, outcome = await choose(world, other, 1, actor="other")
    sight = only(outcome)
    assert sight.private
    assert label[:20] in said(sight).replace("**", "")
    assert strings.BUTTON_SHARE in sight.buttons
    standing = world.sights(world.server.actors["reader"], world.server.channels["talk"])
    assert first in standing, "the answer of the other one stays"


async def test_where_answers_became_private_another_match_is_private_for_its_asker_too(world, reader):
    first = only(await reader.does(VAGUE))
    await world.app.settings.change(world.server.guild.id, "public_channels", frozenset({1}), 1)
    _, outcome = await choose(world, reader, 1)
    assert only(outcome).private
    assert first in world.sights(world.server.actors["reader"], world.server.channels["talk"])


async def test_another_match_of_a_private_answer_takes_its_place(world, reader):
    await world.app.settings.change(world.server.guild.id, "public_channels", frozenset({1}), 1)
    first = only(await reader.does(VAGUE))
    assert first.private
    label, outcome = await choose(world, reader, 1)
    assert only(outcome).message_id == first.message_id
    assert label[:20] in said(only(outcome)).replace("**", "")


async def test_every_id_fits_however_long_discords_own_have_become():
    pick = findviews.Pick(LineId(10**18 - 1), 999_999, 999_999, findviews.UNSURE)
    items = [findviews.OthersMenu(2**64 - 1, pick, []), findviews.RemoveButton(2**64 - 1)]
    items += [findviews.MoreButton(pick), findviews.ShareButton(pick)]
    assert max(len(item.custom_id) for item in items) <= 100


async def test_more_around_it_is_shown_to_whoever_asks(reader, other):
    first = only(await reader.does(SURE))
    await reader.does("restart")
    more = only(await other.does(f'press "{strings.BUTTON_MORE}"'))
    assert more.private
    assert "**Sugar really was a dentist" in said(more)
    assert len(said(more)) > len(said(first)) + 200


async def menu_on(world, text, channel="talk", actor="reader"):
    """What the message menu answers on somebody's message."""
    member, where = world.server.actors["moderator"], world.server.channels[channel]
    message = await member.send(where, text)
    return await world.server.actors[actor].context_menu(where, strings.MENU_WHICH_SCENE, message)


PARAGRAPH = (
    "People weigh what water weighs, near enough, so the only way to cheat the Molar's scales was to fill the cask to "
    "Nettle's lower lip. She knelt in it with her nose up at the bunghole. On the outside, in letters a foot high, it "
    "said SWEET WATER. On the inside it was very cold, and had lately held herring."
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (PARAGRAPH, "People weigh what water weighs"),
        ("Poeple wiegh what watr weighs, near enouhg, so teh only way to chaet the Molars scales", "weigh what water"),
        (
            "so i was on the bus last night reading and i cannot get over it: She knelt in it with her nose up at the "
            "bunghole!! who even writes like that, i want to show it to my sister before we meet on saturday",
            "with her nose up at the bunghole",
        ),
    ],
    ids=["paragraph", "typos", "inside"],
)
async def test_the_menu_is_sure_of_a_paragraph_a_quote_with_typos_and_one_inside_a_message(world, text, line):
    answer = await menu_on(world, text)
    assert answer.ephemeral
    [embed] = answer.response.embeds
    assert embed.title == strings.FOUND
    assert line in embed.description.replace("**", "")
    assert embed.footer.text.startswith("Chapter 1: The Loaf · scene 2")


async def test_the_menu_has_an_answer_where_nothing_is_quoted(world):
    answer = await menu_on(world, "the new patch broke the audio on my laptop again, reinstalling the driver now")
    assert answer.ephemeral
    assert answer.response.content.startswith(strings.REFUSALS["nothing_found"].split("{here}")[0])


async def test_a_private_answer_can_be_shared_and_counts(world, reader):
    await menu_on(world, PARAGRAPH)
    await reader.does("restart")
    shared = only(await reader.does(f'press "{strings.BUTTON_SHARE}"'))
    assert not shared.private
    assert "weigh what water weighs" in said(shared).replace("**", "")
    assert strings.BUTTON_SHARE not in shared.buttons
    await reader.does("react 🔥 [last]")
    assert "🔥 1" in await reader.reads("/top")


@pytest.mark.parametrize(("name", "value"), [("public_channels", frozenset({1})), ("pace", 60)])
async def test_nothing_is_shared_where_moderators_want_no_answers(world, reader, name, value):
    await reader.does("/quote")
    await world.app.settings.change(world.server.guild.id, name, value, 1)
    if name == "pace":
        await reader.does("/quote")
    await menu_on(world, PARAGRAPH)
    refused = await reader.does(f'press "{strings.BUTTON_SHARE}"')
    assert refused.error == strings.REFUSALS["no_sharing_here"]
    assert refused.private


async def test_an_answer_is_removed_by_its_asker_and_by_moderators_alone(world, reader, other):
    talk = world.server.channels["talk"]
    for remover in (reader, Person(world, "moderator", "talk")):
        sight = only(await reader.does(SURE))
        await reader.does("restart")
        refused = await other.does(f'press "{strings.BUTTON_REMOVE}"')
        assert refused.error == strings.REFUSALS["not_your_answer"]
        assert refused.private
        assert sight in world.sights(world.server.actors["reader"], talk)
        assert (await remover.does(f'press "{strings.BUTTON_REMOVE}"')).error is None
        assert sight.message_id not in {s.message_id for s in world.sights(world.server.actors["reader"], talk)}


async def test_a_private_answer_can_be_removed(world, reader):
    await menu_on(world, PARAGRAPH)
    assert (await reader.does(f'press "{strings.BUTTON_REMOVE}"')).error is None
    mine = world.sights(world.server.actors["reader"], world.server.channels["talk"])
    assert not any("weigh" in said(s).replace("**", "") for s in mine if s.private)


async def test_what_was_withdrawn_meanwhile_comes_from_no_button(world, reader):
    await menu_on(world, PARAGRAPH)
    await reader.does(VAGUE)
    withdraw(world)
    withdraw(world, "The Bread Ledger")
    for step in (f'press "{strings.BUTTON_MORE}"', f'press "{strings.BUTTON_SHARE}"'):
        refused = await reader.does(step)
        assert (refused.error or "").startswith(OLD), step
        assert refused.private
    _, refused = await choose(world, reader)
    assert (refused.error or "").startswith(OLD)
    assert (await reader.does(SURE)).error is not None


async def test_another_match_lists_only_what_still_stands(world, reader):
    await reader.does(VAGUE)
    sight = next(s for s in world.sights(world.server.actors["reader"], world.server.channels["talk"]) if s.selects)
    place = next(n for n, (label, _) in enumerate(sight.selects[0].options) if "The Bread Ledger" in label)
    withdraw(world)
    _, outcome = await choose(world, reader, place)
    assert outcome.error is None
    assert STORY not in " ".join(label for s in outcome.sights for m in s.selects for label, _ in m.options)


async def test_what_a_serial_has_not_posted_comes_from_no_button(world, moderator, reader):
    await menu_on(world, "Nettle got out the tape and found the crease")
    await moderator.reads(f'/serial start story:"{STORY}" channel:#chapters first:now every:day')
    for button in (strings.BUTTON_MORE, strings.BUTTON_SHARE):
        refused = await reader.does(f'press "{button}"')
        assert (refused.error or "").startswith(OLD), button


async def test_an_adult_answer_gives_nothing_away_once_its_channel_is_open(world, night_reader):
    night = world.server.channels["late-night"]
    await menu_on(world, "The Landlord, who was Corporal Rott on the roll", channel="late-night")
    assert ADULT in await night_reader.reads('/find words:"The Landlord, who was Corporal Rott on the roll"')
    world.restrict(night, False)
    for button in (strings.BUTTON_MORE, strings.BUTTON_SHARE):
        refused = await night_reader.does(f'press "{button}"')
        assert (refused.error or "").startswith(OLD), button
        assert "Rott" not in refused.error


async def test_a_rating_that_moderators_take_away_comes_from_no_button(world, reader):
    await reader.does(SURE)
    await world.app.settings.change(world.server.guild.id, "ratings", frozenset({Rating.GENERAL}), 1)
    assert ((await reader.does(f'press "{strings.BUTTON_MORE}"')).error or "").startswith(OLD)
