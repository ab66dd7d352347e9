"""Discord at discord.py's own HTTP client: what is asked of it, and what it answers or refuses.

Everything above ``HTTPClient.request`` is the real library, so that payloads, paging and the exceptions
are those of production.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import discord
from discord.http import Route

from bot.discord_ui.client import InglenookClient, Services

BOT_ID = 900
NEVER: Any = None


@dataclass
class Response:
    """As much of an HTTP response as discord.py's exceptions look at."""

    status: int
    reason: str = ""


def refusal(status: int, code: int = 0, message: str = "no") -> discord.HTTPException:
    """The exception that discord.py raises for such an answer."""
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)
    answer: Any = Response(status)
    return kind(answer, {"code": code, "message": message} if code else "<html>")


@dataclass
class FakeHTTP:
    """Messages of one channel, and the channel itself."""

    channel: Mapping[str, Any] | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    failure: BaseException | None = None
    """Raised by every request, if set."""
    delay: float = 0
    """Seconds that every request takes."""
    requests: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def add(self, content: str, at: datetime, *, author_id: int = BOT_ID) -> int:
        """Have a message in the channel; returns its id."""
        message_id = discord.utils.time_snowflake(at) + len(self.messages)
        author = {"id": str(author_id), "username": "somebody", "discriminator": "0", "avatar": None}
        self.messages.append(
            {
                "id": str(message_id),
                "channel_id": "10",
                "author": author,
                "content": content,
                "timestamp": at.isoformat(),
                "edited_timestamp": None,
                "type": 0,
                "flags": 0,
                "tts": False,
                "pinned": False,
                "mention_everyone": False,
                **{name: [] for name in ("attachments", "embeds", "mentions", "mention_roles", "components")},
            }
        )
        return message_id

    async def request(self, route: Route, **options: Any) -> Any:
        self.requests.append((route.method, route.path, options))
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.failure is not None:
            raise self.failure
        match route.method, route.path:
            case "POST", "/channels/{channel_id}/messages":
                return self.messages[-1]
            case "GET", "/channels/{channel_id}/messages":
                return self._history(**options["params"])
            case "GET", "/channels/{channel_id}":
                assert self.channel is not None
                return self.channel
            case other:
                raise AssertionError(f"nobody should ask for {other}")

    def _history(self, limit: int, after: int = 0) -> list[dict[str, Any]]:
        """Discord gives the oldest after an id, newest first."""
        later = sorted((m for m in self.messages if int(m["id"]) > int(after)), key=lambda m: int(m["id"]))
        return later[:limit][::-1]


def client_on(http: FakeHTTP) -> InglenookClient:
    """The real client, logged in as far as it needs to be."""
    services = Services(**{part.name: NEVER for part in fields(Services)})
    client = InglenookClient(services, now=NEVER, poll=NEVER)
    client.http.request = http.request
    user: Any = {"id": str(BOT_ID), "username": "inglenook", "discriminator": "0", "avatar": None}
    client._connection.user = discord.ClientUser(state=client._connection, data=user)
    return client
