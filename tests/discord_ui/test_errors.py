"""What a person is told when something is refused or broken, and what the log keeps."""

from __future__ import annotations

import logging
import re
from string import Formatter
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import app_commands

from bot import strings
from bot.discord_ui.errors import answer_error
from bot.discord_ui.places import Places
from bot.domain.errors import BadInput, NothingFound, Refused, StoryNotFound
from bot.domain.settings import Settings
from tests.support import here
from tests.support.builders import CHANNEL, GUILD, NOON
from tests.support.discord_http import refusal
from tests.support.markdown_reader import as_discord_reads


class Unset:
    """The settings of servers in which nobody has set anything."""

    async def of(self, guild_id: int) -> Settings:
        return Settings()


class FakeInteraction:
    """One person at one command: what they were told, and whether others could read it."""

    id = 1

    def __init__(self, guild_id: int | None = GUILD, *, answered: bool = False) -> None:
        self.guild_id = guild_id
        self.channel_id = CHANNEL
        self.channel = None
        self.user = SimpleNamespace(id=7)
        self.client = SimpleNamespace(places=Places(Unset(), lambda: NOON))
        self.told: list[tuple[str, bool]] = []
        self.ways: list[str] = []
        self.broken: Exception | None = None
        self.response = _Way(self, "response", answered)
        self.followup = _Way(self, "followup", answered)


class _Way:
    def __init__(self, interaction: FakeInteraction, name: str, answered: bool) -> None:
        self._interaction = interaction
        self._name = name
        self._answered = answered

    def is_done(self) -> bool:
        return self._answered

    async def send_message(self, text: str, *, ephemeral: bool = False) -> None:
        assert not (self._name == "response" and self._answered), "an interaction is answered once"
        if self._interaction.broken is not None:
            raise self._interaction.broken
        self._interaction.told.append((text, ephemeral))
        self._interaction.ways.append(self._name)

    send = send_message


async def tell(error: BaseException, interaction: FakeInteraction | None = None) -> str:
    """What the person reads; it is theirs alone, and one sentence."""
    interaction = interaction or FakeInteraction()
    person: Any = interaction
    await answer_error(person, error)
    ((text, ephemeral),) = interaction.told
    assert ephemeral
    return text


def invoked(cause: Exception) -> app_commands.CommandInvokeError:
    """``cause`` as discord.py hands it to the tree's handler."""
    command: Any = type("Command", (), {"name": "find"})()
    try:
        raise app_commands.CommandInvokeError(command, cause) from cause
    except app_commands.CommandInvokeError as error:
        return error


def transformed(cause: Exception | None = None) -> app_commands.TransformerError:
    transformer: Any = type("Transformer", (), {"_error_display_name": "story"})()
    try:
        raise app_commands.TransformerError("x", discord.AppCommandOptionType.string, transformer) from cause
    except app_commands.TransformerError as error:
        return error


# --------------------------------------------------------------------------------------------- refusals


async def test_nothing_found_says_what_this_channel_allows():
    assert await tell(NothingFound()) == f"I found nothing like that. {here.OPEN}"


async def test_a_refusal_is_found_inside_what_discord_py_wraps_it_in():
    for wrapped in (invoked(NothingFound()), invoked(invoked(NothingFound())), transformed(NothingFound())):
        assert await tell(wrapped) == await tell(NothingFound())


async def test_every_way_of_finding_nothing_reads_the_same():
    """Whoever tries titles learns nothing from how they are refused."""
    assert len({await tell(error) for error in (NothingFound(), invoked(NothingFound()), transformed())}) == 1


async def test_what_a_person_typed_is_shown_as_they_typed_it():
    typed = "@everyone **x** <@1> :fire: {here} {0}"
    text = await tell(StoryNotFound(name=typed))
    reading = as_discord_reads(text)

    assert reading.made == []
    assert f"“{typed}”" in reading.text


async def test_a_channel_is_shown_as_a_link():
    text = await tell(Refused("serial_exists", title="The Salt Door", channel=33))
    assert text == "“The Salt Door” already runs in <#33>. See /serial list."


async def test_in_a_direct_message_there_is_no_channel_to_speak_of():
    text = await tell(app_commands.NoPrivateMessage(), FakeInteraction(guild_id=None))
    assert text == strings.REFUSALS["server_only"]
    assert await tell(NothingFound(), FakeInteraction(guild_id=None)) == "I found nothing like that."


