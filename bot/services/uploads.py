"""Stories that moderators attach: read, shown to them, and stored only once they accept."""

from __future__ import annotations

import asyncio
import secrets
import zlib
from collections import Counter, deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot import strings
from bot.domain.access import Place, allowed_ratings
from bot.domain.counting import words_in
from bot.domain.errors import BadInput, Refused, UserFacingError
from bot.domain.stated import Stated
from bot.domain.story import Manuscript, Owner, Permission, Rating
from bot.services.garbage import unsearched
from bot.services.library import Added, Library
from bot.services.proofs import Proof, Proofs, Wishes
from bot.services.report import Changes, Fact, Restated
from bot.services.turns import Turns

MAX_BYTES = 20 * 1024 * 1024
"""The largest file that is taken."""

_COUNTS_UNRATED = tuple(
    strings.PROBLEMS[key].format(value="", rating=Rating.UNRATED).rpartition("”")[2]
    for key in ("rating_unknown", "rating_doubted", "rating_elsewhere", "rating_stated")
)
"""How the sentences end that say that a story counts as unrated."""

T = TypeVar("T")

_ACCEPTED = 100
"""Files of which it is known that they were accepted, for those who press the button again."""

_WAITING = 4
"""Files of one server that wait to be accepted; the oldest gives way. They are kept packed."""

_WAITING_BYTES = 64 * 1024 * 1024
"""What may wait in all; beyond it the server that has most of it gives way."""

