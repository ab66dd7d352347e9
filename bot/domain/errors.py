"""Refusals that a person can meet, kept apart from bugs.

Each carries the key of its sentence in ``bot.strings`` and the values that the sentence needs;
whoever talks to the person looks the sentence up. Anything that is not a ``UserFacingError`` is a
bug and becomes an incident code.
"""

from __future__ import annotations


class UserFacingError(Exception):
    """A refusal with a sentence that says what to do.

    ``key`` names the sentence (the class name in snake case, unless given); ``values`` fill its
    named fields.
    """

    key: str = ""

    def __init__(self, key: str | None = None, /, **values: object) -> None:
        self.key = key or type(self).key
        self.values = values
        super().__init__(self.key, values)


class BadInput(UserFacingError):
    """A file, field or option cannot be used. ``key`` says which way."""


class NothingFound(UserFacingError):
    """Nothing that may be shown here fits what was asked.

    Raised alike for "no such thing" and "not here": the two must be indistinguishable.
    """

    key = "nothing_found"


class StoryNotFound(UserFacingError):
    """No story of that name may be shown here."""

    key = "story_not_found"


class Refused(UserFacingError):
    """The person or the place may not have this. ``key`` says why and what to do."""
