"""The time zones there are, in portions that a menu can hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import available_timezones

MENU = 25
"""The most options of a menu (Discord)."""

OTHER = "Other"
"""The region of zones that name none, such as UTC."""

_NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})


@lru_cache(maxsize=1)
def regions() -> dict[str, tuple[str, ...]]:
    """Every region with its zones, both by name; what names no region is ``OTHER``, and comes last."""
    found: dict[str, list[str]] = {}
    for zone in sorted(available_timezones() - _NO_ZONES):
        region, slash, _ = zone.partition("/")
        found.setdefault(region if slash else OTHER, []).append(zone)
    other = sorted(found.pop(OTHER, []), key=lambda zone: (zone != "UTC", zone))
    return {region: tuple(found[region]) for region in sorted(found)} | {OTHER: tuple(other)}


def page_of(items: Sequence[str], number: int) -> tuple[Sequence[str], int, int]:
    """One menu's worth of items; its number, counted from 0 and brought into range; and how many there are."""
    count = max(1, -(-len(items) // MENU))
    number = min(max(0, number), count - 1)
    return items[number * MENU : (number + 1) * MENU], number, count
