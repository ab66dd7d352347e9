"""What readers meet: quotes, half-remembered lines, the shelf, and what a channel allows."""

from __future__ import annotations

import re
from contextlib import suppress

import discord
import pytest

from bot import strings
from tests.journeys.test_library import attach
from tests.support import here

ADULT = "Nine Men and a Piano"


async def test_a_quote_names_its_story_and_offers_more(reader):
    quote = await reader.does("/quote")
    [sight] = quote.sights
    assert sight.texts[0] in ("The Salt Door", "The Bread Ledger")
    assert re.search(r"Chapter \d: .* · scene \d · by ", sight.texts[-1])
    assert sight.buttons == ("Another", "Context")
    assert not sight.private


async def test_a_quote_can_be_asked_of_one_story(reader):
    for _ in range(5):
        assert "The Bread Ledger" in await reader.reads('/quote story:"The Bread Ledger"')


async def test_another_stays_with_the_chosen_story(reader):
    await reader.reads('/quote story:"The Bread Ledger"')
    for _ in range(5):
        assert "The Bread Ledger" in await reader.reads('press "Another"')


async def test_context_is_shown_to_the_one_who_asks_with_the_line_in_bold(reader):
    quote = await reader.does("/quote")
    line = quote.sights[0].texts[1]
    shown = await reader.does('press "Context"')
    assert shown.sights[0].private
    assert "**" in shown.sights[0].texts[1]
    assert len(shown.sights[0].texts[1]) > len(line)


async def test_buttons_work_after_a_restart_on_old_messages(reader):
    await reader.does("/quote")
    await reader.does("restart")
    assert (await reader.does('press "Another"')).error is None
    assert (await reader.does('press "Context" [2]')).error is None


async def test_no_quote_comes_again_within_a_round_even_across_a_restart(world, reader):
    seen = []
    for number in range(40):
        seen.append((await reader.does('/quote story:"The Salt Door"')).sights[0].texts[1])
        if number == 20:
            await reader.does("restart")
    assert len(set(seen)) == 40


@pytest.mark.parametrize(
    ("remembered", "line"),
    [
        ("sugr realy was a dentist", "Sugar really was a dentist"),
        ("door was nine feet thick nettle explaned loaf", "The door was nine feet thick"),
        ("honest fifty eight years savngs", "had been honest for fifty-eight years"),
    ],
)
async def test_a_line_is_found_from_a_bad_memory(reader, remembered, line):
    found = await reader.reads(f'/find words:"{remembered}"')
    assert strings.FOUND in found
    assert line in found.replace("**", "")


async def test_suggestions_come_while_typing_and_can_be_picked(world, reader):
    typing = await reader.does("suggest '/find words:\"sugar really was a den'")
    assert typing.suggestions
    assert typing.suggestions[0].startswith("Sugar really was a dentist")
    assert all(len(choice) <= 100 for choice in typing.suggestions)
    actor, talk = world.server.actors["reader"], world.server.channels["talk"]
    choices = await actor.autocomplete(talk, "find", "words", "sugar really was a den")
    picked = await reader.reads(f'/find words:"{choices[0]["value"]}"')
    assert "Sugar really was a dentist" in picked.replace("**", "")


async def test_a_picked_value_is_judged_again_where_it_is_used(world, reader, night_reader):
    actor, night = world.server.actors["reader"], world.server.channels["late-night"]
    choices = await actor.autocomplete(night, "find", "words", "landlord who was corporal rott")
    adult = choices[0]["value"]
    assert ADULT in await night_reader.reads(f'/find words:"{adult}"')
    refused = await reader.does(f'/find words:"{adult}"')
    assert refused.error is not None
    assert "Rott" not in str(refused)


async def test_nothing_like_it_and_not_here_are_the_same_answer(reader, moderator):
    nothing = await reader.does('/find words:"xylophone committee of the antarctic parliament"')
    adult = await reader.does('/find words:"The Landlord, who was Corporal Rott on the roll"')
    await moderator.reads('/serial start story:"The Salt Door" channel:#chapters')
    unreleased = await reader.does('/find words:"the door was nine feet thick and nettle explained it"')
    sentences = {outcome.error for outcome in (nothing, adult, unreleased)}
    assert len(sentences) == 1
    assert all(outcome.private for outcome in (nothing, adult, unreleased))
    assert here.OPEN in sentences.pop()


async def test_adult_stories_leave_no_trace_outside_age_restricted_channels(reader, night_reader):
    assert ADULT not in await reader.reads("/stories")
    assert ADULT in await night_reader.reads("/stories")
    for step in (f'/quote story:"{ADULT}"', f'/stories story:"{ADULT}"'):
        refused = await reader.does(step)
        assert refused.error is not None
        assert "age-restricted" in refused.error
        assert (await night_reader.does(step)).error is None
    assert ADULT not in (await reader.does("suggest '/quote story:\"nine")).suggestions
    assert ADULT in (await night_reader.does("suggest '/quote story:\"nine")).suggestions


