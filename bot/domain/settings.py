"""What moderators have set for their server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.domain.story import Rating

PACES = (0, 60, 300, 900)
"""The seconds that may be asked between two public answers in one channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one server. The defaults hold where nobody has set anything."""

    chapters_channel: int | None = None
    """Where a serial goes unless another channel is chosen."""
    talk_channel: int | None = None
    """Where readers talk. Whoever sees it counts as a reader of the server."""
    notices_channel: int | None = None
    """Where moderators are told of what needs them."""
    ping_role: int | None = None
    """The role that the first message of a drop mentions."""
    team_role: int | None = None
    """The story team: may use the moderators' commands."""
    zone: str = "UTC"
    """The IANA name of the server's time zone."""
    ratings: frozenset[Rating] = frozenset(Rating)
    """What may be shown at all; adult ratings need an age-restricted channel besides."""
    hide_warnings: bool = False
    """Whether warnings stand behind a spoiler bar."""
    public_channels: frozenset[int] | None = None
    """Where readers' commands answer for all to see; None: everywhere."""
    pace: int = 0
    """Seconds between two public answers in one channel; what comes sooner is answered privately."""

    def changed(self, name: str, value: object) -> Self:
        """These settings with one of another value.

        Raises:
            ValueError: there is no such setting, or it cannot have that value.
        """
        if name not in NAMES or not _CAN_BE[name](value):
            raise ValueError(name, value)
        return replace(self, **{name: value})

    def answers_publicly(self, channel_id: int) -> bool:
        """Whether readers' commands may answer for all to see there."""
        return self.public_channels is None or channel_id in self.public_channels


NAMES = tuple(field.name for field in fields(Settings))


def stored(value: object) -> Any:
    """A setting's value as JSON holds it."""
    return sorted(value) if isinstance(value, frozenset) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def restored(values: Mapping[str, Any]) -> tuple[Settings, frozenset[str]]:
    """Settings from what ``stored`` made of them, and the names of those whose value cannot be used: they are as if
    nobody had set them. Names that are no longer known are passed over.
    """
    settings, unusable = Settings(), set[str]()
    for name in NAMES:
        if name not in values:
            continue
        try:
            settings = settings.changed(name, _read(name, values[name]))
        except (TypeError, ValueError):
            unusable.add(name)
    return settings, frozenset(unusable)


def _read(name: str, value: Any) -> Any:
    if name == "ratings":
        return frozenset(map(Rating, value))
    return frozenset(value) if name == "public_channels" and value is not None else value


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_id_or_none(value: object) -> bool:
    return value is None or _is_id(value)


def _is_zone(value: object) -> bool:
    if not isinstance(value, str) or not value:
        return False
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _are_ratings(value: object) -> bool:
    return isinstance(value, frozenset) and bool(value) and value <= frozenset(Rating)  # pyright: ignore[reportUnknownArgumentType]


def _are_ids_or_none(value: object) -> bool:
    return value is None or (isinstance(value, frozenset) and all(map(_is_id, value)))  # pyright: ignore[reportUnknownArgumentType]


_CAN_BE: Mapping[str, Callable[[object], bool]] = {
    "chapters_channel": _is_id_or_none,
    "talk_channel": _is_id_or_none,
    "notices_channel": _is_id_or_none,
    "ping_role": _is_id_or_none,
    "team_role": _is_id_or_none,
    "zone": _is_zone,
    "ratings": _are_ratings,
    "hide_warnings": lambda value: isinstance(value, bool),
    "public_channels": _are_ids_or_none,
    "pace": lambda value: not isinstance(value, bool) and value in PACES,
}
