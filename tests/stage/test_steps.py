"""The step language, by example and by law."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import strings
from bot.stage.commands import BadStep, Command, Kind, Option, quoted, read, read_half
from bot.stage.steps import (
    As,
    Bill,
    Choose,
    In,
    Menu,
    Press,
    React,
    Restart,
    Slash,
    Suggest,
    Wait,
    check,
    join_arguments,
    parse,
)

FIND = Command(("find",), (Option("words", required=True, suggests=True), Option("story", suggests=True)))
START = Command(
    ("serial", "start"),
    (
        Option("story", required=True, suggests=True),
        Option("channel", Kind.CHANNEL, required=True),
        Option("every", choices=(("hour", "hour"), ("day", "day"), ("week", "week"))),
        Option("first", choices=(("now", "now"), ("in a minute", "in a minute"))),
    ),
)
MORE = Command(("more",), (Option("count", Kind.WHOLE), Option("share", Kind.NUMBER), Option("loud", Kind.TRUTH)))
WHO = Command(("who",), (Option("person", Kind.MEMBER, required=True),))
COMMANDS = (FIND, START, Command(("serial", "list")), Command(("top",)), MORE, WHO)
BILL = Bill(
    actors=("reader", "moderator", "author"),
    channels=("chapters", "talk", "late-night"),
    commands=COMMANDS,
    menus=("Which scene is this from?",),
)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ('/find words:"river"', Slash('find words:"river"')),
        ("'/quote'", Slash("quote")),
        ('press "Another"', Press("Another", None)),
        ('press "Another" [last]', Press("Another", 1)),
        ("press I've read this [2]", Press("I've read this", 2)),
        ("PRESS “Another”", Press("Another", None)),
        ('press "say \\"hello\\""', Press('say "hello"', None)),
        ("react ❤️", React("❤️", 1)),
        ("react ❤️ [last]", React("❤️", 1)),
        ("react 👩‍🚀 [ 3 ]", React("👩‍🚀", 3)),
        ('menu "Which scene is this from?" [last]', Menu("Which scene is this from?", 1)),
        ("suggest '/find words:\"les'", Suggest('find words:"les')),
        ("suggest /find", Suggest("find")),
        ("wait 30s", Wait(30)),
        ("wait 7d", Wait(7 * 86400)),
        ("wait 1h 30m", Wait(5400)),
        ("wait 2W", Wait(14 * 86400)),
        ("restart", Restart()),
        ("as moderator", As("moderator")),
        ("as @Moderator", As("moderator")),
        ("in late-night", In("late-night")),
        ("in #late-night", In("late-night")),
    ],
)
def test_reads(text, step):
    assert parse(text) == step


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "step_unknown"),
        ("dance", "step_unknown"),
        ("restart now", "step_unknown"),
        ("/", "step_slash_alone"),
        ("press", "step_incomplete"),
        ("press [last]", "step_incomplete"),
        ('press ""', "step_incomplete"),
        ('press "Another', "step_quote_open"),
        ('press "Another" twice', "step_after_quotes"),
        ("press Another [first]", "step_target"),
        ("react ❤️ [0]", "step_target"),
        ("suggest find words", "step_incomplete"),
        ("wait", "step_incomplete"),
        ("wait a week", "step_wait"),
        ("wait 7", "step_wait"),
        ("wait 0s", "step_wait"),
        ("wait 99999w", "step_wait"),
    ],
)
def test_says_what_cannot_be_read(text, key):
    with pytest.raises(BadStep) as caught:
        parse(text)
    assert caught.value.key == key
    assert "\n" not in strings.refusal(caught.value)


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        (["/quote", "press Another"], ["/quote", "press Another"]),
        (["as", "moderator", "/quote"], ["as moderator", "/quote"]),
        (["react", "❤️", "[last]", "restart"], ["react ❤️ [last]", "restart"]),
        (["press", "Another"], ["press Another"]),
        (["press"], ["press"]),
    ],
)
def test_puts_together_what_a_shell_took_apart(arguments, steps):
    assert join_arguments(arguments) == steps


@pytest.mark.parametrize(
    ("typed", "path", "values"),
    [
        ('find words:"river rembers"', "find", {"words": "river rembers"}),
        ("find words: river rembers", "find", {"words": "river rembers"}),
        ("find river rembers evry oar", "find", {"words": "river rembers evry oar"}),
        ("FIND Words:river story:The Salt Door", "find", {"words": "river", "story": "The Salt Door"}),
        ('find story:"The Salt Door" goat', "find", {"story": "The Salt Door", "words": "goat"}),
        ('find he said "never" twice', "find", {"words": 'he said "never" twice'}),
        ("find words:“curly”", "find", {"words": "curly"}),
        ("find #1 fan", "find", {"words": "#1 fan"}),
        ("find what: nothing", "find", {"words": "what: nothing"}),
        ("top", "top", {}),
        ("serial list", "serial list", {}),
        ('serial start story:"X" channel:#talk', "serial start", {"story": "X", "channel": "talk"}),
        (
            "serial start The Salt Door #talk every:day first:in a minute",
            "serial start",
            {"story": "The Salt Door", "channel": "talk", "every": "day", "first": "in a minute"},
        ),
        (
            'serial start "The Salt Door" #talk Day',
            "serial start",
            {"story": "The Salt Door", "channel": "talk", "every": "day"},
        ),
        (
            "serial start The Salt Door #talk day in a minute",
            "serial start",
            {"story": "The Salt Door", "channel": "talk", "every": "day", "first": "in a minute"},
        ),
        ("more count:3 share:0.5 loud:yes", "more", {"count": 3, "share": 0.5, "loud": True}),
        ("who @reader", "who", {"person": "reader"}),
    ],
)
def test_reads_commands(typed, path, values):
    call = read(typed, COMMANDS)
    assert " ".join(call.command.path) == path
    assert call.values == values


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("dance", "step_command"),
        ("serial", "step_command"),
        ("find", "step_option_missing"),
        ("find words:", "step_option_missing"),
        ('find wrods:"river"', "step_option_unknown"),
        ('find words:"river" words:"oar"', "step_option_twice"),
        ("top of the list", "step_too_much"),
        ("serial start X #talk every:decade", "step_choice"),
        ("more count:few", "step_value"),
        ("more loud:maybe", "step_value"),
        ('find words:"river', "step_quote_open"),
    ],
)
def test_says_what_is_wrong_with_a_command(typed, key):
    with pytest.raises(BadStep) as caught:
        read(typed, COMMANDS)
    assert caught.value.key == key
    assert "\n" not in strings.refusal(caught.value)


@pytest.mark.parametrize(
    ("step", "key"),
    [
        (As("nobody"), "stage_unknown_person"),
        (In("nowhere"), "stage_unknown_channel"),
        (Menu("Other"), "step_menu"),
        (Slash("dance"), "step_command"),
        (Slash("serial start X #nowhere"), "stage_unknown_channel"),
        (Slash("who @nobody"), "stage_unknown_person"),
        (Suggest("serial start X #talk every:d"), "step_no_suggestions"),
        (Suggest("top"), "step_no_suggestions"),
    ],
)
def test_checks_names_before_anything_is_done(step, key):
    with pytest.raises(BadStep) as caught:
        check(step, BILL)
    assert caught.value.key == key


def test_a_step_that_names_what_there_is_passes():
    menu = "menu Which scene is this from?"
    for text in ("as author", "in talk", "/find oar", menu, "wait 1s", "suggest /find x"):
        check(parse(text), BILL)


@pytest.mark.parametrize(
    ("typed", "option", "text", "values"),
    [
        ('find words:"les', "words", "les", {}),
        ('find words:"les"', "words", "les", {}),
        ("find words:", "words", "", {}),
        ("find", "words", "", {}),
        ("find half remem", "words", "half remem", {}),
        ('find words:"oar" story:"Sa', "story", "Sa", {"words": "oar"}),
    ],
)
def test_reads_what_is_half_typed(typed, option, text, values):
    half = read_half(typed, COMMANDS)
    assert (half.option.name, half.text, half.call.values) == (option, text, values)


texts = st.text(min_size=1).filter(str.strip)


@given(words=texts, story=texts)
def test_quoted_values_arrive_as_they_were(words, story):
    typed = f"find story:{quoted(story)} words:{quoted(words)}"
    assert read(typed, COMMANDS).values == {"words": words, "story": story}
    # Without names they go to the options in order.
    assert read(f"find {quoted(words)} {quoted(story)}", COMMANDS).values == {"words": words, "story": story}


@given(label=texts, back=st.integers(1, 100))
def test_quoted_labels_arrive_as_they_were(label, back):
    assert parse(f"press {quoted(label)} [{back}]") == Press(label, back)


@given(st.text())
def test_any_text_is_a_step_or_a_sentence(text):
    for reader in (parse, lambda typed: read(typed, COMMANDS), lambda typed: read_half(typed, COMMANDS)):
        with suppress(BadStep):
            reader(text)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ('choose "Chapters" #chapters', Choose("Chapters", ("#chapters",), None)),
        ('choose "Ratings allowed" general "not rated" [2]', Choose("Ratings allowed", ("general", "not rated"), 2)),
        ('choose "Chapters"', Choose("Chapters", (), None)),
        ("choose Region “Europe” [last]", Choose("Region", ("Europe",), 1)),
    ],
)
def test_entries_of_a_menu_are_chosen(text, step):
    assert parse(text) == step


@pytest.mark.parametrize("text", ["choose", 'choose ""', "choose [last]"])
def test_to_choose_takes_a_menu(text):
    with pytest.raises(BadStep) as caught:
        parse(text)
    assert caught.value.key == "step_incomplete"
