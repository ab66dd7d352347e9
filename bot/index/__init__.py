"""The line index on disk: build, open, add, remove, search. No Discord, no SQL, no event loop."""

from bot.domain.ranking import Hit
from bot.index.building import Builder
from bot.index.files import DamagedIndex
from bot.index.lineindex import LineIndex

__all__ = ["Builder", "DamagedIndex", "Hit", "LineIndex"]
