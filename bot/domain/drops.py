"""What a drop consists of, and what may become of each message of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.story import SceneId

LEASE = timedelta(seconds=90)
"""How long a worker may be silent before another takes its drop over."""

REPLAY = timedelta(seconds=60)
"""How long after a send began the same nonce is trusted to bring back the same message. Discord says
"the past few minutes"; a minute leaves room for both clocks."""


class MessageState(StrEnum):
    """Where one message of a drop stands: written down, under way, or known to have arrived."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"


class MessageKind(StrEnum):
    """A part carries prose of one scene; cards stand before, between and after."""

    OPENING = "opening card"
    PART = "part"
    BREAK = "scene break"
    END = "end card"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMessage:
    """One message of a drop as it is written down before anything is sent."""

    kind: MessageKind
    content: str
    """What will be sent, rendered."""
    scene_id: SceneId | None = None
    """The scene that a part belongs to; None for cards."""
    start: int = 0
    end: int = 0
    """For a part: its span of the scene's text. The parts of a scene partition it."""


def nonce(drop_id: int, position: int) -> str:
    """The message's name towards Discord: the same at every attempt, unlike any other's.

    Discord allows 25 characters: one letter and 12 bytes of BLAKE2 in hexadecimal.
    """
    digest = hashlib.blake2b(f"{drop_id}:{position}".encode(), digest_size=12).hexdigest()
    return f"d{digest}"