Read = Callable[[bytes, str], list[Manuscript]]
"""Reads the stories in a file's bytes, by its name; blocks, and raises ``BadInput``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a moderator said of a story, in place of what its file says."""

    title: str | None = None
    rating: Rating | None = None
    """May be stricter than what the file states, never laxer."""
    permission: Permission | None = None
    shorter: bool = False
    """Whether chapters or words of the stored story may be lost."""

    @property
    def stated(self) -> Stated:
        """What is said of the story itself."""
        return Stated(
            title=self.title or None,
            rating=self.rating,
            permission_from=self.permission.source if self.permission else None,
            permission_for=self.permission.covers if self.permission else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What was understood of an attached file."""

    token: str
    called: str
    """The story's title, or the file's name where the title may not stand."""
    named: bool
    """Whether text of the story may stand where the answer does."""
    authors: tuple[str, ...]
    """Empty where they may not stand."""
    rating: Rating
    kept_rating: bool = False
    """Whether somebody asked for a laxer rating than that, which is the file's own."""
    permission: Permission
    chapters: int
    scenes: int
    words: int
    changes: Changes | None
    """Against the stored version; None: it is new."""
    restated: tuple[Restated, ...]
    """What the stored version says otherwise of itself; of one that may not be named only how it may be shown."""
    set_aside: tuple[tuple[str, int], ...]
    """(kind, words), most first."""
    problems: tuple[str, ...]
    """Empty where they may not stand; ``problem_count`` counts them all the same."""
    problem_count: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    guild_id: int
    user_id: int
    name: str
    packed: bytes
    said: Said


class Uploads:
    """Attached files from reading to accepting. Those that wait are forgotten when the bot stops."""

    def __init__(self, read: Read, proofs: Proofs, library: Library, refresh: Callable[[], Awaitable[object]]) -> None:
        self._read = read
        self._proofs = proofs
        self._library = library
        self._refresh = refresh
        self._waiting: dict[str, _Waiting] = {}
        self._accepted: deque[str] = deque(maxlen=_ACCEPTED)
        self._turns = Turns()

    async def offer(self, data: bytes, name: str, said: Said, place: Place, user_id: int) -> Offer:
        """Read a file and say what it is; nothing is stored.

        Raises:
            BadInput: it cannot be read, holds several stories, or its story would shrink.
        """
        async with self._unhindered(place):
            packed = await asyncio.to_thread(zlib.compress, data, 1)
            waiting = _Waiting(place.guild_id, user_id, name, packed, said)
            proof = await self._proof(waiting, compare=True)
            if not said.shorter:
                await _told_here(self._library.check(proof.whole, Owner(place.guild_id)), proof, name, place)
        token = secrets.token_hex(8)
        self._make_room(waiting)
        self._waiting[token] = waiting
        return await asyncio.to_thread(_offer, token, proof, name, said, place)

    async def accept(self, token: str, place: Place, user_id: int) -> tuple[Added, str]:
        """Store a file that was offered, and return what was done and what the story is called here.

        Raises:
            UserFacingError: it waits no longer, or was accepted already.
            Refused: the stored story would shrink, and nobody said that it may.
        """
        waiting = self._known(token, place, user_id)
        async with self._unhindered(place):
            # A second press finds nothing to accept.
            waiting = self._known(token, place, user_id)
            proof = await self._proof(waiting, compare=False)
            added, called = await _told_here(
                self._library.add(
                    proof.whole,
                    Owner(waiting.guild_id),
                    allow_shrink=waiting.said.shorter,
                    corrections=proof.corrected.remember,
                    stated=proof.stated,
                ),
                proof,
                waiting.name,
                place,
            )
            self._waiting.pop(token, None)
            self._accepted.append(token)
        await self._refresh()
        return added, called

    def discard(self, token: str, place: Place, user_id: int) -> str:
        """Forget a file that was offered, and return its name.

        Raises:
            UserFacingError: it waits no longer.
        """
        name = self._known(token, place, user_id).name
        del self._waiting[token]
        return name

    def _make_room(self, coming: _Waiting) -> None:
        """Forget the oldest of a server that has too many waiting, or too much when there is too much in all."""
        here = [token for token, waiting in self._waiting.items() if waiting.guild_id == coming.guild_id]
        for token in here[: max(0, len(here) + 1 - _WAITING)]:
            del self._waiting[token]
        while self._waiting:
            held: Counter[int] = Counter()
            for waiting in self._waiting.values():
                held[waiting.guild_id] += len(waiting.packed)
            if held.total() + len(coming.packed) <= _WAITING_BYTES:
                return
            held[coming.guild_id] += len(coming.packed)
            most = max({waiting.guild_id for waiting in self._waiting.values()}, key=held.__getitem__)
            del self._waiting[next(token for token, waiting in self._waiting.items() if waiting.guild_id == most)]

    @asynccontextmanager
    async def _unhindered(self, place: Place) -> AsyncGenerator[None]:
        async with self._turns.of(place.guild_id):
            with unsearched():
                yield

    def _known(self, token: str, place: Place, user_id: int) -> _Waiting:
        if token in self._accepted:
            raise UserFacingError("upload_accepted")
        waiting = self._waiting.get(token)
        if waiting is None or (waiting.guild_id, waiting.user_id) != (place.guild_id, user_id):
            raise UserFacingError("upload_gone")
        return waiting

    async def _proof(self, waiting: _Waiting, *, compare: bool) -> Proof:
        stories = await asyncio.to_thread(self._unpacked, waiting)
        if len(stories) != 1:
            raise BadInput("upload_several", file=waiting.name, count=len(stories))
        return await self._proofs.proof(
            stories[0],
            file=waiting.name,
            name=waiting.name,
            form=waiting.name.rpartition(".")[2],
            wishes=Wishes(stated=waiting.said.stated),
            owner=Owner(waiting.guild_id),
            compare=compare,
        )

    def _unpacked(self, waiting: _Waiting) -> list[Manuscript]:
        return self._read(zlib.decompress(waiting.packed), waiting.name)


async def _told_here(doing: Awaitable[T], proof: Proof, name: str, place: Place) -> tuple[T, str]:
    """Wait for ``doing``; what it refuses is said in the words of Discord, the story called as it may be here."""
    called = _called(proof.manuscript, name, place)
    try:
        return await doing, called
    except BadInput as refused:
        lost = refused.values
        if refused.key == "story_loses_chapters":
            raise Refused(
                "story_loses_chapters_here",
                title=called,
                numbers=lost["numbers"],
                before=lost["before"],
                after=lost["after"],
            ) from refused
        if refused.key == "story_loses_words":
            raise Refused(
                "story_loses_words_here", title=called, before=lost["before"], after=lost["after"]
            ) from refused
        raise


def _called(story: Manuscript, name: str, place: Place) -> str:
    return story.title if story.rating in allowed_ratings(place) else name


def _offer(token: str, proof: Proof, name: str, said: Said, place: Place) -> Offer:
    story, report = proof.manuscript, proof.report
    named = story.rating in allowed_ratings(place)
    problems = [problem.message for problem in story.problems]
    if story.rating is not Rating.UNRATED:
        # Somebody's word or the tags have given it a rating that the file's own words did not.
        problems = [message for message in problems if not message.endswith(_COUNTS_UNRATED)]
    return Offer(
        token=token,
        called=_called(story, name, place),
        named=named,
        authors=story.authors if named else (),
        rating=story.rating,
        kept_rating=said.rating is not None and story.rating is not said.rating,
        permission=story.permission,
        chapters=len(report.chapters),
        scenes=report.scenes,
        words=report.words,
        changes=report.changes,
        restated=_restated(report.restated, place, named=named),
        set_aside=_set_aside([(piece.kind, piece.text) for piece in story.set_aside]),
        problems=tuple(problems) if named else (),
        problem_count=len(problems),
    )


def _restated(restated: Sequence[Restated], place: Place, *, named: bool) -> tuple[Restated, ...]:
    """What may be said here: the words of the former version are under its own rating."""
    for one in restated:
        if one.fact is Fact.RATING:
            named = named and Rating(one.before) in allowed_ratings(place)
    return tuple(one for one in restated if named or one.fact in (Fact.RATING, Fact.CONSENT))


def _set_aside(pieces: Sequence[tuple[str, str]]) -> tuple[tuple[str, int], ...]:
    words: Counter[str] = Counter()
    for kind, text in pieces:
        words[kind] += words_in(text)
    return tuple(words.most_common())
