"""Stories on a real database: what the tests of storage and of the whole program share."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

from bot.domain.access import OPEN_RATINGS, Place, Scope
from bot.domain.corrections import Correction
from bot.domain.drops import MessageKind, PlannedMessage
from bot.domain.schedule import Every, Rhythm
from bot.domain.stated import Stated
from bot.domain.story import (
    OPERATOR,
    ChapterId,
    LineId,
    Manuscript,
    Owner,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    SceneId,
    StoryId,
)
from bot.services.drops import ClaimedDrop
from bot.services.library import Added, Library
from bot.services.serials import NewSerial
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.imports import Imports
from bot.storage.serials import SerialRows
from bot.storage.stories import Stories
from tests.support.builders import CHANNEL, GUILD, NOON, OTHER_GUILD, manuscript

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534

_WORDS = (
    "anchor barley candle dagger ember fathom gallows harbour ink jackdaw kettle lantern marrow nettle "
    "orchard pepper quarry raven saddle thimble umber velvet walnut yarrow zinc apron bellows cinder ditch "
    "eaves flint garnet hinge ivory juniper knot ledger mortar needle oar pulley rafter sickle tallow urn"
).split()


def sentence(number: int) -> str:
    """A sentence unlike those of all other numbers, long enough to be quoted."""
    chosen = random.Random(number).sample(_WORDS, 9)
    return " ".join(chosen).capitalize() + "."


def tale(
    slug: str = "oar-song",
    *,
    chapters: int = 3,
    scenes: int = 2,
    lines: int = 3,
    first: int = 0,
    rating: Rating = Rating.TEEN,
) -> Manuscript:
    """A story in which no two lines are alike; ``first`` is the number of its first sentence."""
    numbers = iter(range(first, first + chapters * scenes * lines))
    story = manuscript(
        *[[" ".join(sentence(next(numbers)) for _ in range(lines)) for _ in range(scenes)] for _ in range(chapters)],
        slug=slug,
        title=slug.replace("-", " ").title(),
        rating=rating,
    )
    return replace(story, permission=Permission(PermissionFrom.AUTHOR, PermissionFor.FULL_TEXT))


async def add(
    database: Database,
    story: Manuscript,
    *,
    owner: Owner = OPERATOR,
    now: datetime = NOON,
    corrections: Sequence[Correction] | None = None,
    stated: Stated | None = None,
) -> Added:
    """Import a story as the bot does, whatever it loses."""
    library = Library(Imports(database), lambda: now)
    return await library.add(story, owner, allow_shrink=True, corrections=corrections, stated=stated)


async def ids(
    database: Database, slug: str = "oar-song", owner: Owner = OPERATOR
) -> tuple[dict[int, ChapterId], dict[str, SceneId], dict[str, LineId]]:
    """The ids of a story as it stands: chapters by number, scenes and lines by text."""
    outline = await Imports(database).outline(owner, slug)
    assert outline is not None
    return (
        {number: chapter for chapter, number in outline.chapters},
        {text: scene for scene, _, text in outline.scenes},
        {text: line for line, text in outline.lines},
    )


async def rows(database: Database, sql: str, **values: object) -> list[tuple[object, ...]]:
    """What a query of the test's own finds."""
    async with database.read() as tx:
        return [tuple(row) for row in await tx.all(sql, values)]


async def change(database: Database, sql: str, **values: object) -> None:
    """Change something that no method changes yet."""
    async with database.write() as tx:
        await tx.run(sql, values)


def open_scope(guild_id: int = GUILD) -> Scope:
    return Scope(guild_id, OPEN_RATINGS)


def adult_scope(guild_id: int = GUILD) -> Scope:
    return Scope(guild_id, frozenset(Rating))


async def start_serial(
    database: Database,
    story_id: StoryId,
    *,
    guild_id: int = GUILD,
    channel_id: int = CHANNEL,
    every: Every = Every.DAY,
    start: datetime = NOON,
) -> int:
    """Start a serial and return its id."""
    serial = NewSerial(
        guild_id=guild_id,
        channel_id=channel_id,
        story_id=story_id,
        rhythm=Rhythm(every, start),
        created_by=1,
    )
    serial_id = await SerialRows(database).start(serial, start)
    assert serial_id is not None
    return serial_id


async def claim_next(database: Database, now: datetime = NOON, worker: str = "worker") -> tuple[DropRows, ClaimedDrop]:
    """Plan what is due and claim a drop of it."""
    drops = DropRows(database)
    while await drops.plan_due(now):
        pass
    drop = await drops.claim(worker, now)
    assert drop is not None
    return drops, drop


