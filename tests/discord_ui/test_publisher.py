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
from bot.domain.story import ChapterId
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


async def send(
    publisher: DiscordPublisher,
    *,
    nonce: str = "d0",
    silent: bool = False,
    ping: int | None = None,
    read: ChapterId | None = None,
) -> int:
    return await publisher.send(CHANNEL, "She rowed.", nonce, silent=silent, ping=ping, read=read)


async def test_a_message_is_posted_under_its_nonce_and_can_mention_nobody(http: FakeHTTP, publisher):
    wanted = http.add("She rowed.", NOON)
    message_id = await send(publisher, nonce="d0123456789")
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
    await send(publisher, silent=silent)
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
        await send(publisher)


@pytest.mark.parametrize("failure", UNCLEAR.values(), ids=UNCLEAR)
async def test_what_may_have_arrived_is_unclear(http: FakeHTTP, publisher, failure: Exception):
    http.failure = failure
    with pytest.raises(PublishUnclear):
        await send(publisher)


@pytest.mark.parametrize(("failure", "reason"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
async def test_what_somebody_has_to_mend_says_what(http: FakeHTTP, publisher, failure: Exception, reason: str):
    http.failure = failure
    with pytest.raises(PublishImpossible) as stop:
        await send(publisher)

    assert stop.value.reason == reason
    assert reason in strings.PAUSES


async def test_an_attempt_is_given_up_long_before_its_lease_is_over(http: FakeHTTP):
    """discord.py sleeps out a rate limit; who wakes up without the lease would post a second time."""
    assert DiscordPublisher(client_on(http))._patience < LEASE.total_seconds()
    http.delay = 60
    with pytest.raises(PublishUnclear):
        await send(DiscordPublisher(client_on(http), patience=timedelta(milliseconds=10)))


async def test_a_bug_is_no_trouble_with_discord(http: FakeHTTP, publisher):
    http.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await send(publisher)


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


# --------------------------------------------------------------------------- whom a message may mention, and buttons


async def test_the_first_message_of_a_drop_mentions_one_role_and_nobody_else(http: FakeHTTP, publisher):
    http.add("She rowed.", NOON)
    await send(publisher, ping=77)
    assert http.requests[0][2]["json"]["allowed_mentions"] == {"parse": [], "roles": [77]}


async def test_the_end_of_a_chapter_has_its_button_and_nothing_else_has(http: FakeHTTP, publisher):
    http.add("She rowed.", NOON)
    await send(publisher)
    await send(publisher, read=ChapterId(5))
    plain, end = (options["json"] for _, _, options in http.requests)

    assert not plain.get("components")
    ((button,),) = [row["components"] for row in end["components"]]
    assert (button["label"], button["custom_id"]) == (strings.BUTTON_READ, "read:1:5")


# ------------------------------------------------------------------------------------------ who sees a channel

TALK, SECRET, THREAD = 11, 12, 13
READERS, TEAM, MUTED, BOTS = 31, 32, 33, 34
SEE = discord.Permissions(view_channel=True).value
ADMIN = discord.Permissions(administrator=True).value


def overwrite(role: int, *, sees: bool) -> dict[str, Any]:
    return {"id": str(role), "type": 0, "allow": str(SEE if sees else 0), "deny": str(0 if sees else SEE)}


def role(role_id: int, permissions: int, position: int = 1) -> dict[str, Any]:
    return {
        "id": str(role_id), "name": f"role {role_id}", "permissions": str(permissions), "position": position,
        "color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False, "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip


def readers_see(
    http: FakeHTTP,
    *overwrites: dict[str, Any],
    talk: tuple[dict[str, Any], ...] | None = None,
    everyone: int = SEE,
    team: int = SEE,
    thread: dict[str, Any] | None = None,
    asked: int = CHANNEL,
    parent: dict[str, Any] | None = None,
) -> Any:
    """Whether readers see ``asked`` on a server with these overwrites of #chapters and of #talk."""
    client = client_on(http)
    channels = [channel(nsfw=False, permission_overwrites=list(overwrites))]
    if parent is not None:
        channels[0]["parent_id"] = parent["id"]
        channels.append(parent)
    if talk is not None:
        channels.append({**channel(nsfw=False, permission_overwrites=list(talk)), "id": str(TALK), "name": "talk"})
    roles = [
        role(GUILD, everyone, 0),
        role(READERS, 0),
        role(TEAM, team, 2),
        role(MUTED, 0, 3),
        {**role(BOTS, 0, 4), "managed": True},
    ]
    guild: Any = {"id": str(GUILD), "name": "Harbour", "channels": channels, "roles": roles,
                  "threads": [thread] if thread else []}  # fmt: skip
    client._connection._add_guild_from_data(guild)
    return DiscordPublisher(client).is_seen_by_readers(asked, TALK if talk is not None else None)


def thread_of(parent_id: int, kind: int) -> dict[str, Any]:
    return {
        "id": str(THREAD), "guild_id": str(GUILD), "parent_id": str(parent_id), "owner_id": "1", "type": kind,
        "name": "a thread", "message_count": 0, "member_count": 0,
        "thread_metadata": {"archived": False, "auto_archive_duration": 60, "archive_timestamp": NOON.isoformat(),
                            "locked": False},
    }  # fmt: skip


CHAPTERS_HIDDEN = overwrite(GUILD, sees=False)


async def test_an_open_channel_is_seen(http: FakeHTTP):
    assert await readers_see(http)


async def test_a_channel_that_everyone_may_not_see_is_not(http: FakeHTTP):
    assert not await readers_see(http, CHAPTERS_HIDDEN)
    assert not await readers_see(http, CHAPTERS_HIDDEN, overwrite(TEAM, sees=True))
    assert not await readers_see(http, everyone=0)


async def test_a_channel_of_the_story_team_alone_is_not_seen_by_who_talks(http: FakeHTTP):
    for_readers = (CHAPTERS_HIDDEN, overwrite(READERS, sees=True), overwrite(TEAM, sees=True))
    assert not await readers_see(http, CHAPTERS_HIDDEN, overwrite(TEAM, sees=True), talk=for_readers)
    assert not await readers_see(http, CHAPTERS_HIDDEN, overwrite(TEAM, sees=True), talk=())


async def test_a_channel_that_all_who_talk_see_is_seen_though_not_everyone_does(http: FakeHTTP):
    for_readers = (CHAPTERS_HIDDEN, overwrite(READERS, sees=True), overwrite(TEAM, sees=True))
    assert await readers_see(http, *for_readers, talk=for_readers)
    assert await readers_see(http, talk=for_readers)


async def test_one_role_of_those_who_talk_that_does_not_see_it_is_enough(http: FakeHTTP):
    talk = (CHAPTERS_HIDDEN, overwrite(READERS, sees=True), overwrite(MUTED, sees=True))
    assert not await readers_see(http, CHAPTERS_HIDDEN, overwrite(READERS, sees=True), talk=talk)


async def test_who_was_muted_and_bots_keep_nothing_from_being_released(http: FakeHTTP):
    assert await readers_see(http, overwrite(MUTED, sees=False), talk=())
    assert await readers_see(http, overwrite(MUTED, sees=False))
    talk = (CHAPTERS_HIDDEN, overwrite(READERS, sees=True), overwrite(BOTS, sees=True))
    assert await readers_see(http, CHAPTERS_HIDDEN, overwrite(READERS, sees=True), talk=talk)


async def test_where_the_server_itself_lets_readers_in_their_roles_are_the_readers(http: FakeHTTP):
    assert await readers_see(http, talk=(), everyone=0)
    assert not await readers_see(http, overwrite(TEAM, sees=False), talk=(), everyone=0)
    assert not await readers_see(http, everyone=0)


async def test_a_channel_of_talk_that_nobody_sees_makes_nobody_a_reader(http: FakeHTTP):
    hidden = tuple(overwrite(one, sees=False) for one in (GUILD, READERS, TEAM, MUTED))
    assert not await readers_see(http, talk=hidden)


async def test_administrators_alone_are_no_readers(http: FakeHTTP):
    assert not await readers_see(http, CHAPTERS_HIDDEN, team=ADMIN)


async def test_a_public_thread_is_seen_as_its_channel_is(http: FakeHTTP):
    thread = thread_of(CHANNEL, 11)
    assert await readers_see(http, thread=thread, asked=THREAD)
    assert not await readers_see(http, CHAPTERS_HIDDEN, thread=thread, asked=THREAD)


async def test_a_private_thread_is_seen_by_no_reader(http: FakeHTTP):
    assert not await readers_see(http, thread=thread_of(CHANNEL, 12), asked=THREAD)


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_channel_that_is_not_known_is_asked_for(http: FakeHTTP, hidden: bool):
    http.channel = {**channel(nsfw=False, permission_overwrites=[CHAPTERS_HIDDEN] if hidden else []), "id": str(SECRET)}
    assert await readers_see(http, asked=SECRET) is not hidden


async def test_a_channel_that_is_gone_is_not_seen(http: FakeHTTP):
    http.failure = refusal(404, 10003)
    assert not await readers_see(http, asked=SECRET)


@pytest.mark.parametrize("failure", [refusal(500), TimeoutError()])
async def test_where_discord_does_not_say_it_is_asked_again_later(http: FakeHTTP, failure: Exception):
    http.failure = failure
    with pytest.raises(PublishLater):
        await readers_see(http, asked=SECRET)


async def test_the_readers_of_a_server_that_is_not_known_are_asked_for_later(http: FakeHTTP):
    http.channel = channel(nsfw=False)
    with pytest.raises(PublishLater):
        await DiscordPublisher(client_on(http)).is_seen_by_readers(CHANNEL, None)


async def test_a_thread_of_a_channel_that_is_not_known_is_not_seen(http: FakeHTTP):
    assert not await readers_see(http, thread=thread_of(SECRET, 11), asked=THREAD)
