"""When a serial's next drop is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Every(StrEnum):
    """How often a serial drops a chapter."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


_STEP = {Every.HOUR: timedelta(hours=1), Every.DAY: timedelta(days=1), Every.WEEK: timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Equal steps of elapsed time from ``start`` (aware UTC); clock changes do not move them."""

    every: Every
    start: datetime

    def after(self, moment: datetime) -> datetime:
        """The first time of the rhythm strictly later than ``moment``.

        Whatever was missed in between is left out: a serial that comes back late posts one
        instalment and then keeps its rhythm again.
        """
        step = _STEP[self.every]
        if moment < self.start:
            return self.start
        return self.start + ((moment - self.start) // step + 1) * step

    def coming(self, moment: datetime, count: int) -> list[datetime]:
        """The next ``count`` times after ``moment``."""
        times: list[datetime] = []
        for _ in range(count):
            moment = self.after(moment)
            times.append(moment)
        return times


def from_seconds(seconds: int) -> datetime:
    """Aware UTC time of a count of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