async def planned(database: Database, drop: ClaimedDrop) -> list[PlannedMessage]:
    """A card and one part for each scene of the drop's chapter."""
    chapter = await Stories(database).chapter(drop.chapter_id)
    assert chapter is not None
    parts = [
        PlannedMessage(kind=MessageKind.PART, content=scene.text, scene_id=scene.id, start=0, end=len(scene.text))
        for scene in chapter.scenes
    ]
    return [PlannedMessage(kind=MessageKind.OPENING, content=f"Chapter {chapter.number}"), *parts]


async def post_next(
    database: Database, now: datetime = NOON, *, first_message: int | None = None
) -> tuple[ChapterId, list[int]]:
    """Post the next due chapter; returns it and the messages that now show its scenes."""
    drops, drop = await claim_next(database, now)
    assert await drops.write_down(drop.id, "worker", await planned(database, drop))
    at = first_message if first_message is not None else drop.id * 1000
    parts: list[int] = []
    for message in await drops.messages(drop.id):
        assert await drops.sending(drop.id, message.position, "worker", now)
        await drops.sent(drop, message, at + message.position, now)
        if message.kind is MessageKind.PART:
            parts.append(at + message.position)
    await drops.finish(drop, now, release=True)
    return drop.chapter_id, parts


def days(count: float) -> datetime:
    """A moment so many days after the tests' noon."""
    return NOON + timedelta(days=count)


@contextmanager
def without_root(*folders: Path) -> Iterator[None]:
    """Be somebody whom the permissions of files hold back, as root they would not.

    ``folders`` are given to that somebody and made reachable.
    """
    if os.geteuid():
        yield
        return
    for folder in folders:
        os.chown(folder, NOBODY, NOBODY)
        for file in folder.iterdir():
            os.chown(file, NOBODY, NOBODY)
        for parent in folder.parents:
            if parent == Path(tempfile.gettempdir()):
                break
            parent.chmod(0o711)
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


def elsewhere(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Run Python in another process; what it prints is JSON, see ``told``."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str], says: str = "") -> object:
    """What such a process printed, once it has ended well."""
    out, err = process.communicate(says, timeout=30)
    assert process.returncode == 0, err
    return json.loads(out) if out.strip() else None


@dataclass(frozen=True, slots=True)
class Shelved:
    """A story of a library in which every case of the gate stands."""

    slug: str
    owner: Owner
    rating: Rating
    withdrawn: bool
    serial: bool
    """Whether ``GUILD`` has a serial of it, with the first of its two chapters posted."""


Gated = tuple[Database, list[tuple[Shelved, StoryId]]]
"""A database with ``gated_library`` in it, and what that is."""


async def gated_library(database: Database) -> list[tuple[Shelved, StoryId]]:
    """Stories of every owner, offered, withdrawn and serialised, and of every rating; two chapters of
    two lines each.
    """
    added: list[tuple[Shelved, StoryId]] = []
    owners = (OPERATOR, Owner(GUILD), Owner(OTHER_GUILD))
    cases = [
        *product(owners, (Rating.TEEN, Rating.MATURE), (False, True), (False, True)),
        *product([OPERATOR], (Rating.GENERAL, Rating.EXPLICIT, Rating.UNRATED), [False], [False]),
    ]
    for number, (owner, rating, withdrawn, serial) in enumerate(cases):
        slug = f"story-{number:02}"
        story = tale(slug, chapters=2, scenes=1, lines=2, first=number * 10, rating=rating)
        story_id = (await add(database, story, owner=owner)).story_id
        if serial:
            await start_serial(database, story_id, channel_id=number)
            await post_next(database)
        if withdrawn:
            await change(database, "UPDATE story SET withdrawn_at = 1 WHERE id = :id", id=story_id)
        added.append((Shelved(slug, owner, rating, withdrawn, serial), story_id))
    return added


def may_be_told(story: Shelved, place: Place) -> bool:
    """The rule in the plainest words: whether a place may know of a story."""
    return (
        not story.withdrawn
        and story.owner in (0, place.guild_id)
        and (place.age_restricted or story.rating in ("general", "teen"))
    )


def released_texts(story: Shelved, number: int, place: Place) -> list[str]:
    """The lines of that story of ``gated_library`` that a place may be shown."""
    if not may_be_told(story, place):
        return []
    posted = 2 if story.serial and place.guild_id == GUILD else 4
    return [sentence(number * 10 + n) for n in range(posted)]


PLACES = [Place(guild, CHANNEL, restricted) for guild in (GUILD, OTHER_GUILD) for restricted in (False, True)]


async def all_lines(source: Database | Stories) -> tuple[int, list[tuple[LineId, SceneId, StoryId, str]]]:
    """The library revision, and every line that can be looked up."""
    stories = source if isinstance(source, Stories) else Stories(source)
    async with stories.view() as view:
        return view.revision, [
            (line_id, scene_id, story_id, text)
            for story_id in view.stories
            async for scenes in view.scenes(story_id)
            for scene_id, line_ids, texts in scenes
            for line_id, text in zip(line_ids, texts, strict=True)
        ]
