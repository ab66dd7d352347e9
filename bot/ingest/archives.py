"""Zip archives, opened with care: nothing of them is written anywhere, and no more is inflated than a story needs."""

from __future__ import annotations

import posixpath
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from typing import BinaryIO
from urllib.parse import unquote

from bot.domain.errors import BadInput
from bot.domain.text import display_form

MAX_ENTRIES = 5000
MAX_INFLATED = 40 * 1024 * 1024
"""Bytes that may come out of one archive, counted as they come: what it says of its sizes may be a lie."""
MAX_ENTRY = 20 * 1024 * 1024

_CHUNK = 64 * 1024
_DIRECTORY = b"PK\x05\x06"
_MAX_TAIL = 65_557
_MAX_DIRECTORY = MAX_ENTRIES * 400
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_ENCRYPTED = 0x1
_MAX_NAME = 100
_DRIVE = re.compile(r"[A-Za-z]:/+")


class Archive:
    """One zip file; names are keys into it and never paths on the disk."""

    def __init__(self, stream: BinaryIO, file: str) -> None:
        """Open an archive.

        Args:
            stream: its bytes; it must stay open as long as this is used.
            file: its name, for refusals.

        Raises:
            BadInput: it is damaged, no zip, or has too many entries.
        """
        self._file = file
        self._left = MAX_INFLATED
        _check_directory(stream, file)
        try:
            self._zip = zipfile.ZipFile(stream)
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
            raise BadInput("archive_damaged", file=file) from None
        if len(entries) > MAX_ENTRIES:
            raise BadInput("archive_too_many", file=file, limit=MAX_ENTRIES)
        self._entries = {_key(entry.filename): entry for entry in entries if not (entry.is_dir() or _is_link(entry))}
        names = [_key(entry.filename) for entry in entries if not entry.is_dir()]
        self.doubles = [name for name, times in Counter(names).items() if times > 1]
        """Names that several of its files have: the last one is read."""
        self.links = [_key(entry.filename) for entry in entries if _is_link(entry)]
        """Names of links, which are not followed."""
        self._folded = {name.casefold(): name for name in self._entries}

    @property
    def names(self) -> list[str]:
        """The names of its files, each relative to the archive's root, in the archive's order."""
        return list(self._entries)

    def find(self, name: str) -> str | None:
        """The name under which a file stands, given as a link names it; None where there is none."""
        for form in (name, unquote(name)):
            key = _key(form)
            if key in self._entries:
                return key
            if key.casefold() in self._folded:
                return self._folded[key.casefold()]
        return None

    def read(self, name: str) -> bytes:
        """The bytes of one file.

        Raises:
            BadInput: it is damaged or encrypted, or more comes out of it than a story can be.
        """
        entry = self._entries[name]
        if entry.flag_bits & _ENCRYPTED:
            raise BadInput("archive_encrypted", file=self._file)
        if entry.compress_type not in _METHODS:
            raise BadInput("archive_damaged", file=self._file)
        limit = min(self._left, MAX_ENTRY)
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(entry) as opened:
                while chunk := opened.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise BadInput("archive_bomb", file=self._file, limit=limit // 1024 // 1024 or 1)
                    chunks.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise BadInput("archive_damaged", file=self._file) from None
        self._left -= size
        return b"".join(chunks)


def shown(name: str) -> str:
    """A name within an archive as it may stand in a sentence: on one line, of bounded length."""
    plain = " ".join(display_form(name).split())
    return plain if len(plain) <= _MAX_NAME else "…" + plain[-_MAX_NAME:]


def _is_link(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a symbolic link, as Unix packs it: it holds a path and no text."""
    return stat.S_ISLNK(entry.external_attr >> 16)


def _key(name: str) -> str:
    """A name without detours: what would lead out of the archive, or to a drive, leads nowhere."""
    return posixpath.normpath("/" + _DRIVE.sub("", name.replace("\\", "/"))).lstrip("/")


def _check_directory(stream: BinaryIO, file: str) -> None:
    """Look at the end of an archive before its list of files is read: a million of names is a bomb, too."""
    try:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _MAX_TAIL))
        tail = stream.read()
        stream.seek(0)
    except OSError:
        raise BadInput("archive_damaged", file=file) from None
    if not size:
        raise BadInput("file_empty", file=file)
    at = tail.rfind(_DIRECTORY)
    if at < 0 or len(tail) < at + 22:
        raise BadInput("archive_damaged", file=file)
    count, length = struct.unpack("<HL", tail[at + 10 : at + 16])
    if count > MAX_ENTRIES or length > _MAX_DIRECTORY:
        raise BadInput("archive_too_many", file=file, limit=MAX_ENTRIES)
