"""No search for garbage while long work makes very many objects that stay."""

from __future__ import annotations

import gc
import threading
from collections.abc import Generator
from contextlib import contextmanager

_guard = threading.Lock()
_holding: list[bool] = []
"""For each who holds the search off, whether it was on before."""


@contextmanager
def unsearched() -> Generator[None]:
    """Hold off the search for garbage: each would walk over a whole story and hold up everybody, and find nothing."""
    with _guard:
        _holding.append(gc.isenabled())
        gc.disable()
    try:
        yield
    finally:
        with _guard:
            was_on = _holding.pop()
            if not _holding and was_on:
                gc.enable()
            elif _holding:
                # The first to come may leave before the others: what it found is what the last restores.
                _holding[0] = _holding[0] or was_on
