"""What a person says of a story with --set, in place of what its file says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot import strings
from bot.domain.errors import BadInput
from bot.domain.story import PermissionFor, PermissionFrom, Rating
from bot.ingest.header import language_named
from bot.ingest.manuscripts import slug_of
from bot.ingest.ratings import rating_named

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class _Setting:
    """A key of --set."""

    field: str
    understand: Callable[[str], object]
    """Gives None for a value that it cannot be."""
    expected: str = ""
    may_be_empty: bool = False


def understood(settings: Sequence[str]) -> dict[str, Any]:
    """The fields that texts of the form KEY=VALUE give a story; the latest of a key counts.

    Raises:
        BadInput: one of them cannot be used.
    """
    changes: dict[str, Any] = {}
    for text in settings:
        key, equals, value = text.partition("=")
        key, value = key.strip().casefold().replace("_", "-"), " ".join(value.split())
        if equals and key not in SETTINGS:
            raise BadInput("bad_setting", setting=text, reason=_reason("key", ", ".join(SETTINGS)))
        if not equals or (not value and not SETTINGS[key].may_be_empty):
            raise BadInput("bad_setting", setting=text, reason=_reason("form"))
        setting = SETTINGS[key]
        meant = setting.understand(value)
        if meant is None:
            raise BadInput("bad_setting", setting=text, reason=setting.expected)
        changes[setting.field] = meant
    # Consent that is recorded covers the full text unless it says otherwise, as in front matter.
    if "permission_from" in changes and "permission_for" not in changes:
        known = changes["permission_from"] is not PermissionFrom.UNKNOWN
        changes["permission_for"] = PermissionFor.FULL_TEXT if known else PermissionFor.EXCERPTS
    return changes


def forgotten(keys: Sequence[str]) -> frozenset[str]:
    """The fields that some keys mean of which nothing that was said is to hold.

    Raises:
        BadInput: one of them is none.
    """
    fields: set[str] = set()
    for text in keys:
        key = text.strip().casefold().replace("_", "-")
        if key not in SETTINGS or key == "slug":
            known = ", ".join(name for name in SETTINGS if name != "slug")
            raise BadInput("bad_forget", key=text, known=known)
        fields.add(SETTINGS[key].field)
        if key == "permission":
            # Whose word it is and what for were said together.
            fields.add(SETTINGS["permission-for"].field)
    return frozenset(fields)


def _reason(why: str, known: str = "") -> str:
    return strings.BAD_SETTING[why].format(known=known)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _named(value: str) -> tuple[str, ...] | None:
    return _listed(value) or None


def _language(value: str) -> str | None:
    return language_named(value) or (value if _LANGUAGE.fullmatch(value) else None)


def _slug(value: str) -> str | None:
    return slug_of(value) or None


def _permission_from(value: str) -> PermissionFrom | None:
    name = value.casefold().replace("license", "licence").replace("-", " ")
    return PermissionFrom(name) if name in set(PermissionFrom) else None


def _permission_for(value: str) -> PermissionFor | None:
    name = value.casefold().replace("-", " ")
    return PermissionFor(name) if name in set(PermissionFor) else None


_NAMES = _Setting("authors", _named, _reason("names"))
SETTINGS = {
    "title": _Setting("title", str),
    "author": _NAMES,
    "authors": _NAMES,
    "rating": _Setting("rating", rating_named, _reason("rating", ", ".join(Rating))),
    "warnings": _Setting("warnings", _listed, may_be_empty=True),
    "language": _Setting("language", _language, _reason("language")),
    "summary": _Setting("summary", str, may_be_empty=True),
    "source": _Setting("source", str, may_be_empty=True),
    "slug": _Setting("slug", _slug, _reason("slug")),
    "permission": _Setting("permission_from", _permission_from, _reason("permission", ", ".join(PermissionFrom))),
    "permission-for": _Setting("permission_for", _permission_for, _reason("permission_for", ", ".join(PermissionFor))),
}
"""By key, in the order in which they are named to a person."""