@pytest.mark.parametrize("failure", [app_commands.MissingPermissions(["manage_guild"]), app_commands.CheckFailure()])
async def test_who_may_not_is_told_whom_to_ask(failure: app_commands.CheckFailure):
    assert await tell(failure) == strings.REFUSALS["moderators_only"]


@pytest.mark.parametrize("key", [key for key in strings.REFUSALS if not strings.is_for_operators(key)])
async def test_every_refusal_can_be_told_and_fits(key: str):
    fields = {name for _, name, _, _ in Formatter().parse(strings.REFUSALS[key]) if name} - {"here"}
    text = await tell(BadInput(key, **{name: f"«{name}»" for name in fields}))

    assert all(f"«{name}»" in as_discord_reads(text).text for name in fields)
    assert len(text) <= 2000


async def test_an_interaction_that_was_answered_is_followed_up():
    interaction = FakeInteraction(answered=True)
    await tell(NothingFound(), interaction)
    assert interaction.ways == ["followup"]

    interaction = FakeInteraction()
    await tell(NothingFound(), interaction)
    assert interaction.ways == ["response"]


async def test_a_refusal_is_no_incident(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        await tell(invoked(Refused("serial_none", title="x")))
    assert caplog.records == []


async def test_a_moderators_check_that_fails_says_who_may():
    failure = app_commands.CheckFailure()
    failure.__cause__ = Refused("check_old")
    assert await tell(failure) == strings.REFUSALS["check_old"]


# ------------------------------------------------------------------------------------------------ bugs


@pytest.mark.parametrize("key", ["database_locked", "database_corrupt", "disk_failed"])
async def test_where_the_database_lies_stands_in_the_log_alone(key: str, caplog: pytest.LogCaptureFixture):
    path = "/srv/inglenook/library.db"
    text = await tell(invoked(BadInput(key, path=path)))
    code = re.search(r"code: (\w{8})$", text)

    assert code is not None
    assert path not in text
    assert code[1] in caplog.text
    assert path in caplog.text


async def test_a_refusal_without_a_sentence_is_an_incident(caplog: pytest.LogCaptureFixture):
    assert "code: " in await tell(invoked(Refused("no_such_key")))
    assert "code: " in await tell(invoked(Refused("serial_exists")))
    assert "no_such_key" in caplog.text


async def test_where_the_sentence_cannot_be_looked_up_the_person_still_hears(caplog: pytest.LogCaptureFixture):
    class Broken:
        async def of(self, guild_id: int) -> Settings:
            raise BadInput("database_locked", path="/srv/library.db")

    interaction = FakeInteraction()
    interaction.client.places = Places(Broken(), lambda: NOON)
    text = await tell(NothingFound(), interaction)
    assert "code: " in text
    assert "/srv" not in text


async def test_a_bug_becomes_a_code_for_the_person_and_a_traceback_for_the_log(caplog):
    text = await tell(invoked(ZeroDivisionError("a secret in the message")))
    code = re.search(r"code: (\w{8})$", text)

    assert code is not None
    assert "secret" not in text
    assert "ZeroDivision" not in text
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert code[1] in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


async def test_no_two_incidents_share_a_code():
    assert len({await tell(ZeroDivisionError()) for _ in range(50)}) == 50


@pytest.mark.parametrize("code", [10062, 40060])
async def test_an_interaction_that_is_over_is_only_noted(code: int, caplog: pytest.LogCaptureFixture):
    interaction = FakeInteraction()
    person: Any = interaction
    with caplog.at_level(logging.INFO):
        await answer_error(person, invoked(refusal(404 if code == 10062 else 400, code)))

    assert interaction.told == []
    assert [record.levelno for record in caplog.records] == [logging.INFO]


async def test_any_other_trouble_with_discord_is_an_incident():
    assert "code: " in await tell(invoked(refusal(403, 50013)))


async def test_who_cannot_be_told_any_more_is_only_noted(caplog: pytest.LogCaptureFixture):
    interaction = FakeInteraction()
    interaction.broken = refusal(404, 10062)
    person: Any = interaction
    with caplog.at_level(logging.INFO):
        await answer_error(person, NothingFound())

    assert [record.levelno for record in caplog.records] == [logging.INFO]
