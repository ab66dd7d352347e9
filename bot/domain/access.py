"""The gate: what may be shown to whom, where.

A story's text reaches a person only inside a ``Cleared`` value, and only this module makes one.
Renderers accept nothing else, so that no command of today or later can go round the gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import InitVar, dataclass, replace
from typing import Generic, Protocol, TypeVar, final

from bot.domain.errors import NothingFound
from bot.domain.story import OPERATOR, Owner, Rating, SceneId

OPEN_RATINGS = frozenset({Rating.GENERAL, Rating.TEEN})
"""Ratings that may be shown anywhere. The others, unrated among them, need an age-restricted
channel: Discord's guidelines hold the app responsible for labelling, so unknown counts as adult."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel (or thread) of a server in which something is about to be shown, and to whom."""

    guild_id: int
    channel_id: int
    age_restricted: bool
    """A thread inherits its parent's; anything that cannot be told is False, so that it fails closed."""
    ratings: frozenset[Rating] = frozenset(Rating)
    """What the server's moderators allow at all."""
    reader: int | None = None
    """Who alone sees it (Discord's word is ephemeral); None where everybody in the channel does."""
    ahead: bool = False
    """Whether that reader looks ahead of what has been posted: a moderator, or the story's author."""

    def __post_init__(self) -> None:
        if self.ahead and self.reader is None:
            raise ValueError("what has not been posted is shown to one person at a time")

    def privately(self, reader: int, *, ahead: bool = False) -> Place:
        """The same channel, seen by one reader alone."""
        return replace(self, reader=reader, ahead=ahead)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the gate must know of a story."""

    owner: Owner
    rating: Rating
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Released:
    """The scenes of one story that may be shown: by one server, and where one reader alone sees them, to them."""

    everything: bool
    scenes: frozenset[SceneId] = frozenset()
    unread: frozenset[SceneId] = frozenset()
    """Scenes behind the place up to which the reader wants to be shown the story."""

    def includes(self, scene: SceneId) -> bool:
        """Whether that scene may be shown."""
        return (self.everything or scene in self.scenes) and scene not in self.unread


EVERYTHING = Released(everything=True)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a place allows, in the terms in which a store filters stories."""

    guild_id: int
    ratings: frozenset[Rating]
    reader: int | None = None
    ahead: bool = False


class Gated(Protocol):
    """Anything that carries text of a story: says whose it is and which scenes it shows."""

    @property
    def terms(self) -> Terms:
        """The terms of the story that the text comes from."""
        ...

    @property
    def shows(self) -> Iterable[SceneId]:
        """The scenes whose text, titles or existence it gives away."""
        ...


T = TypeVar("T", bound=Gated, covariant=True)

_SEAL = object()


@final
@dataclass(frozen=True, slots=True, repr=False)
class Cleared(Generic[T]):
    """A piece of a story that the gate has let through for one place."""

    item: T
    place: Place
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only bot.domain.access makes Cleared values")


def scope(place: Place) -> Scope:
    """What may be looked for on behalf of ``place``."""
    return Scope(place.guild_id, allowed_ratings(place), place.reader, place.ahead)


def allowed_ratings(place: Place) -> frozenset[Rating]:
    """The ratings whose text may stand in a place: what moderators allow, and adult ones only behind Discord's own
    age restriction.
    """
    return place.ratings if place.age_restricted else place.ratings & OPEN_RATINGS


def rating_fits(rating: Rating, *, age_restricted: bool) -> bool:
    """Whether Discord lets text of that rating stand in such a channel, whatever moderators allow."""
    return age_restricted or rating in OPEN_RATINGS


def visible_to(owner: Owner, guild_id: int) -> bool:
    """Whether a server may know of a story at all: its own, or one that the operator offers to all."""
    return owner in (OPERATOR, guild_id)


def may_show(item: Gated, place: Place, released: Released) -> bool:
    """The whole rule: ownership, withdrawal, rating and release."""
    terms = item.terms
    return (
        visible_to(terms.owner, place.guild_id)
        and not terms.withdrawn
        and terms.rating in allowed_ratings(place)
        and all(released.includes(scene) for scene in item.shows)
    )


def clear(item: T, place: Place, released: Released) -> Cleared[T]:
    """Let ``item`` through for ``place``.

    Raises:
        NothingFound: it may not be shown there; the same answer as if it did not exist.
    """
    if not may_show(item, place, released):
        raise NothingFound
    return Cleared(item, place, _SEAL)


def clear_all(items: Sequence[tuple[T, Released]], place: Place) -> list[Cleared[T]]:
    """Let through those of ``items`` that may be shown in ``place``, in order."""
    return [Cleared(item, place, _SEAL) for item, released in items if may_show(item, place, released)]
