"""Where an answer will stand, and who will see it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord_ui.places import Places, is_age_restricted
from bot.domain.access import allowed_ratings
from bot.domain.errors import NothingFound, UserFacingError
from bot.domain.settings import Settings
from bot.domain.story import Rating
from tests.support.builders import CHANNEL, GUILD, OTHER_GUILD
from tests.support.fakes import Clock

READER = 7


class FakeSettings:
    def __init__(self, **of: Any) -> None:
        self.by_guild = {GUILD: Settings(**of)}

    async def of(self, guild_id: int) -> Settings:
        return self.by_guild.get(guild_id, Settings())


def asked(channel_id: int = CHANNEL, *, guild_id: int | None = GUILD, channel: object = None) -> Any:
    return SimpleNamespace(guild_id=guild_id, channel_id=channel_id, channel=channel, user=SimpleNamespace(id=READER))


def thread(parent: object, parent_id: int = CHANNEL) -> discord.Thread:
    """A thread as far as its parent is concerned; ``None``: not cached."""
    made = object.__new__(discord.Thread)
    guild: Any = SimpleNamespace(get_channel=lambda _: parent)
    made.guild, made.parent_id = guild, parent_id
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_private_place_is_of_whoever_asks(clock: Clock):
    place = await Places(FakeSettings(), clock).privately(asked())
    assert (place.guild_id, place.channel_id, place.reader, place.ahead) == (GUILD, CHANNEL, READER, False)
    assert (await Places(FakeSettings(), clock).privately(asked(), ahead=True)).ahead


async def test_an_open_place_is_everybodys(clock: Clock):
    assert (await Places(FakeSettings(), clock).openly(asked())).reader is None


async def test_what_moderators_allow_holds_for_every_place_of_their_server_and_no_other(clock: Clock):
    places = Places(FakeSettings(ratings=frozenset({Rating.GENERAL})), clock)
    for place in (await places.openly(asked()), await places.privately(asked(), ahead=True)):
        assert allowed_ratings(place) == {Rating.GENERAL}
    assert Rating.TEEN in (await places.openly(asked(guild_id=OTHER_GUILD))).ratings


@pytest.mark.parametrize("way", ["openly", "privately"])
async def test_a_direct_message_has_no_place(clock: Clock, way: str):
    with pytest.raises(UserFacingError) as refused:
        await getattr(Places(FakeSettings(), clock), way)(asked(guild_id=None))
    assert refused.value.key == "server_only"


async def test_elsewhere_than_moderators_want_answers_are_private(clock: Clock):
    places = Places(FakeSettings(public_channels=frozenset({CHANNEL})), clock)
    assert (await places.openly(asked())).reader is None
    assert (await places.openly(asked(99))).reader == READER
    assert (await places.openly(asked(99, channel=thread(None, CHANNEL)))).reader is None, "as in its channel"
    assert (await places.openly(asked(CHANNEL, channel=thread(None, 98)))).reader == READER


async def test_what_comes_too_soon_is_answered_privately(clock: Clock):
    places = Places(FakeSettings(pace=60), clock)
    assert (await places.openly(asked())).reader is None
    assert (await places.openly(asked())).reader == READER
    assert (await places.openly(asked(99))).reader is None
    clock.advance(seconds=59)
    assert (await places.openly(asked())).reader == READER
    clock.advance(seconds=1)
    assert (await places.openly(asked())).reader is None


async def test_of_several_that_ask_at_once_one_is_answered_publicly(clock: Clock):
    places = Places(FakeSettings(pace=60), clock)
    asked_at_once = await asyncio.gather(*(places.openly(asked()) for _ in range(4)))
    assert [place.reader for place in asked_at_once] == [None, READER, READER, READER]


async def test_an_answer_that_failed_gives_its_turn_back(clock: Clock):
    places = Places(FakeSettings(pace=60), clock)
    with pytest.raises(NothingFound):
        async with places.turn(asked()) as place:
            assert place.reader is None
            raise NothingFound
    async with places.turn(asked()) as place:
        assert place.reader is None
    with pytest.raises(NothingFound):
        async with places.turn(asked()) as place:
            assert place.reader == READER
            raise NothingFound
    assert (await places.openly(asked())).reader == READER, "a private answer has no turn to give back"


@pytest.mark.parametrize("nsfw", [False, True])
def test_a_thread_is_as_its_channel_is(nsfw: bool):
    parent = object.__new__(discord.TextChannel)
    parent.nsfw = nsfw
    parent._type = 0
    assert is_age_restricted(parent) is nsfw
    assert is_age_restricted(thread(parent)) is nsfw


def test_what_cannot_be_told_is_open():
    for channel in (None, thread(None), discord.Object(5), SimpleNamespace(nsfw=True)):
        assert not is_age_restricted(channel)  # pyright: ignore[reportArgumentType]
