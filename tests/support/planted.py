"""Faults to plant in what keeps text from where it may not be, one at a time, for as long as a block lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from bot.domain import access
from bot.domain.access import EVERYTHING, OPEN_RATINGS, Cleared, Place, Released
from bot.index import library as index
from bot.services import drops, lookup, quotes, reactions, serials, shelf
from bot.storage import drops as drop_rows
from bot.storage import quotes as quote_rows
from bot.storage import reactions as reaction_rows
from bot.storage import release, rules, stories


@contextmanager
def replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    """``owner.name`` is ``value`` meanwhile."""
    before = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def reworded(owner: Any, name: str, words: str, others: str) -> Iterator[None]:
    """The statement ``owner.name`` says ``others`` instead of ``words`` meanwhile."""
    statement: str = vars(owner)[name]
    assert words in statement, f"{name} does not say {words!r}"
    with replaced(owner, name, statement.replace(words, others)):
        yield


def let_through(item: Any, place: Place, released: Released | None = None) -> Cleared[Any]:
    """What the gate makes, without its judgement."""
    return Cleared(item, place, access._SEAL)


def let_all_through(items: Any, place: Place) -> list[Cleared[Any]]:
    return [let_through(item, place) for item, _ in items]


@contextmanager
def careless_stores() -> Iterator[None]:
    """Stores that hand over everything that they have."""

    async def all_allowed(self: stories.Stories, scope: object, story_id: object) -> object:
        async with self._database.read() as tx:
            rows = await tx.all(
                "SELECT id FROM story WHERE :story_id IS NULL OR id = :story_id", {"story_id": story_id}
            )
        return frozenset(row["id"] for row in rows), frozenset()

    with ExitStack() as stack:
        stack.enter_context(replaced(stories.Stories, "allowed", all_allowed))
        for owner, name in ((stories, "SHELF"), (quote_rows, "PICK"), (quote_rows, "NEW_ROUND")):
            stack.enter_context(reworded(owner, name, rules.VISIBLE, "1"))
        for name in ("PICK", "NEW_ROUND"):
            stack.enter_context(reworded(quote_rows, name, rules.released("l.scene_id"), "1"))
        stack.enter_context(reworded(reaction_rows, "TOP", rules.VISIBLE, "1"))
        stack.enter_context(reworded(reaction_rows, "TOP", rules.released("sc.scene_id"), "1"))
        yield


@contextmanager
def open_gate() -> Iterator[None]:
    """A gate that lets everything through."""
    with replaced(access, "may_show", lambda item, place, released: True):
        yield


@dataclass(frozen=True)
class Fault:
    """Something that somebody might break; ``run`` is the kind of run that must notice."""

    name: str
    run: str
    plant: Callable[[], Any]


def _gate(**conditions: bool) -> Callable[[], Any]:
    """The gate without some of its conditions."""

    def may_show(item: Any, place: Place, released: Released) -> bool:
        terms = item.terms
        return (
            (not conditions.get("owner", True) or access.visible_to(terms.owner, place.guild_id))
            and (not conditions.get("withdrawn", True) or not terms.withdrawn)
            and (not conditions.get("rating", True) or terms.rating in access.allowed_ratings(place))
            and (not conditions.get("release", True) or all(released.includes(scene) for scene in item.shows))
        )

    return lambda: replaced(access, "may_show", may_show)


async def _never_stale(self: Any) -> Any:
    if self._snapshot is None:
        self._snapshot = await self._at(await self._source.revision())
    return self._snapshot


def _sql(owner: Any, name: str, words: str, others: str) -> Callable[[], Any]:
    return lambda: reworded(owner, name, words, others)


def _no_mask(owners: object, allowed: object) -> Any:
    return None


@contextmanager
def _drops_do_not_ask() -> Iterator[None]:
    with replaced(drops, "may_show", lambda *_: True), replaced(drops, "clear", let_through):
        yield


@contextmanager
def _released_at_once() -> Iterator[None]:
    sent = drop_rows.DropRows.sent

    async def and_released(self: Any, drop: Any, *rest: Any) -> None:
        await sent(self, drop, *rest)
        async with self._database.write() as tx:
            await tx.run(drop_rows.RELEASE, {"drop_id": drop.id, "guild_id": drop.guild_id})

    with replaced(drop_rows.DropRows, "sent", and_released):
        yield


@contextmanager
def _looking_ahead() -> Iterator[None]:
    before = release.released_by_story

    async def ahead(tx: Any, scope: Any, story_ids: Any) -> Any:
        return dict.fromkeys(story_ids, EVERYTHING)

    with ExitStack() as stack:
        for owner in (stories, reaction_rows):
            assert vars(owner)["released_by_story"] is before
            stack.enter_context(replaced(owner, "released_by_story", ahead))
        yield


@contextmanager
def _replaced_method(owner: Any, name: str, **always: object) -> Iterator[None]:
    """The method is called with these values, whatever it is called with."""
    method = vars(owner)[name]

    async def called(self: Any, *args: object, **kwargs: object) -> object:
        return await method(self, *args, **{**kwargs, **always})

    with replaced(owner, name, called):
        yield


_RELEASED = "EXISTS (SELECT 1 FROM release y WHERE y.guild_id = :guild_id AND y.scene_id = {})"
_UNREAD = f"NOT IN (SELECT w.scene_id FROM ({rules.UNREAD}) w)"

FAULTS = (
    # The gate's own conditions, where nothing else filters
    Fault("the gate forgets owners", "careless stores", _gate(owner=False)),
    Fault("the gate forgets withdrawal", "careless stores", _gate(withdrawn=False)),
    Fault("the gate forgets ratings", "careless stores", _gate(rating=False)),
    Fault("the gate forgets release", "careless stores", _gate(release=False)),
    Fault(
        "the gate forgets how far a reader has come",
        "careless stores",
        lambda: replaced(Released, "includes", lambda self, scene: self.everything or scene in self.scenes),
    ),
    Fault(
        "the gate forgets what moderators allow",
        "careless stores",
        lambda: replaced(
            access, "allowed_ratings", lambda p: frozenset(access.Rating) if p.age_restricted else OPEN_RATINGS
        ),
    ),
    Fault(
        "the gate forgets age restriction",
        "careless stores",
        lambda: replaced(access, "allowed_ratings", lambda p: p.ratings),
    ),
    Fault(
        "unrated counts as open",
        "as it is",
        lambda: replaced(access, "OPEN_RATINGS", OPEN_RATINGS | {access.Rating.UNRATED}),
    ),
    # Each call of the gate
    Fault("quotes do not ask the gate", "careless stores", lambda: replaced(quotes, "clear", let_through)),
    Fault("quotes with context do not ask the gate", "as it is", lambda: replaced(quotes, "clear", let_through)),
    Fault("lookup does not ask the gate", "careless stores", lambda: replaced(lookup, "clear_all", let_all_through)),
    Fault(
        "a picked suggestion does not ask the gate", "as it is", lambda: replaced(lookup, "clear_all", let_all_through)
    ),
    Fault("the shelf does not ask the gate", "careless stores", lambda: replaced(shelf, "clear_all", let_all_through)),
    Fault(
        "the top does not ask the gate", "careless stores", lambda: replaced(reactions, "clear_all", let_all_through)
    ),
    Fault("serials do not ask the gate", "as it is", lambda: replaced(serials, "clear_all", let_all_through)),
    Fault("drops do not ask the gate", "as it is", _drops_do_not_ask),
    # What counts as released
    Fault("a half-posted chapter is released", "as it is", _released_at_once),
    Fault(
        "drops in hidden channels release",
        "as it is",
        lambda: _replaced_method(drop_rows.DropRows, "finish", release=True),
    ),
    Fault(
        "another server's release counts",
        "as it is",
        _sql(release, "RELEASED_SCENES", "y.guild_id = :guild_id AND ", ""),
    ),
    Fault(
        "a serial counts in no server",
        "as it is",
        _sql(release, "RELEASED_SCENES", "x.guild_id = :guild_id", "x.guild_id = -1"),
    ),
    Fault(
        "one reader's progress counts for nobody",
        "as it is",
        _sql(release, "UNREAD_SCENES", "g.user_id = :reader", "0"),
    ),
    Fault("everybody looks ahead", "as it is", _looking_ahead),
    # The statements by themselves
    *(
        Fault(f"{what} of {name} is gone", "open gate", _sql(owner, name, words, others))
        for owner, name, scene in (
            (stories, "SHELF", "sc.scene_id"),
            (quote_rows, "PICK", "l.scene_id"),
            (reaction_rows, "TOP", "sc.scene_id"),
        )
        for what, words, others in (
            ("owner", "s.owner IN (0, :guild_id)", "1"),
            ("withdrawal", "s.withdrawn_at IS NULL", "1"),
            ("rating", "r.rating IN (SELECT value FROM json_each(:ratings))", "1"),
            ("release", _RELEASED.format(scene), "1"),
            ("progress", _UNREAD, "IS NOT NULL"),
        )
    ),
    # (The index holds no line of a withdrawn story, so withdrawal is not told apart there.)
    *(
        Fault(f"{what} of ALLOWED_STORIES is gone", "open gate", _sql(stories, "ALLOWED_STORIES", words, "1"))
        for what, words in (
            ("owner", "s.owner IN (0, :guild_id)"),
            ("rating", "r.rating IN (SELECT value FROM json_each(:ratings))"),
        )
    ),
    Fault("the index's mask is not asked", "open gate", lambda: replaced(index, "_mask", _no_mask)),
    # What is kept beside the truth
    Fault("the index is not refreshed", "as it is", lambda: replaced(index.LibraryIndex, "refresh", _never_stale)),
)
