"""The composition root: opens things in order, wires them, closes them in reverse."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.config import Config
from bot.discord_ui.checks import DiscordWriter
from bot.discord_ui.client import InglenookClient, Services
from bot.discord_ui.publisher import DiscordPublisher
from bot.discord_ui.render import DiscordTypesetter
from bot.discord_ui.rooms import DiscordRooms
from bot.index.library import LibraryIndex
from bot.ingest.reading import read, read_attached
from bot.services.checks import Checks
from bot.services.drops import Drops
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.services.notices import Notices
from bot.services.progress import ReadersProgress
from bot.services.proofs import Proofs
from bot.services.quotes import Quotes
from bot.services.reactions import Reactions
from bot.services.releases import Releases
from bot.services.samples import Samples
from bot.services.serials import Serials
from bot.services.settings import ServerSettings
from bot.services.shelf import Shelf
from bot.services.uploads import Uploads
from bot.storage.checks import CheckRows
from bot.storage.commands import SyncedCommands
from bot.storage.corrections import CorrectionRows
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.finding import EveryStory
from bot.storage.imports import Imports
from bot.storage.manuscripts import StoredManuscripts
from bot.storage.notices import NoticeRows
from bot.storage.openings import StoryOpenings
from bot.storage.progress import ProgressRows
from bot.storage.quotes import Bag
from bot.storage.reactions import Marks
from bot.storage.release import ReleaseRows
from bot.storage.serials import SerialRows
from bot.storage.settings import SettingRows
from bot.storage.stated import StatedRows
from bot.storage.stories import Stories

_PACKAGE = Path(__file__).resolve().parent

CORPUS = next(
    (folder for folder in (_PACKAGE / "_corpus", _PACKAGE.parent / "corpus") if folder.is_dir()),
    _PACKAGE.parent / "corpus",
)
"""The stories that come with the bot: inside it where it was installed, beside it in a clone."""

POLL = timedelta(seconds=30)
"""How often to look for what another process on the same database has planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Inglenook, wired. ``client`` is not logged in yet."""

    client: InglenookClient
    library: Library
    proofs: Proofs
    index: LibraryIndex
    shelf: Shelf
    quotes: Quotes
    lookup: Lookup
    serials: Serials
    drops: Drops
    reactions: Reactions
    settings: ServerSettings


def utc_now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)  # noqa: TID251 (everybody else is handed this one)


@asynccontextmanager
async def open_app(
    config: Config, *, now: Callable[[], datetime] = utc_now, poll: timedelta = POLL
) -> AsyncIterator[App]:
    """Open everything on the configured database and leave it flushed and closed.

    Background work starts in the client's ``setup_hook``. Several may be open on one database.

    Args:
        config: the settings.
        now: the clock; gives aware UTC.
        poll: how often to look for other processes' work.

    Raises:
        BadInput: the database cannot be used; says why and what to do.
    """
    async with await Database.open(config.database) as database:
        stories = Stories(database)
        marks = Marks(database)
        settings = SettingRows(database)
        index = _index(config, stories)
        library, shelf = Library(Imports(database), now), Shelf(stories)
        services = Services(
            shelf=shelf,
            quotes=Quotes(Bag(database), stories),
            lookup=Lookup(index, stories, stories),
            serials=Serials(SerialRows(database), now),
            reactions=Reactions(marks, now),
            progress=ReadersProgress(ProgressRows(database), stories),
            releases=Releases(ReleaseRows(database), stories),
            uploads=Uploads(read_attached, _proofs(database), library, index.refresh),
            samples=Samples(partial(read, CORPUS), library, index.refresh, shelf, StoryOpenings(database), stories),
            settings=ServerSettings(settings, now),
            sync_memory=SyncedCommands(database),
        )
        client = InglenookClient(services, now=now, poll=poll)
        publisher = DiscordPublisher(client)
        drops = Drops(
            DropRows(database),
            stories,
            publisher,
            DiscordTypesetter(),
            settings,
            now,
            _worker_name(),
        )
        client.drops = drops
        client.notices = Notices(NoticeRows(database), SerialRows(database), settings, publisher, DiscordWriter(), now)
        client.checks = Checks(
            CheckRows(database), services.serials, services.settings, index, DiscordRooms(client), now
        )
        try:
            yield App(
                client=client,
                library=library,
                proofs=_proofs(database),
                index=index,
                shelf=services.shelf,
                quotes=services.quotes,
                lookup=services.lookup,
                serials=services.serials,
                drops=drops,
                reactions=services.reactions,
                settings=services.settings,
            )
        finally:
            await client.checks.stop()
            await client.close()


@asynccontextmanager
async def open_proofs(config: Config) -> AsyncIterator[Proofs]:
    """Open what shows an import before it is made; the database stays as it is, or stays unmade.

    Raises:
        BadInput: the database cannot be used; says why and what to do.
    """
    async with Database.look(config.database) as database:
        yield _proofs(database)


@asynccontextmanager
async def open_manuscripts(config: Config) -> AsyncIterator[StoredManuscripts]:
    """Open what gives stored stories back whole; the database stays as it is.

    Raises:
        BadInput: the database cannot be used; says why and what to do.
    """
    async with Database.look(config.database) as database:
        yield StoredManuscripts(database)


@asynccontextmanager
async def open_finder(config: Config) -> AsyncIterator[tuple[LibraryIndex, Stories, EveryStory]]:
    """Open what finds lines whoever owns them: for the one who hosts the bot, never for an answer on Discord.

    The database stays as it is; the index beside it is brought up to date.

    Raises:
        BadInput: the database cannot be used; says why and what to do.
    """
    async with Database.look(config.database) as database:
        stories = Stories(database)
        yield _index(config, stories), stories, EveryStory(database)


def _index(config: Config, stories: Stories) -> LibraryIndex:
    return LibraryIndex(stories, config.database.with_name(config.database.name + ".index"))


def _proofs(database: Database) -> Proofs:
    return Proofs(Imports(database), CorrectionRows(database), StatedRows(database), StoredManuscripts(database))


def _worker_name() -> str:
    """A name that no other worker has, and that tells an operator which process it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
