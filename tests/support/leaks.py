"""Worlds in which every piece of text is marked, and an account of who may see which mark where.

A world is a real database with stories of several owners and ratings, servers with channels, serials,
settings, readers and reactions. Requests of all kinds are put to the real services and rendered as the bot
renders them; then the marks in what came back are compared with an account that is kept apart from the bot,
from what happened alone. A mark that should not be there is a leak; one that must be there and is not was lost.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import discord

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.render import DiscordTypesetter
from bot.domain.access import OPEN_RATINGS, Place
from bot.domain.errors import NothingFound, StoryNotFound, UserFacingError
from bot.domain.ranking import highlight
from bot.domain.schedule import Every, Rhythm
from bot.domain.story import (
    OPERATOR,
    Chapter,
    ChapterId,
    Line,
    LineId,
    Manuscript,
    Owner,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    Scene,
    StoryId,
)
from bot.index.library import LibraryIndex
from bot.services.drops import Drops
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.services.progress import ReadersProgress
from bot.services.quotes import Quotes
from bot.services.reactions import Reactions
from bot.services.releases import Releases
from bot.services.serials import NewSerial, Serials
from bot.services.shelf import Shelf
from bot.storage.database import Database
from bot.storage.drops import DropRows
from bot.storage.imports import Imports
from bot.storage.progress import ProgressRows
from bot.storage.quotes import Bag
from bot.storage.reactions import Marks
from bot.storage.release import ReleaseRows
from bot.storage.serials import SerialRows
from bot.storage.settings import SettingRows
from bot.storage.stories import Stories
from tests.support.fakes import Clock
from tests.support.simulated_discord import Channel, Fault, Message, SimulatedDiscord

MARK = re.compile(r"vex[a-z]{4}")
GUILDS = (100, 200, 300)
READERS = (1, 2, 3, 4)
WORDS = (
    "river oar lantern bread salt winter ledger gull harbour stone quiet ember window orchard ferry copper "
    "thread candle marsh wicket bell anchor sparrow cellar thistle gravel pocket willow hollow barrel"
).split()
_FULL_TEXT = Permission(PermissionFrom.AUTHOR, PermissionFor.FULL_TEXT)


@dataclass
class Part:
    """A scene as it should be: its mark and its text, in which every sentence carries the mark."""

    mark: str
    text: str
    scene_id: int = 0

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def sentences(self) -> list[str]:
        return [sentence.strip() + "." for sentence in self.text.split(".") if sentence.strip()]


@dataclass
class Section:
    """A chapter as it should be."""

    mark: str
    parts: list[Part]
    chapter_id: int = 0


@dataclass
class Tale:
    """A story as it should be."""

    mark: str
    slug: str
    owner: int
    rating: Rating
    sections: list[Section]
    story_id: StoryId = field(default=StoryId(0))
    withdrawn: bool = False

    def manuscript(self) -> Manuscript:
        return Manuscript(
            slug=self.slug,
            title=f"The {self.mark} Papers",
            authors=(f"Ann {self.mark}",),
            rating=self.rating,
            permission=_FULL_TEXT,
            summary=f"About {self.mark}.",
            chapters=tuple(
                Chapter(number, tuple(_scene(part.text) for part in section.parts), title=f"Of {section.mark}")
                for number, section in enumerate(self.sections, 1)
            ),
        )


@dataclass
class Server:
    """A server as it should be: what it allows, what was posted where, how far its readers have come."""

    guild_id: int
    channels: dict[int, Channel] = field(default_factory=dict)
    ratings: frozenset[Rating] = frozenset(Rating)
    serials: dict[tuple[str, int], None] = field(default_factory=dict)
    posted: set[str] = field(default_factory=set)
    """Marks of chapters whose last message stands in a channel that readers see."""
    read: dict[tuple[int, str], int] = field(default_factory=dict)
    """(reader, story's mark) to the number of chapters from the front that they have read."""


@dataclass(frozen=True)
class Finding:
    """Something that should not have been said, or was not said and should have been."""

    kind: str
    request: str
    place: Place
    marks: frozenset[str]
    said: str


class LeakWorld:
    """One world, and the requests that are put to it. Everything follows from the seed."""

    def __init__(self, seed: int, database: Database, folder: Path) -> None:
        self.dice = random.Random(seed)
        self.database = database
        self.clock = Clock()
        self.discord = SimulatedDiscord(self.clock, after_post=self._posted)
        stories = Stories(database)
        self.stories = stories
        self.index = LibraryIndex(stories, folder)
        self.settings = SettingRows(database)
        self.marks = Marks(database)
        self.shelf = Shelf(stories)
        self.quotes = Quotes(Bag(database), stories)
        self.lookup = Lookup(self.index, stories, stories)
        self.serials = Serials(SerialRows(database), self.clock)
        self.progress = ReadersProgress(ProgressRows(database), stories)
        self.releases = Releases(ReleaseRows(database), stories)
        self.reactions = Reactions(self.marks, self.clock)
        self.library = Library(Imports(database), self.clock)
        self.serial_rows = SerialRows(database)
        self.drops = Drops(
            DropRows(database), stories, self.discord, DiscordTypesetter(), self.settings, self.clock, "worker"
        )
        self.tales: list[Tale] = []
        self.servers = {guild: Server(guild) for guild in GUILDS}
        self.findings: list[Finding] = []
        self.requests = 0
        self.answered = 0
        """Requests whose answer held text of a story."""
        self.kinds = frozenset(_REQUESTS)
        """Kinds of requests that are put to it."""
        self._codes = ("".join(code) for code in itertools.product("bcdfghjk", "aeiou", "lmnprst", "aeiou"))
        self._lines: list[int] = []
        self._messages = itertools.count(10**6)

    # Making the world

    async def build(self) -> None:
        for server in self.servers.values():
            for number in range(4):
                channel = Channel(server.guild_id, age_restricted=number % 2 == 1, hidden=number == 3)
                server.channels[server.guild_id + number] = channel
            self.discord.channels.update(server.channels)
        owners = [OPERATOR, OPERATOR, OPERATOR, *GUILDS[:2]]
        for number, owner in enumerate(owners):
            await self._bring_in(Tale(self._mark(), f"tale-{number}", owner, self._rating(), []))
        for _ in range(30):
            await self.happen()
        await self.index.refresh()

    async def _bring_in(self, tale: Tale) -> None:
        tale.sections = [self._section() for _ in range(self.dice.randint(2, 4))]
        self.tales.append(tale)
        await self._store(tale)

    def _section(self) -> Section:
        return Section(self._mark(), [self._part() for _ in range(self.dice.randint(1, 2))])

    def _part(self) -> Part:
        mark = self._mark()
        sentences = [
            f"{self.dice.choice('ABCDEFGH')} {' '.join(self.dice.choices(WORDS, k=self.dice.randint(6, 9)))} {mark}."
            for _ in range(3)
        ]
        return Part(mark, " ".join(sentences))

    def _mark(self) -> str:
        return "vex" + next(self._codes)

    async def _store(self, tale: Tale) -> None:
        added = await self.library.add(tale.manuscript(), Owner(tale.owner), allow_shrink=True)
        tale.story_id = added.story_id
        async with self.database.read() as tx:
            rows = await tx.all(_STANDING, {"story_id": tale.story_id})
        parts = [(section, part) for section in tale.sections for part in section.parts]
        for row, (section, part) in zip(rows, parts, strict=True):
            section.chapter_id, part.scene_id = row["chapter_id"], row["scene_id"]
        async with self.database.read() as tx:
            self._lines = [row["id"] for row in await tx.all("SELECT id FROM line")]

    # What happens

    async def happen(self) -> None:
        """Something changes in the world."""
        await self.dice.choice(
            [
                self._start_serial,
                *[self._time_passes] * 6,
                self._mend,
                self._set_ratings,
                self._read_on,
                self._read_on,
                self._withdraw,
                self._release,
                self._grow,
                self._rate,
                self._restrict,
                self._react,
                self._react,
            ]
        )()

    async def _start_serial(self) -> None:
        server, tale = self._server(), self.dice.choice(self.tales)
        if not self._visible(tale, server):
            return
        channel_id = self.dice.choice(list(server.channels))
        serial = NewSerial(
            guild_id=server.guild_id,
            channel_id=channel_id,
            story_id=tale.story_id,
            rhythm=Rhythm(Every.DAY, self.clock()),
            created_by=1,
        )
        if await self.serial_rows.start(serial, self.clock()) is not None:
            server.serials[tale.mark, channel_id] = None

    async def _time_passes(self) -> None:
        """Drops fall due; now and then Discord fails in the middle of one."""
        if self.dice.random() < 0.4:
            self.discord.faults[self.discord.attempts + self.dice.randint(1, 3)] = Fault.BUSY
        self.clock.advance(hours=24)
        await self.drops.run_due()

    async def _mend(self) -> None:
        """Paused serials are told to go on."""
        for server in self.servers.values():
            for card, _ in await self.serial_rows.serials(server.guild_id):
                if card.state == "paused":
                    await self.serial_rows.make_due(card.id, self.clock())
        await self.drops.run_due()

    async def _set_ratings(self) -> None:
        server = self._server()
        allowed = frozenset(rating for rating in Rating if self.dice.random() < 0.8)
        await self.settings.change(server.guild_id, "ratings", allowed, 1, self.clock())
        server.ratings = allowed

    async def _read_on(self) -> None:
        server, tale, reader = self._server(), self.dice.choice(self.tales), self.dice.choice(READERS)
        count = self.dice.randint(0, len(tale.sections))
        last = tale.sections[count - 1] if count else None
        async with self.database.write() as tx:
            await tx.run(
                _READ,
                {
                    "guild_id": server.guild_id,
                    "user_id": reader,
                    "story_id": tale.story_id,
                    "chapter_id": last.chapter_id if last else None,
                    "position": max(0, count - 1),
                },
            )
        server.read[reader, tale.mark] = count

    async def _withdraw(self) -> None:
        """A story is withdrawn; more often one that was comes back."""
        tale = self.dice.choice(self.tales)
        if self.dice.random() > (0.7 if tale.withdrawn else 0.25):
            return
        tale.withdrawn = not tale.withdrawn
        when = int(self.clock().timestamp()) if tale.withdrawn else None
        async with self.database.write() as tx:
            await tx.run(_WITHDRAW, {"story_id": tale.story_id, "when": when})
            await tx.run("UPDATE library SET revision = abs(random())")

    async def _grow(self) -> None:
        """A re-import puts a chapter somewhere, most often behind what has been posted."""
        tale = self.dice.choice(self.tales)
        at = self.dice.randint(0, len(tale.sections))
        tale.sections.insert(at, self._section())
        for server in self.servers.values():
            for (reader, mark), count in server.read.items():
                # What comes in before the place is unread, so the place moves back to before it.
                if mark == tale.mark and at < count:
                    server.read[reader, mark] = at
        await self._store(tale)

    async def _release(self) -> None:
        """A moderator releases everything up to a chapter by hand."""
        tale, section, _ = self._any_part()
        place = self._place(self._server()).privately(1, ahead=True)
        try:
            planned = await self.releases.plan(place, tale.story_id, ChapterId(section.chapter_id))
            args = (place, tale.story_id, ChapterId(section.chapter_id), planned.digest)
            _, done = await self.releases.release(*args)
        except UserFacingError:
            return
        if done and self._nameable(tale, place):
            upto = tale.sections[: tale.sections.index(section) + 1]
            self.servers[place.guild_id].posted |= {section.mark for section in upto}

    async def _rate(self) -> None:
        tale = self.dice.choice(self.tales)
        tale.rating = self._rating()
        await self._store(tale)

    def _rating(self) -> Rating:
        return self.dice.choice([Rating.GENERAL, Rating.TEEN, *Rating])

    async def _restrict(self) -> None:
        server = self._server()
        channel = self.dice.choice(list(server.channels.values()))
        channel.age_restricted = not channel.age_restricted

    async def _react(self) -> None:
        server, tale = self._server(), self.dice.choice(self.tales)
        part = self.dice.choice([part for section in tale.sections for part in section.parts])
        message = next(self._messages)
        place = self._place(server, reader=None)
        await self.reactions.remember(message, place, part.scene_id)  # pyright: ignore[reportArgumentType]
        await self.reactions.add(message, self.dice.choice(READERS), "🔥")

    def _posted(self, message: Message) -> None:
        """The account of what was posted, taken from Discord alone."""
        channel = self.discord.channels[message.channel_id]
        server = self.servers[channel.guild_id]
        place = Place(server.guild_id, message.channel_id, channel.age_restricted, server.ratings)
        found = frozenset(MARK.findall(message.content))
        self._judge("a drop", place, found, self._may_be_posted(place), message.content)
        if message.content.startswith("-# End of") and not channel.hidden:
            server.posted |= found

    # The account

    def _server(self) -> Server:
        return self.servers[self.dice.choice(GUILDS)]

    def _place(self, server: Server, reader: int | None = -1) -> Place:
        channel_id = self.dice.choice(list(server.channels))
        if reader == -1:
            reader = self.dice.choice([None, *READERS])
        ahead = reader is not None and self.dice.random() < 0.05
        restricted = server.channels[channel_id].age_restricted
        return Place(server.guild_id, channel_id, restricted, server.ratings, reader, ahead)

    def _visible(self, tale: Tale, server: Server) -> bool:
        return tale.owner in (OPERATOR, server.guild_id) and not tale.withdrawn

    def _nameable(self, tale: Tale, place: Place) -> bool:
        server = self.servers[place.guild_id]
        adult = tale.rating not in OPEN_RATINGS
        return (
            self._visible(tale, server)
            and tale.rating in server.ratings
            and (not adult or server.channels[place.channel_id].age_restricted)
        )

    def _open_sections(self, tale: Tale, place: Place) -> list[Section]:
        """The chapters that may be shown."""
        server = self.servers[place.guild_id]
        if not self._nameable(tale, place):
            return []
        if place.ahead:
            return tale.sections
        serialised = any(mark == tale.mark for mark, _ in server.serials)
        sections = [s for s in tale.sections if not serialised or s.mark in server.posted]
        if place.reader is not None and (place.reader, tale.mark) in server.read:
            behind = tale.sections[server.read[place.reader, tale.mark] :]
            sections = [section for section in sections if section not in behind]
        return sections

    def may_be_said(self, place: Place) -> frozenset[str]:
        """Every mark that an answer there may hold."""
        marks: set[str] = set()
        for tale in self.tales:
            if self._nameable(tale, place):
                marks.add(tale.mark)
            for section in self._open_sections(tale, place):
                marks.add(section.mark)
                marks.update(part.mark for part in section.parts)
        return frozenset(marks)

    def _may_be_posted(self, place: Place) -> frozenset[str]:
        marks: set[str] = set()
        for tale in self.tales:
            if self._nameable(tale, place):
                marks.add(tale.mark)
                for section in tale.sections:
                    marks.add(section.mark)
                    marks.update(part.mark for part in section.parts)
        return frozenset(marks)

    def _judge(self, request: str, place: Place, found: frozenset[str], may: frozenset[str], said: str) -> None:
        if found - may:
            self.findings.append(Finding("leak", request, place, found - may, said))

    # Requests

    async def ask(self) -> None:
        """One request of any kind, from anybody, anywhere."""
        name = self.dice.choice([name for name in _REQUESTS if name in self.kinds])
        place = self._place(self._server())
        typed: str = ""
        self.requests += 1
        try:
            typed, said = await _REQUESTS[name](self, place)
        except (NothingFound, StoryNotFound) as refused:
            said = strings.refusal(refused, here=render.here(place))
            typed = str(refused.values.get("name", ""))
        except UserFacingError as refused:
            said = strings.refusal(refused, here=render.here(place))
        found = frozenset(MARK.findall(said)) - frozenset(MARK.findall(typed))
        self.answered += bool(found)
        self._judge(name, place, found, self.may_be_said(place), said)

    def _lost(self, request: str, place: Place, marks: Iterable[str], said: str) -> None:
        self.findings.append(Finding("lost", request, place, frozenset(marks), said))

    def _any_part(self) -> tuple[Tale, Section, Part]:
        tale = self.dice.choice(self.tales)
        section = self.dice.choice(tale.sections)
        return tale, section, self.dice.choice(section.parts)

    async def _quote(self, place: Place) -> tuple[str, str]:
        story = self.dice.choice([None, self.dice.choice(self.tales).story_id])
        passage = await self.quotes.draw(place, story)
        return "", _text(render.quote(passage))

    async def _context(self, place: Place) -> tuple[str, str]:
        passage = await self.quotes.context(place, LineId(self.dice.choice(self._lines)))
        return "", _text(render.context(passage))

    async def _find(self, place: Place) -> tuple[str, str]:
        tale, section, part = self._any_part()
        words = self.dice.choice(part.sentences)
        asked = words.rsplit(" ", 1)[0] if self.dice.random() < 0.5 else words
        wanted = asked is words and section in self._open_sections(tale, place)
        try:
            found = await self.lookup.find(place, asked)
        except NothingFound:
            if wanted:
                self._lost("find", place, {part.mark}, asked)
            raise
        said = _text(render.matches(found, highlight(found[0].text, asked)))
        if wanted and part.mark not in said:
            self._lost("find", place, {part.mark}, said)
        # What was typed stands in no answer by itself, so its mark in one comes from the library.
        return "", said

    async def _suggestions(self, place: Place) -> tuple[str, str]:
        typed = " ".join(self.dice.sample(WORDS, 2))
        found = await self.lookup.find(place, typed, limit=25, around=0)
        return "", "\n".join(render.suggestion(match, highlight(match.text, typed)) for match in found)

    async def _pick(self, place: Place) -> tuple[str, str]:
        match = await self.lookup.line(place, LineId(self.dice.choice(self._lines)))
        return "", _text(render.matches([match], None))

    async def _shelf(self, place: Place) -> tuple[str, str]:
        cards = await self.shelf.stories(place)
        for card in cards:
            tale = next(tale for tale in self.tales if tale.story_id == card.item.id)
            sections = self._open_sections(tale, place)
            words = sum(part.words for section in sections for part in section.parts)
            if (card.item.chapters, card.item.words) != (len(sections), words):
                counted = f"{card.item.chapters} chapters, {card.item.words} words"
                self.findings.append(Finding("count", "stories", place, frozenset({tale.mark}), counted))
        return "", _text(render.shelf(cards, place))

    async def _card(self, place: Place) -> tuple[str, str]:
        tale = self.dice.choice(self.tales)
        name = self.dice.choice([f"The {tale.mark} Papers", tale.slug, f"story:{tale.story_id}"])
        return "", _text(render.story(await self.shelf.find(place, name), place))

    async def _titles(self, place: Place) -> tuple[str, str]:
        typed = self.dice.choice(["", "the", "tale", "ann"])
        return "", "\n".join(card.item.title for card in await self.shelf.suggest(place, typed))

    async def _top(self, place: Place) -> tuple[str, str]:
        return "", _text(render.top(await self.reactions.top(place), place))

    async def _chapters(self, place: Place) -> tuple[str, str]:
        """What a reader is offered to say how far they have come."""
        if place.reader is None:
            return await self._top(place)
        tale = self.dice.choice(self.tales)
        set_to = await self.progress.of(place, tale.story_id)
        named = await self.progress.chapters(place, tale.story_id)
        return "", "\n".join([render.progress(set_to, place), *(render.chapter_choice(chapter) for chapter in named)])

    async def _read_up_to(self, place: Place) -> tuple[str, str]:
        """The button under a chapter, forged or not."""
        if place.reader is None or place.ahead:
            return await self._top(place)
        tale, section, _ = self._any_part()
        set_to = await self.progress.read_up_to(place, ChapterId(section.chapter_id))
        count = tale.sections.index(section) + 1
        key = (place.reader, tale.mark)
        server = self.servers[place.guild_id]
        server.read[key] = max(count, server.read.get(key, 0))
        return "", render.progress(set_to, place)

    async def _look_ahead(self, place: Place) -> tuple[str, str]:
        """What moderators are shown of a story."""
        tale = self.dice.choice(self.tales)
        place = replace(place, reader=1, ahead=True)
        shown = await self.releases.show(place, tale.story_id)
        self._judge("library show", place, _marks(render.shown(shown, place)), self.may_be_said(place), "")
        return "", ""

    async def _serials(self, place: Place) -> tuple[str, str]:
        cards, elsewhere = await self.serials.serials(place)
        return "", _text(render.serials(cards, elsewhere))

    # Running

    async def run(self, requests: int, *, stop_early: bool = False) -> None:
        """Put so many requests to the world, which changes meanwhile."""
        for number in range(requests):
            if number % 25 == 0:
                await self.happen()
            await self.ask()
            if stop_early and self.findings:
                return


_REQUESTS: dict[str, Callable[[LeakWorld, Place], Awaitable[tuple[str, str]]]] = {
    "quote": LeakWorld._quote,
    "context": LeakWorld._context,
    "find": LeakWorld._find,
    "suggestions": LeakWorld._suggestions,
    "a suggestion picked": LeakWorld._pick,
    "stories": LeakWorld._shelf,
    "a story's card": LeakWorld._card,
    "titles": LeakWorld._titles,
    "top": LeakWorld._top,
    "progress": LeakWorld._chapters,
    "I've read this": LeakWorld._read_up_to,
    "library show": LeakWorld._look_ahead,
    "serials": LeakWorld._serials,
}

FILTERED = frozenset({"quote", "find", "suggestions", "stories", "titles", "top"})
"""Requests for which the statements filter by themselves; what is named by its id, the gate alone judges."""

_STANDING = """
SELECT sc.chapter_id, sc.scene_id FROM story s JOIN scene_revision sc ON sc.revision_id = s.revision_id
WHERE s.id = :story_id ORDER BY sc.position
"""
_READ = """
INSERT INTO progress (guild_id, user_id, story_id, chapter_id)
VALUES (:guild_id, :user_id, :story_id, :chapter_id)
ON CONFLICT (guild_id, user_id, story_id) DO UPDATE SET chapter_id = excluded.chapter_id
"""
_WITHDRAW = "UPDATE story SET withdrawn_at = :when WHERE id = :story_id"


@asynccontextmanager
async def leak_world(seed: int, folder: Path) -> AsyncIterator[LeakWorld]:
    """A world on a database of its own."""
    path = folder / f"world-{seed}.db"
    async with await Database.open(path) as database:
        world = LeakWorld(seed, database, folder / f"world-{seed}.index")
        await world.build()
        yield world


def _scene(text: str) -> Scene:
    lines: list[Line] = []
    for found in re.finditer(r"\S[^.]*\.", text):
        lines.append(Line(found.start(), found.end(), quotable=True))
    return Scene(text=text, lines=tuple(lines))


def _marks(embed: discord.Embed) -> frozenset[str]:
    return frozenset(MARK.findall(_text(embed)))


def _text(embed: discord.Embed) -> str:
    return json.dumps(embed.to_dict(), ensure_ascii=False)


class Twin:
    """A world's library in which whatever may not be shown in one place does not exist, with its own index."""

    def __init__(self, world: LeakWorld, database: Database, folder: Path) -> None:
        self.world = world
        stories = Stories(database)
        self.index = LibraryIndex(stories, folder)
        self.lookup = Lookup(self.index, stories, stories)

    async def differs(self, place: Place, asked: str) -> tuple[str, str] | None:
        """The two answers to a request, where they are not the same to the byte."""
        both = await _found(self.world.lookup, place, asked), await _found(self.lookup, place, asked)
        return both if both[0] != both[1] else None


@asynccontextmanager
async def twin_of(world: LeakWorld, place: Place, folder: Path) -> AsyncIterator[Twin]:
    """The same world for ``place``: everything keeps its id, and what may not be shown there is deleted."""
    path = folder / "twin.db"
    async with world.database.read() as tx:
        (main,) = [row["file"] for row in await tx.all("PRAGMA database_list") if row["name"] == "main"]
    with closing(sqlite3.connect(main)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        for tale in world.tales:
            sections = world._open_sections(tale, place)
            kept = json.dumps([section.chapter_id for section in sections])
            for statement in _WITHOUT_CHAPTERS:
                copy.execute(statement, {"story_id": tale.story_id, "kept": kept})
            if not sections:
                copy.execute("UPDATE story SET withdrawn_at = 1 WHERE id = ?", (tale.story_id,))
        copy.commit()
    async with await Database.open(path) as database:
        twin = Twin(world, database, folder / "twin.index")
        await twin.index.refresh()
        yield twin


async def _found(lookup: Lookup, place: Place, asked: str) -> str:
    try:
        found = await lookup.find(place, asked)
    except NothingFound as refused:
        return strings.refusal(refused, here=render.here(place))
    return _text(render.matches(found, highlight(found[0].text, asked)))


_OF_OTHER_CHAPTERS = """
revision_id = (SELECT s.revision_id FROM story s WHERE s.id = :story_id)
    AND chapter_id NOT IN (SELECT value FROM json_each(:kept))
"""
_WITHOUT_CHAPTERS = (
    f"""DELETE FROM line_revision WHERE revision_id = (SELECT s.revision_id FROM story s WHERE s.id = :story_id)
    AND scene_id IN (SELECT scene_id FROM scene_revision WHERE {_OF_OTHER_CHAPTERS})""",
    f"DELETE FROM scene_revision WHERE {_OF_OTHER_CHAPTERS}",
    f"DELETE FROM chapter_revision WHERE {_OF_OTHER_CHAPTERS}",
)
