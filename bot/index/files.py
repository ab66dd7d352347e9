"""Files of the index: arrays that are mapped into memory, and the manifest that names them.

A snapshot is a directory with one ``manifest.json`` and the data files that it names. Data files
are written once under names of their own and never changed; a new manifest is renamed into place,
which is the moment at which a new snapshot exists. Every file is checked against its size and
checksum when it is opened, so nothing is synced to the disk: a power cut costs a rebuild.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

FORMAT = 1
"""Raised whenever the meaning of a file changes; older snapshots are then rebuilt."""

MANIFEST = "manifest.json"
_ALIGNMENT = 64
_CHUNK = 1 << 20

Array = np.ndarray[Any, Any]


class DamagedIndex(Exception):
    """The files are not a whole snapshot of this format; build it again from the lines."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One data file as the manifest names it."""

    name: str
    size: int
    checksum: int
    """CRC-32 of the whole file."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot consists of: its segments in order, and which lines were removed."""

    segments: tuple[DataFile, ...]
    removed: DataFile | None = None


def write_arrays(directory: Path, kind: str, arrays: Mapping[str, Array]) -> DataFile:
    """Write arrays to a new file under ``directory`` and say what it is called."""
    places: dict[str, tuple[str, list[int], int]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, list(array.shape), at)
        at += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    header = json.dumps(places).encode()
    header += b" " * (-(len(header) + 8) % _ALIGNMENT)
    name = f"{kind}-{secrets.token_hex(8)}.bin"
    size = checksum = 0
    with open(directory / name, "wb") as file:
        for piece in _pieces(header, arrays.values()):
            file.write(piece)
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
    return DataFile(name, size, checksum)


def _pieces(header: bytes, arrays: Iterable[Array]) -> Iterable[memoryview | bytes]:
    yield len(header).to_bytes(8, "little")
    yield header
    for array in arrays:
        if array.nbytes:
            yield np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        yield bytes(-array.nbytes % _ALIGNMENT)


def open_arrays(directory: Path, data: DataFile) -> dict[str, Array]:
    """Map the arrays of a file into memory, read-only, after checking all of its bytes.

    Raises ``DamagedIndex``; ``FileNotFoundError`` where the file is gone, which also happens when
    another process has put a newer snapshot in its place.
    """
    path = directory / data.name
    # Read, not mapped, so that checking does not count as memory of this process.
    with open(path, "rb") as file:
        checksum = size = 0
        while piece := file.read(_CHUNK):
            checksum = zlib.crc32(piece, checksum)
            size += len(piece)
    if (size, checksum) != (data.size, data.checksum):
        raise DamagedIndex(f"{path} is damaged")
    whole = np.asarray(np.memmap(path, np.uint8, "r"))
    start = 8 + int.from_bytes(whole[:8].tobytes(), "little")
    places = cast("dict[str, tuple[str, list[int], int]]", json.loads(whole[8:start].tobytes()))
    arrays: dict[str, Array] = {}
    for name, (kind, shape, at) in places.items():
        dtype = np.dtype(kind)
        length = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        arrays[name] = whole[start + at : start + at + length].view(dtype).reshape(shape)
    return arrays


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Make ``manifest`` the snapshot in ``directory``, at one moment, and delete what it replaces.

    Processes that still have the older files open keep them.
    """
    body = json.dumps({"format": FORMAT, **asdict(manifest)})
    text = json.dumps({"checksum": zlib.crc32(body.encode()), "body": body})
    fresh = directory / f"{MANIFEST}.{secrets.token_hex(8)}"
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, directory / MANIFEST)
    named = {data.name for data in (*manifest.segments, manifest.removed) if data is not None}
    for old in directory.glob("*-*.bin"):
        if old.name not in named:
            with contextlib.suppress(OSError):
                old.unlink()


def read_manifest(directory: Path) -> Manifest:
    """The snapshot in ``directory``. Raises ``DamagedIndex`` where there is none of this format."""
    path = directory / MANIFEST
    try:
        outer = json.loads(path.read_text(encoding="utf-8"))
        body = outer["body"]
        if zlib.crc32(body.encode()) != outer["checksum"]:
            raise DamagedIndex(f"{path} is damaged")
        fields = json.loads(body)
        if fields["format"] != FORMAT:
            raise DamagedIndex(f"{path} has format {fields['format']}, this program reads {FORMAT}")
        removed = fields["removed"]
        return Manifest(
            tuple(DataFile(**each) for each in fields["segments"]),
            None if removed is None else DataFile(**removed),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(f"{path} is not a snapshot of the line index") from error
