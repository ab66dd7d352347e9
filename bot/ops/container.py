"""Whether the database would survive its container."""

from __future__ import annotations

import os
from pathlib import Path

_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))
"""Files that Docker and Podman put into every container."""


def in_container() -> bool:
    """Whether this process runs in a container."""
    return "INGLENOOK_IN_CONTAINER" in os.environ or any(mark.exists() for mark in _MARKS)


def on_mounted_volume(path: Path) -> bool:
    """Whether ``path`` lies on something mounted into the container, rather than in the container's
    own layers, which are gone with it.
    """
    folder = path.resolve().parent
    while folder != folder.parent:
        if folder.is_mount():
            return True
        folder = folder.parent
    return False
