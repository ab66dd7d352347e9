"""What a person sees of a message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.stage.sight import Reading, Sight, relative, see

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
READING = Reading({1: "#chapters", 2: "@Robin"}, NOW)


def payload(**fields):
    return {
        "id": "7",
        "author": {"id": "9"},
        "content": "",
        "embeds": [],
        "components": [],
        "attachments": [],
        "flags": 0,
        "reactions": [],
        **fields,
    }


def test_everything_visible_is_seen_in_the_order_of_reading():
    sight = see(
        payload(
            content="Content",
            flags=1 << 6,
            embeds=[
                {
                    "author": {"name": "Author"},
                    "title": "Title",
                    "description": "Description",
                    "fields": [{"name": "Field", "value": "Value"}],
                    "footer": {"text": "Footer"},
                }
            ],
            components=[
                {
                    "type": 1,
                    "components": [{"type": 2, "label": "Another"}, {"type": 2, "emoji": {"name": "❤️"}}],
                },
                {
                    "type": 17,
                    "components": [
                        {"type": 10, "content": "Display"},
                        {
                            "type": 9,
                            "components": [{"type": 10, "content": "Section"}],
                            "accessory": {"type": 2, "label": "Open"},
                        },
                        {"type": 1, "components": [{"type": 3, "placeholder": "Choose"}]},
                    ],
                },
            ],
            attachments=[{"filename": "story.txt"}],
            reactions=[{"emoji": {"name": "❤️"}, "count": 2}],
        ),
        "talk",
    )
    assert sight == Sight(
        message_id=7,
        author_id=9,
        channel="talk",
        private=True,
        texts=(
            "Content",
            "Author",
            "Title",
            "Description",
            "Field\nValue",
            "Footer",
            "Display",
            "Section",
            "Choose",
        ),
        buttons=("Another", "❤️", "Open"),
        attachments=("story.txt",),
        reactions=(("❤️", 2),),
    )


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("plain", "plain"),
        ("*one* **two** ***three***", "one two three"),
        (r"\*not emphasis\* and a \\ backslash", "*not emphasis* and a \\ backslash"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**over\ntwo lines**", "over\ntwo lines"),
        ("## A heading\n-# small print\n### third", "A heading\nsmall print\nthird"),
        (r"1\. no list" + "\n" + r"\# no heading", "1. no list\n# no heading"),
        ("in <#1> by <@2> and <@!2>, </find:3> them", "in #chapters by @Robin and @Robin, /find them"),
        ("<#404>", "<#404>"),
        ("[the scene](https://discord.com/channels/1/2/3)", "the scene"),
        ("<t:1777636800:D>", "1 May 2026"),
        ("<t:1777636800:F> or <t:1777636800>", "Friday, 1 May 2026 12:00 or 1 May 2026 12:00"),
        ("<t:1777636860:R>", "in 1 minute"),
        ("||a secret||", "a secret"),
        ("*a*\u200b*b*", "ab"),
    ],
)
def test_markup_reads_as_in_discord(sent, seen):
    assert READING.read(sent) == seen


def test_a_terminal_shows_emphasis_by_its_own_means():
    assert Reading({}, NOW, styled=True).read("*so*") == "\x1b[3mso\x1b[0m"


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(days=7), "in 7 days"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(seconds=59), "in 59 seconds"),
        (timedelta(), "in 0 seconds"),
        (timedelta(days=400), "in 1 year"),
    ],
)
def test_distances_in_time(time, words):
    assert relative(time) == words
