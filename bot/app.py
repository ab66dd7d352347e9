"""The composition root: opens things in order, wires them, closes them in reverse."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.config import Config
from bot.discord_ui.client import InglenookClient, Services
from bot.discord_ui.publisher import DiscordPublisher
from bot.discord_ui.render import DiscordTypesetter
from bot.index.library import LibraryIndex
from bot.ingest.reading import read_attached
from bot.services.drops import Drops
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.services.proofs import Proofs
from bot.services.quotes import Quotes
from bot.services.reactions import Reactions
from bot.services.serials import Serials
from bot.services.shelf import Shelf
from bot.services.uploads import Uploads
from bot.storage.commands import SyncedCommands
from bot.storage.corrections import CorrectionRows
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.imports import Imports
from bot.storage.manuscripts import StoredManuscripts
from bot.storage.quotes import Bag
from bot.storage.reactions import Marks
from bot.storage.serials import SerialRows
from bot.storage.stated import StatedRows
from bot.storage.stories import Stories

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
        index = LibraryIndex(stories, config.database.with_name(config.database.name + ".index"))
        services = Services(
            shelf=Shelf(stories),
            quotes=Quotes(Bag(database), stories),
            lookup=Lookup(index, stories, stories),
            serials=Serials(SerialRows(database), now),
            reactions=Reactions(marks, now),
            uploads=Uploads(read_attached, _proofs(database), Library(Imports(database), now), index.refresh),
            sync_memory=SyncedCommands(database),
        )
        client = InglenookClient(services, now=now, poll=poll)
        drops = Drops(DropRows(database), stories, DiscordPublisher(client), DiscordTypesetter(), now, _worker_name())
        client.drops = drops
        try:
            yield App(
                client=client,
                library=Library(Imports(database), now),
                proofs=_proofs(database),
                index=index,
                shelf=services.shelf,
                quotes=services.quotes,
                lookup=services.lookup,
                serials=services.serials,
                drops=drops,
                reactions=services.reactions,
            )
        finally:
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


def _proofs(database: Database) -> Proofs:
    return Proofs(Imports(database), CorrectionRows(database), StatedRows(database), StoredManuscripts(database))


def _worker_name() -> str:
    """A name that no other worker has, and that tells an operator which process it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
