"""The page: time and visitors take turns, and what the bot posts shows by itself."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import aiohttp
import discord
import pytest

from bot.domain.errors import BadInput
from bot.stage.world import World
from tests.support.small_bot import open_small

pytest.importorskip("markdown_it", reason="the page's own packages are not installed")


class Visitor:
    """A browser that looks at the page, over HTTP as the page's own script does."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._base, _, capability = url.partition("/#")
        self._headers = {"X-Simcord-Capability": capability}
        self._http = http
        self._sequence = 0
        self.state: dict = {}

    async def open(self) -> None:
        async with self._http.post(f"{self._base}/api/pages", headers=self._headers, json={}) as answer:
            self.state = await answer.json()
        self._headers["X-Simcord-Context"] = self.state["context"]["id"]

    async def look(self) -> list[str]:
        async with self._http.get(f"{self._base}/api/state", headers=self._headers) as answer:
            self.state = await answer.json()
        return [self.state["messages"][str(id)]["content"] for id in self.state["timeline"]]

    async def do(self, kind: str, **body: object) -> dict:
        self._sequence += 1
        envelope = {
            "protocol_version": 3,
            "sequence": self._sequence,
            "request_id": f"r{self._sequence}",
            "generation": self.state["context"]["generation"],
            "bot_generation": self.state["botGeneration"],
            "published_revision": self.state["publishedRevision"],
            "kind": kind,
            **body,
        }
        async with self._http.post(f"{self._base}/api/action", headers=self._headers, json=envelope) as answer:
            return json.loads(await answer.text())


@pytest.fixture
async def world():
    async with World(opener=open_small) as world:
        yield world


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


async def post(world: World, words: str) -> None:
    channel = world.client.get_channel(world.server.channels["talk"].id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send(words)


async def test_what_the_bot_posts_while_time_goes_on_shows_by_itself(world, http, monkeypatch):
    async with world.page("talk") as page:
        visitor = Visitor(page.url, http)
        await visitor.open()
        assert await visitor.look() == []
        later = world.advance

        async def advance(time: timedelta) -> None:
            await later(time)
            await post(world, "a chapter")

        monkeypatch.setattr(page, "_advance", advance)
        await page.move_on(timedelta(seconds=1))
        assert await visitor.look() == ["a chapter"]


async def test_where_nothing_happens_the_page_stays_as_it_is(world, http):
    async with world.page("talk") as page:
        await page.move_on(timedelta())
        visitor = Visitor(page.url, http)
        await visitor.open()
        revision = visitor.state["publishedRevision"]
        await page.move_on(timedelta(hours=2))
        await visitor.look()
        assert visitor.state["publishedRevision"] == revision


async def test_visitors_and_time_take_turns(world, http):
    async with world.page("talk") as page:
        visitor = Visitor(page.url, http)
        await visitor.open()

        async def tick() -> None:
            for _ in range(20):
                await page.move_on(timedelta(hours=1))

        ticking = asyncio.create_task(tick())
        for number in range(10):
            done = await visitor.do("send_message", content=f"message {number}")
            assert done["settlement"] == "settled"
            await visitor.look()
        await ticking
        assert len(await visitor.look()) == 10


async def test_an_action_may_be_a_refresh_late(world, http):
    async with world.page("talk") as page:
        visitor = Visitor(page.url, http)
        await visitor.open()
        await post(world, "news")
        await world.env._preview.refresh()
        done = await visitor.do("send_message", content="I had not seen the news")
        assert not done["rejected"]


async def test_only_those_who_see_the_channel_can_look_at_it(world, http):
    async with world.page("mods") as page:
        visitor = Visitor(page.url, http)
        await visitor.open()
        assert [viewer["name"] for viewer in visitor.state["viewers"]] == ["Marguerite (moderator)"]


async def test_a_port_in_use_is_said(world):
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(BadInput) as caught:
            async with world.page("talk", port=port):
                pass
    assert (caught.value.key, caught.value.values) == ("port_in_use", {"port": port})


async def test_a_page_can_be_closed_and_opened_again(world, http):
    for _ in range(2):
        async with world.page("talk") as page:
            visitor = Visitor(page.url, http)
            await visitor.open()
