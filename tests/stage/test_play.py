"""Steps performed on a small bot: what is seen, what is refused, what cannot be done."""

from __future__ import annotations

import io
import json

import pytest

from bot.stage.play import Play
from bot.stage.sight import Reading
from bot.stage.steps import parse
from bot.stage.terminal import JsonLines, Terminal
from bot.stage.world import World
from tests.support.small_bot import open_small


@pytest.fixture
async def world():
    async with World(opener=open_small) as world:
        yield world


async def play(world, *steps, **where):
    player = Play(world, **where)
    return [await player.perform(parse(step)) for step in steps]


async def test_an_answer_is_seen_with_its_buttons(world):
    (outcome,) = await play(world, "/look")
    (sight,) = outcome.sights
    assert (sight.texts, sight.buttons) == (("Here: **all** of it", "Everybody"), ("Refuse",))
    assert (outcome.private, outcome.error) == (False, None)


async def test_a_command_s_posts_elsewhere_are_seen_after_its_answer(world):
    (outcome,) = await play(world, '/post #chapters "Once upon a time"', channel="talk")
    assert [(sight.channel, sight.texts) for sight in outcome.sights] == [
        ("talk", ("It is posted.",)),
        ("chapters", ("Once upon a time",)),
    ]
    assert outcome.private


async def test_what_one_cannot_see_is_not_shown(world):
    (outcome,) = await play(world, "/post #mods secret", actor="moderator")
    assert len(outcome.sights) == 2
    outcomes = await play(world, "in mods", "/look", "react ❤️", actor="reader")
    assert [outcome.error for outcome in outcomes[1:]] == ["The reader does not see #mods."] * 2


async def test_people_and_channels_change(world):
    outcomes = await play(world, "as author", "in late-night", "/look")
    assert (outcomes[-1].actor, outcomes[-1].channel) == ("author", "late-night")
    assert "Adults" in outcomes[-1].sights[0].texts


async def test_a_reaction_is_seen_on_its_message(world):
    # The private answers in between cannot be reacted to, and are not counted.
    outcomes = await play(world, "/post #talk one", "/post #talk two", "react ❤️ [2]")
    (sight,) = outcomes[-1].sights
    assert (sight.texts, sight.reactions) == (("one",), (("❤️", 1),))


async def test_a_menu_answers(world):
    outcomes = await play(world, "/post #talk letters", 'menu "Count the letters" [last]')
    assert outcomes[-1].sights[0].texts == ("7 letters",)


async def test_suggestions_are_seen(world):
    (outcome,) = await play(world, "suggest '/post channel:#talk words:\"once")
    assert outcome.suggestions == ("once, and so on",)


async def test_refusals_failures_and_silence(world):
    outcomes = await play(world, "/refuse", "/fail", "/sulk", "/look", "press Refuse")
    assert [outcome.error for outcome in outcomes] == [
        "Sorry.",
        "The bot failed: RuntimeError: spilt ink",
        "The bot did not answer; Discord would say: The application did not respond.",
        None,
        "There is nothing.",
    ]


async def test_a_bot_that_takes_too_long_is_left_waiting(world, monkeypatch):
    monkeypatch.setattr(world.env, "settle_timeout", 0.1)
    (outcome,) = await play(world, "/dawdle")
    world.client.awake.set()
    assert outcome.error == "The bot was still at work after five seconds, and nobody waited any longer."


async def test_old_buttons_can_be_pressed_after_a_restart(world):
    outcomes = await play(world, "/look", "restart", "/post #talk something else", "press Refuse")
    assert outcomes[-1].error == "There is nothing."


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("press Another", "That message has no button “Another”. It has: Refuse"),
        ("press Refuse [2]", "There is no such message: of the bot's messages one sees 1 in #talk, not 2."),
        ("/rule", "Discord does not offer /rule to the reader here."),
    ],
)
async def test_what_a_person_cannot_do_is_said(world, step, error):
    outcomes = await play(world, "/look", step)
    assert outcomes[-1].error == error


async def test_moderators_are_offered_more(world):
    (outcome,) = await play(world, "/rule", actor="moderator")
    assert outcome.error is None


async def test_json_lines(world):
    out = io.StringIO()
    paper = JsonLines(out)
    for step in ("/look", "wait 1d", "/refuse"):
        paper.write(step, (await play(world, step))[0], Reading(world.names, world.now()))
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {
            "step": "/look",
            "ephemeral": False,
            "text": "Here: all of it\nEverybody",
            "buttons": ["Refuse"],
            "attachments": [],
            "error": None,
        },
        {"step": "wait 1d", "ephemeral": False, "text": "", "buttons": [], "attachments": [], "error": None},
        {
            "step": "/refuse",
            "ephemeral": True,
            "text": "Sorry.",
            "buttons": [],
            "attachments": [],
            "error": "Sorry.",
        },
    ]


async def test_the_terminal_says_who_sees_what_where(world):
    out = io.StringIO()
    paper = Terminal(out)
    for step in ("/post #chapters Once", "press Refuse", "suggest /post words:half"):
        paper.write(step, (await play(world, step))[0], Reading(world.names, world.now()))
    assert out.getvalue().splitlines() == [
        "",
        "reader in #talk › /post #chapters Once",
        "",
        "    Inglenook · only you can see this",
        "    │ It is posted.",
        "",
        "    Inglenook in #chapters",
        "    │ Once",
        "",
        "reader in #talk › press Refuse",
        "",
        "    ! That message has no button “Refuse”. It has: —",
        "",
        "reader in #talk › suggest /post words:half",
        "",
        "    ○ half, and so on",
    ]


async def test_a_brief_terminal_leaves_out_most_of_much(world):
    out = io.StringIO()
    paper = Terminal(out, brief=True)
    player = Play(world)
    words = " ".join(["word"] * 300)
    outcome = await player.perform(parse(f'/post #talk "{words}"'))
    paper.write("/post", outcome, Reading({}, world.now()))
    assert len(out.getvalue().splitlines()) < 20
    assert "    │ …" in out.getvalue().splitlines()
