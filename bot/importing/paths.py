"""The paths that a person names: what is read one by one, and what it is called."""

from __future__ import annotations

import os
from pathlib import Path

from bot.ingest.reading import natural

_MAX_DEPTH = 20


def stories_in(path: Path, depth: int = _MAX_DEPTH) -> list[Path]:
    """The paths below ``path`` that are read one by one: a folder of nothing but folders is looked into."""
    try:
        entries = [entry for entry in path.iterdir() if not entry.name.startswith(".")] if path.is_dir() else []
        folders = sorted((entry for entry in entries if entry.is_dir() and not entry.is_symlink()), key=natural)
        files = [entry for entry in entries if entry.is_file() and entry.stem.casefold() != "readme"]
    except OSError:
        # Said by whoever reads it.
        return [path]
    if files and all(file.suffix.casefold() == ".epub" for file in files):
        # Each book is a story by itself.
        return sorted(files, key=natural)
    if files or not folders or not depth:
        return [path]
    return [story for folder in folders for story in stories_in(folder, depth - 1)]


def format_of(path: Path) -> str:
    """What a file is called by its name's ending; whether it is one is seen when it is read."""
    return "folder" if path.is_dir() else _FORMATS.get(path.suffix.casefold(), path.suffix.lstrip(".").casefold())


_FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".epub": "epub",
    ".zip": "zip",
}


def name_of(path: Path) -> str:
    """What a file or folder is called, also where it was given as ``.``."""
    return shown_path(Path(path.name or path.resolve().name))


def shown_path(path: Path) -> str:
    """A path as it can be printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")
