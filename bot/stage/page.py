"""SimCord's page of the simulated server, and time going on in it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

_OLD_REVISIONS = 3
"""How many refreshes back somebody may still have been looking when they did something."""


class Page:
    """SimCord's page while it is served."""

    def __init__(
        self,
        preview: Any,
        advance: Callable[[timedelta], Awaitable[None]],
        latest: Callable[[], object | None],
    ) -> None:
        self._preview = preview
        self._advance = advance
        self._latest = latest
        self._turn = asyncio.Lock()
        self._news = True
        action = preview._action
        pages: dict[str, Any] = preview._pages

        async def in_turn(page_id: str | None, body: Any) -> Any:
            # SimCord does one thing at a time and refuses the second: what somebody does in the page
            # waits here until time has moved on, and the other way round. What they saw when they
            # did it may be a refresh or two old by then; it is still what they meant.
            async with self._turn:
                page = pages.get(page_id or "")
                seen = body.get("published_revision") if isinstance(body, dict) else None
                if page is not None and type(seen) is int and 0 < page.revision - seen <= _OLD_REVISIONS:
                    body["published_revision"] = page.revision
                return await action(page_id, body)

        preview._action = in_turn

    @staticmethod
    def understands(preview: Any) -> bool:
        """Whether the page is built as it was when this was written."""
        action = getattr(preview, "_action", None)
        return inspect.iscoroutinefunction(action) and isinstance(getattr(preview, "_pages", None), dict)

    @property
    def url(self) -> str:
        """The page's address; whoever knows it can use the page."""
        url: str = self._preview.url
        return url

    async def move_on(self, time: timedelta) -> None:
        """Let time pass, and show what the bot did meanwhile."""
        async with self._turn:
            await self._advance(time)
            if not self._news:
                return
            self._news = False
            await self._preview.refresh()
            # Whoever opens the page from now on begins at the latest message, as in Discord.
            if (latest := self._latest()) is not None:
                await self._preview.show(latest)

    async def closed(self) -> None:
        """Return when somebody has ended the session in the page."""
        await self._preview.wait_closed()

    def notice(self, event: str, payload: object) -> None:
        """Hear of an event of the simulated gateway."""
        self._news = self._news or event.startswith(("MESSAGE_", "THREAD_", "CHANNEL_"))