async def test_an_adult_quote_posted_in_a_restricted_channel_gives_nothing_away_once_it_is_open(world, night_reader):
    await night_reader.reads(f'/quote story:"{ADULT}"')
    world.restrict(world.server.channels["late-night"], False)
    for button in ("Another", "Context"):
        refused = await night_reader.does(f'press "{button}" [2]' if button == "Context" else f'press "{button}"')
        assert refused.error is not None
        assert refused.private


async def test_help_says_what_this_channel_allows_and_each_role_its_own(reader, moderator, night_reader):
    assert "/serial start" not in await reader.reads("/help")
    assert "/serial start" in await moderator.reads("/help")
    assert here.OPEN in await reader.reads("/help")
    assert here.RESTRICTED in await night_reader.reads("/help")


async def test_the_story_card_tells_what_one_needs_to_choose(reader):
    card = await reader.reads('/stories story:"The Salt Door"')
    for expected in ("Peg Lanyon", "teen", "5 chapters", "words", "Violence", "its author"):
        assert expected in card


async def test_one_servers_rounds_are_nothing_to_another(world, reader):
    other = await world.add_server("Another")
    first = (await reader.does("/quote")).sights[0].texts[1]
    actor, talk = other.actors["reader"], other.channels["talk"]
    await actor.slash(talk, "quote")
    assert world.sights(world.server.actors["reader"], world.server.channels["talk"])[-1].texts[1] == first


async def test_readers_are_not_offered_moderators_commands(world, reader):
    assert (await reader.does("/serial list")).error is not None


async def test_a_thread_in_a_restricted_channel_allows_what_its_parent_does(world):
    night = world.client.get_channel(world.server.channels["late-night"].id)
    message = await night.send("A thread begins here")
    thread = await message.create_thread(name="whispers")
    assert thread.is_nsfw()


async def test_the_message_menu_says_privately_where_a_message_is_from(world, reader):
    member, talk = world.server.actors["moderator"], world.server.channels["talk"]
    pasted = await member.send(talk, "as they say, _sugar realy was a dentist_, nothing else was what it claimed to be")
    answer = await world.server.actors["reader"].context_menu(talk, strings.MENU_WHICH_SCENE, pasted)
    assert answer.ephemeral
    assert "Sugar really was a dentist" in answer.response.embeds[0].description.replace("**", "")


async def test_the_message_menu_works_on_a_quote_and_never_beyond_the_gate(reader, night_reader):
    await reader.does('/quote story:"The Salt Door"')
    assert "The Salt Door" in await reader.reads(f'menu "{strings.MENU_WHICH_SCENE}" [last]')
    await night_reader.does(f'/quote story:"{ADULT}"')
    assert ADULT in await night_reader.reads(f'menu "{strings.MENU_WHICH_SCENE}" [last]')


# Warnings before text, wherever it is shown


@pytest.mark.parametrize("hidden", [False, True])
async def test_warnings_stand_before_text_wherever_it_is_shown(world, reader, hidden):
    await world.app.settings.change(world.server.guild.id, "hide_warnings", hidden, 1)
    for step in (
        '/quote story:"The Salt Door"',
        'press "Context"',
        '/find words:"sugar really was a dentist"',
        f'menu "{strings.MENU_WHICH_SCENE}"',
    ):
        said = await reader.reads(step)
        assert re.search(r"(?:\n|^)Warnings: \|\|" if hidden else r"(?:\n|^)Warnings: \w", said), step


# Two stories of one title


async def test_of_two_stories_of_one_title_none_is_taken_silently(world, moderator, reader):
    other = "Title: The Salt Door\nAuthor: Zed\nRating: Teen\n\nChapter 1\n\nThe xylophone was quiet all night long.\n"
    await attach(world, other, permission="author: full text")
    await moderator.reads("press Accept")
    suggested = (await reader.does("suggest '/stories story:\"salt")).suggestions
    assert sorted(suggested) == ["The Salt Door — Peg Lanyon", "The Salt Door — Zed"]
    for step in ('/stories story:"The Salt Door"', '/quote story:"The Salt Door"'):
        assert "Choose from the suggestions" in ((await reader.does(step)).error or "")


async def test_an_id_that_is_too_long_is_nobodys_button(world):
    forged = [f"quote:1:{what}:{'9' * 26}" for what in ("another", "context")]
    view = discord.ui.View(timeout=None)
    for custom_id in forged:
        view.add_item(discord.ui.Button(label="forged", custom_id=custom_id))
    channel = world.server.channels["talk"]
    message = await world.env.bot.get_channel(channel.id).send("forged", view=view)
    for custom_id in forged:
        with suppress(AssertionError, TimeoutError):
            await world.server.actors["reader"].click(message, custom_id=custom_id)
    assert not world.bugs()
