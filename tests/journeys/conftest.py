"""A simulated server with the corpus on its shelf, and somebody who acts in it."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from bot.app import open_app
from bot.config import Config
from bot.ingest.reading import read
from bot.stage.play import Outcome, Play
from bot.stage.steps import parse
from bot.stage.tour import CORPUS
from bot.stage.world import World


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """A database that holds the corpus, made once."""
    path = tmp_path_factory.mktemp("shelf") / "inglenook.db"
    asyncio.run(_fill(path))
    return path


async def _fill(path):
    async with open_app(Config(database=path)) as app:
        for manuscript in read(CORPUS):
            await app.library.add(manuscript)
        await app.index.refresh()


@pytest.fixture
async def world(shelf, tmp_path):
    """A fresh world on a copy of the shelf."""
    copy = tmp_path / "inglenook.db"
    shutil.copy(shelf, copy)
    async with World(copy) as world:
        yield world


class Person:
    """Somebody in a channel, who types steps and reads what comes back."""

    def __init__(self, world: World, actor: str, channel: str) -> None:
        self._play = Play(world, actor=actor, channel=channel)

    async def does(self, step: str) -> Outcome:
        """One step of the language of ``inglenook try``."""
        return await self._play.perform(parse(step))

    async def reads(self, step: str) -> str:
        """Everything visible that the step brought, the answer first."""
        outcome = await self.does(step)
        assert outcome.error is None, outcome.error
        return "\n".join(text for sight in outcome.sights for text in sight.texts)


@pytest.fixture
def reader(world):
    return Person(world, "reader", "talk")


@pytest.fixture
def moderator(world):
    return Person(world, "moderator", "mods")


@pytest.fixture
def night_reader(world):
    return Person(world, "reader", "late-night")


@pytest.fixture
def chapter_reader(world):
    return Person(world, "reader", "chapters")
