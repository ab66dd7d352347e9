from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App, open_app, utc_now
from bot.config import Config
from bot.discord_ui.publisher import DiscordPublisher
from bot.domain.access import Place
from bot.domain.errors import BadInput
from bot.domain.schedule import Every
from bot.domain.story import Rating
from bot.services.drops import RETRY, PublishLater
from bot.services.serials import First
from bot.storage.database import Database
from tests.support.builders import NOON, adult_place, open_place
from tests.support.stories import post_next, rows, sentence, tale


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(database=tmp_path / "library.db")


@pytest.fixture(autouse=True)
async def _nothing_is_left() -> AsyncIterator[None]:
    threads = connection_threads()
    yield
    assert asyncio.all_tasks() == {asyncio.current_task()}
    for thread in connection_threads() - threads:
        thread.join(5)
    assert not connection_threads() - threads
    # What was left open says so, as a warning, when it is collected (all of it is young).
    gc.collect(1)


def connection_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name}


async def quotes(app: App, count: int, place: Place) -> list[str]:
    return [(await app.quotes.draw(place)).item.text for _ in range(count)]


async def titles(app: App, place: Place) -> list[str]:
    return [card.item.title for card in await app.shelf.stories(place)]


# Opening and leaving


async def test_what_is_opened_is_a_client_that_is_not_logged_in_yet(config: Config):
    async with open_app(config) as app:
        assert not app.client.is_ready()
        assert not app.client.is_closed()
        assert app.client.user is None
        assert app.client.drops is app.drops
    assert app.client.is_closed()


async def test_a_new_database_is_made_where_it_was_said(config: Config):
    async with open_app(config) as app:
        await app.library.add(tale())
        await app.index.refresh()
    assert {path.name for path in config.database.parent.iterdir()} == {"library.db", "library.db.index"}


async def test_time_is_told_from_outside(config: Config):
    async with open_app(config, now=lambda: NOON) as app:
        await app.library.add(tale())
    async with await Database.open(config.database) as database:
        assert await rows(database, "SELECT created_at FROM revision") == [(int(NOON.timestamp()),)]


def test_the_clock_is_aware_of_its_zone():
    assert utc_now().tzinfo is UTC
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(seconds=5)  # noqa: TID251 (it is the clock that is tested)


async def test_a_failure_inside_closes_everything_all_the_same(config: Config):
    opened: list[App] = []
    with pytest.raises(ZeroDivisionError):
        async with open_app(config) as app:
            opened.append(app)
            await app.library.add(tale())
            raise ZeroDivisionError
    assert opened[0].client.is_closed()


async def test_being_cancelled_closes_everything_all_the_same(config: Config):
    opened = asyncio.Event()

    async def waits() -> None:
        async with open_app(config):
            opened.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(waits())
    await opened.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_database_that_cannot_be_opened_leaves_nothing_open(config: Config):
    config.database.write_text("not a database, but a letter to one " * 40, encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        async with open_app(config):
            pass
    assert refusal.value.key == "database_corrupt"


async def test_a_client_that_was_closed_before_does_no_harm(config: Config):
    async with open_app(config) as app:
        await app.client.close()


async def test_nothing_is_done_after_leaving(config: Config):
    async with open_app(config) as app:
        await app.library.add(tale())
    with pytest.raises(ValueError, match=r"closed|no active connection"):
        await app.shelf.stories(open_place())


# Two on one database


async def test_two_on_one_database_see_what_either_does(config: Config):
    async with open_app(config) as first, open_app(config) as second:
        await first.library.add(tale())
        assert await titles(second, open_place()) == ["Oar Song"]
        found = await second.lookup.find(open_place(), sentence(5))
        assert sentence(5) in found[0].passage.item.text
        await second.library.add(tale("night", first=100, rating=Rating.MATURE))
        found = await first.lookup.find(adult_place(), sentence(103))
        assert sentence(103) in found[0].passage.item.text
        # Both draw from one bag.
        both = [*await quotes(first, 9, open_place()), *await quotes(second, 9, open_place())]
        assert sorted(both) == sorted(sentence(n) for n in range(18))


async def test_the_one_that_stays_goes_on_when_the_other_leaves(config: Config):
    async with open_app(config) as first:
        async with open_app(config) as second:
            await second.library.add(tale())
        await first.library.add(tale("other", first=100))
        assert await titles(first, open_place()) == ["Oar Song", "Other"]


async def test_two_bots_hold_drops_under_names_of_their_own(config: Config, monkeypatch: pytest.MonkeyPatch):
    held: list[object] = []

    async def look(*_: object) -> Place:
        async with await Database.open(config.database) as database:
            held.extend(await rows(database, """SELECT lease_owner FROM "drop" """))
        raise PublishLater

    monkeypatch.setattr(DiscordPublisher, "place", look)
    moment = NOON
    async with open_app(config, now=lambda: moment) as first, open_app(config, now=lambda: moment) as second:
        await first.library.add(tale())
        (card,) = await first.shelf.stories(open_place())
        await first.serials.start(card.item, "it", open_place(), every=Every.DAY, first=First.NOW, user_id=1)
        for app in (first, second, first):
            moment += RETRY
            await app.drops.run_due()
    assert held[0] == held[2] != held[1]


# Everything is still there


async def test_everything_is_there_after_reopening(config: Config):
    async with open_app(config, now=lambda: NOON) as app:
        await app.library.add(tale())
        await app.library.add(tale("second", chapters=2, first=100))
        card = next(c for c in await app.shelf.stories(open_place()) if c.item.slug == "second")
        await app.serials.start(card.item, "it", open_place(), every=Every.DAY, first=First.NOW, user_id=1)
        async with await Database.open(config.database) as database:
            _, (message, *_) = await post_next(database)
        await app.reactions.add(message, 1, "❤️")
        drawn = await quotes(app, 10, open_place())
        found = await app.lookup.find(open_place(), sentence(5))
        top = await app.reactions.top(open_place())
        running = await app.serials.serials(open_place())
        index = next((config.database.parent / "library.db.index").iterdir()).stat()

    async with open_app(config, now=lambda: NOON) as app:
        assert await titles(app, open_place()) == ["Oar Song", "Second"]
        # 18 lines of one story, and of the other's 12 the 6 that were posted.
        drawn += await quotes(app, 14, open_place())
        assert sorted(drawn) == sorted([sentence(n) for n in range(18)] + [sentence(100 + n) for n in range(6)])
        again = await app.lookup.find(open_place(), sentence(5))
        assert [match.passage.item for match in again] == [match.passage.item for match in found]
        unposted = await app.lookup.find(open_place(), sentence(110))
        assert all(sentence(110) not in match.passage.item.text for match in unposted)
        assert [c.item for c in await app.reactions.top(open_place())] == [c.item for c in top]
        assert top[0].item.tallies == (("❤️", 1),)
        cards, elsewhere = await app.serials.serials(open_place())
        assert ([c.item for c in cards], elsewhere) == ([c.item for c in running[0]], {})
        assert (cards[0].item.posted, cards[0].item.next_due) == (1, NOON + timedelta(days=1))
        # The index was taken as it stood.
        assert next((config.database.parent / "library.db.index").iterdir()).stat().st_mtime == index.st_mtime
