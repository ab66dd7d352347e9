"""Posting to Discord: what is asked of it, and which answer means what.

discord.py is the real one down to its HTTP client.
"""

from __future__ import annotations

import asyncio
import errno
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from bot import strings
from bot.discord_ui.publisher import DiscordPublisher
from bot.domain.drops import LEASE
from bot.services.drops import PublishImpossible, PublishLater, PublishUnclear
from tests.support.builders import CHANNEL, GUILD, NOON
from tests.support.discord_http import FakeHTTP, client_on, refusal


@pytest.fixture
def http() -> FakeHTTP:
    return FakeHTTP()


@pytest.fixture
async def publisher(http: FakeHTTP) -> DiscordPublisher:
    return DiscordPublisher(client_on(http))


# ------------------------------------------------------------------------------------------------- send


async def test_a_message_is_posted_under_its_nonce_and_can_mention_nobody(http: FakeHTTP, publisher):
    wanted = http.add("She rowed.", NOON)
    message_id = await publisher.send(CHANNEL, "She rowed.", "d0123456789", silent=False)
    ((method, path, options),) = http.requests
    body = options["json"]

    assert message_id == wanted
    assert (method, path) == ("POST", "/channels/{channel_id}/messages")
    assert body["content"] == "She rowed."
    assert (body["nonce"], body["enforce_nonce"]) == ("d0123456789", True)
    assert body["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("silent", [False, True])
async def test_only_a_silent_message_suppresses_its_notification(http: FakeHTTP, publisher, silent: bool):
    http.add("She rowed.", NOON)
    await publisher.send(CHANNEL, "She rowed.", "d0", silent=silent)
    flags = discord.MessageFlags._from_value(http.requests[0][2]["json"]["flags"])

    assert flags.suppress_notifications is silent
    assert flags.suppress_embeds, "a page that is named in a chapter is not unfolded under it"


LATER = {
    "too many requests": refusal(429, 20028),
    "too many requests, at the edge": refusal(429),
    "longer than discord.py waits": discord.RateLimited(120),
    "the copy that its nonce brings back was deleted": refusal(404, 10008),
    "the token is not valid any more": refusal(401, 50027),
    "turned away at the edge": refusal(403),
}
UNCLEAR = {
    "internal error": refusal(500),
    "bad gateway": refusal(502),
    "unavailable": refusal(503, 130000),
    "gateway timeout": refusal(504),
    "edge timeout": refusal(524),
    "request timeout": refusal(408),
    "disconnected": aiohttp.ServerDisconnectedError(),
    "connection reset": ConnectionResetError(errno.ECONNRESET, "reset"),
    "half an answer": aiohttp.ClientPayloadError(),
    "lost line": aiohttp.ClientOSError(errno.EPIPE, "broken pipe"),
    "socket timeout": aiohttp.SocketTimeoutError(),
    "no name server": OSError(errno.EHOSTUNREACH, "unreachable"),
    "timeout": TimeoutError(),
    "asyncio's timeout": asyncio.TimeoutError(),  # noqa: UP041 (its name before Python 3.11)
}
IMPOSSIBLE = {
    "channel deleted": (refusal(404, 10003), "channel_gone"),
    "server left": (refusal(404, 10004), "channel_gone"),
    "nothing there": (refusal(404), "channel_gone"),
    "not seen": (refusal(403, 50001), "channel_forbidden"),
    "not allowed": (refusal(403, 50013), "channel_forbidden"),
    "blocked by AutoMod": (refusal(400, 200000), "discord_refused"),
    "invalid form body": (refusal(400, 50035), "discord_refused"),
    "empty": (refusal(400, 50006), "discord_refused"),
    "locked thread": (refusal(400, 160005), "discord_refused"),
    "not what it should be": (discord.InvalidData("?"), "discord_refused"),
}


@pytest.mark.parametrize("failure", LATER.values(), ids=LATER)
async def test_what_discord_did_not_take_is_tried_later(http: FakeHTTP, publisher, failure: Exception):
    http.failure = failure
    with pytest.raises(PublishLater):
        await publisher.send(CHANNEL, "She rowed.", "d0", silent=False)


@pytest.mark.parametrize("failure", UNCLEAR.values(), ids=UNCLEAR)
async def test_what_may_have_arrived_is_unclear(http: FakeHTTP, publisher, failure: Exception):
    http.failure = failure
    with pytest.raises(PublishUnclear):
        await publisher.send(CHANNEL, "She rowed.", "d0", silent=False)


@pytest.mark.parametrize(("failure", "reason"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
async def test_what_somebody_has_to_mend_says_what(http: FakeHTTP, publisher, failure: Exception, reason: str):
    http.failure = failure
    with pytest.raises(PublishImpossible) as stop:
        await publisher.send(CHANNEL, "She rowed.", "d0", silent=False)

    assert stop.value.reason == reason
    assert reason in strings.PAUSES


async def test_an_attempt_is_given_up_long_before_its_lease_is_over(http: FakeHTTP):
    """discord.py sleeps out a rate limit; who wakes up without the lease would post a second time."""
    assert DiscordPublisher(client_on(http))._patience < LEASE.total_seconds()
    http.delay = 60
    with pytest.raises(PublishUnclear):
        await DiscordPublisher(client_on(http), patience=timedelta(milliseconds=10)).send(
            CHANNEL, "She rowed.", "d0", silent=False
        )


async def test_a_bug_is_no_trouble_with_discord(http: FakeHTTP, publisher):
    http.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await publisher.send(CHANNEL, "She rowed.", "d0", silent=False)


# ------------------------------------------------------------------------------------------------- find


async def find(publisher: DiscordPublisher, content: str = "She rowed.", known: frozenset[int] = frozenset()):
    return await publisher.find(CHANNEL, content, NOON, known)


async def test_what_did_not_arrive_is_not_found(http: FakeHTTP, publisher):
    assert await find(publisher) is None
    http.add("He rowed.", NOON)
    assert await find(publisher) is None


async def test_what_arrived_is_found_whatever_discord_trimmed(http: FakeHTTP, publisher):
    arrived = http.add("She rowed.", NOON + timedelta(seconds=1))
    assert await find(publisher, " She rowed.\n") == arrived


async def test_what_others_wrote_is_not_ours(http: FakeHTTP, publisher):
    http.add("She rowed.", NOON, author_id=7)
    assert await find(publisher) is None


async def test_of_two_alike_the_older_one_that_is_not_known_yet_is_meant(http: FakeHTTP, publisher):
    first, second = (http.add("⁂", NOON + timedelta(seconds=n)) for n in (1, 2))

    assert await find(publisher, "⁂") == first
    assert await find(publisher, "⁂", frozenset({first})) == second
    assert await find(publisher, "⁂", frozenset({first, second})) is None


async def test_what_stood_there_before_is_not_taken_for_it(http: FakeHTTP, publisher):
    http.add("She rowed.", NOON - timedelta(minutes=2))
    assert await find(publisher) is None


async def test_a_clock_that_is_a_little_ahead_does_not_hide_it(http: FakeHTTP, publisher):
    arrived = http.add("She rowed.", NOON - timedelta(seconds=5))
    assert await find(publisher) == arrived


async def test_it_is_found_behind_a_busy_hour(http: FakeHTTP, publisher):
    for n in range(250):
        http.add("Hello.", NOON + timedelta(seconds=n), author_id=7)
    arrived = http.add("She rowed.", NOON + timedelta(seconds=300))

    assert await find(publisher) == arrived


@pytest.mark.parametrize("failure", [*LATER.values(), *UNCLEAR.values()], ids=[*LATER, *UNCLEAR])
async def test_a_look_that_failed_is_simply_repeated(http: FakeHTTP, publisher, failure: Exception):
    """Reading changes nothing, so nothing about it is ever unclear."""
    http.failure = failure
    with pytest.raises(PublishLater):
        await find(publisher)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (refusal(403, 50001), "channel_unreadable"),
        (refusal(403, 50013), "channel_unreadable"),
        (refusal(404, 10003), "channel_gone"),
    ],
)
async def test_a_history_that_may_not_be_read_is_said_so(http: FakeHTTP, publisher, failure, reason: str):
    http.failure = failure
    with pytest.raises(PublishImpossible) as stop:
        await find(publisher)
    assert stop.value.reason == reason


# ------------------------------------------------------------------------------------------------ place


def channel(*, nsfw: bool, **more: Any) -> dict[str, Any]:
    return {
        "id": str(CHANNEL),
        "guild_id": str(GUILD),
        "type": 0,
        "name": "chapters",
        "position": 0,
        "nsfw": nsfw,
        "permission_overwrites": [],
        "parent_id": None,
        **more,
    }


@pytest.mark.parametrize("nsfw", [False, True])
async def test_a_channel_that_is_not_cached_is_asked_for(http: FakeHTTP, publisher, nsfw: bool):
    http.channel = channel(nsfw=nsfw)
    place = await publisher.place(GUILD, CHANNEL)

    assert (place.guild_id, place.channel_id, place.age_restricted) == (GUILD, CHANNEL, nsfw)


@pytest.mark.parametrize("nsfw", [False, True])
async def test_a_cached_channel_is_as_the_gateway_last_told(http: FakeHTTP, nsfw: bool):
    client = client_on(http)
    guild: Any = {"id": str(GUILD), "name": "Harbour", "channels": [channel(nsfw=not nsfw)], "roles": []}
    client._connection._add_guild_from_data(guild)
    update: Any = channel(nsfw=nsfw)
    client._connection.parse_channel_update(update)

    place = await DiscordPublisher(client).place(GUILD, CHANNEL)
    assert place.age_restricted is nsfw
    assert http.requests == []


async def test_a_thread_whose_parent_is_unknown_counts_as_open(http: FakeHTTP, publisher):
    http.channel = channel(
        nsfw=True,
        type=11,
        parent_id="77",
        owner_id="1",
        message_count=0,
        member_count=0,
        thread_metadata={
            "archived": False,
            "auto_archive_duration": 60,
            "archive_timestamp": NOON.isoformat(),
            "locked": False,
        },
    )
    assert not (await publisher.place(GUILD, CHANNEL)).age_restricted


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        *((failure, PublishLater) for failure in LATER.values() if getattr(failure, "code", 0) != 10008),
        *((failure, PublishUnclear) for failure in UNCLEAR.values()),
        *((failure, PublishImpossible) for failure, _ in IMPOSSIBLE.values()),
    ],
    ids=[*(name for name in LATER if "copy" not in name), *UNCLEAR, *IMPOSSIBLE],
)
async def test_a_channel_that_cannot_be_looked_at_says_why(http: FakeHTTP, publisher, failure, kind: type):
    http.failure = failure
    with pytest.raises(kind):
        await publisher.place(GUILD, CHANNEL)


async def test_a_channel_that_is_gone_is_said_so(http: FakeHTTP, publisher):
    http.failure = refusal(404, 10003)
    with pytest.raises(PublishImpossible) as stop:
        await publisher.place(GUILD, CHANNEL)
    assert stop.value.reason == "channel_gone"
