"""Where the log goes, and what never gets into it."""

from __future__ import annotations

import logging


def set_up(level: str, *, token: str | None = None) -> None:
    """Log to standard error; a token is blotted out wherever it might turn up."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("{asctime} {levelname:<7} {name}: {message}", "%Y-%m-%d %H:%M:%S", "{"))
    if token:
        handler.setFormatter(_Blotting(handler.formatter, token))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # discord.py tells each heartbeat and request at these levels.
    logging.getLogger("discord").setLevel(max(logging.INFO, root.level))
    logging.getLogger("discord.client").addFilter(_is_not_about_voice)


def _is_not_about_voice(record: logging.LogRecord) -> bool:
    return "PyNaCl" not in record.getMessage()


class _Blotting(logging.Formatter):
    def __init__(self, inner: logging.Formatter | None, token: str) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        return self._inner.format(record).replace(self._token, "[token]")
