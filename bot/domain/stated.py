"""What a person said of a story, in place of what its file says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.domain.story import Manuscript, Permission, PermissionFor, PermissionFrom, Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Facts of a story on a person's word; None where that person said nothing."""

    title: str | None = None
    authors: tuple[str, ...] | None = None
    rating: Rating | None = None
    warnings: tuple[str, ...] | None = None
    language: str | None = None
    summary: str | None = None
    source: str | None = None
    permission_from: PermissionFrom | None = None
    permission_for: PermissionFor | None = None

    def of(self, story: Manuscript) -> Manuscript:
        """The story with all that."""
        said = self.said()
        permission = Permission(
            said.pop("permission_from", story.permission.source), said.pop("permission_for", story.permission.covers)
        )
        return replace(story, permission=permission, **said)

    def said(self) -> dict[str, Any]:
        """What was said, by field."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}

    def over(self, earlier: Stated) -> Stated:
        """Both, this one's word counting where they differ."""
        return replace(earlier, **self.said())

    def without(self, forgotten: Iterable[str]) -> Stated:
        """The rest of it, after some fields were taken back."""
        return replace(self, **dict.fromkeys(forgotten))


FIELDS = tuple(field.name for field in fields(Stated))
