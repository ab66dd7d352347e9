"""Snapshots on disk: whole, or noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.index import DamagedIndex, LineIndex
from bot.index.files import MANIFEST

LINES = ["The river remembers every oar.", "Nobody spoke of the drowned bell."] * 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    LineIndex.build(LINES, tmp_path).remove([0]).close()
    return tmp_path


@pytest.mark.parametrize("kind", ["segment", "removed"])
@pytest.mark.parametrize("place", [0, 9, 400, -1])
def test_a_changed_byte_is_noticed(folder: Path, kind: str, place: int) -> None:
    file = next(folder.glob(f"{kind}-*.bin"))
    content = bytearray(file.read_bytes())
    content[place % len(content)] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedIndex):
        LineIndex.open(folder)


@pytest.mark.parametrize("left", [0, 7, 100])
def test_a_cut_file_is_noticed(folder: Path, left: int) -> None:
    file = next(folder.glob("segment-*.bin"))
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(DamagedIndex):
        LineIndex.open(folder)


def test_a_missing_file_is_noticed(folder: Path) -> None:
    next(folder.glob("segment-*.bin")).unlink()
    with pytest.raises(DamagedIndex):
        LineIndex.open(folder)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "not json", '{"checksum": 0, "body": "{}"}'])
def test_a_manifest_that_says_something_else_is_noticed(folder: Path, text: str) -> None:
    (folder / MANIFEST).write_text(text)
    with pytest.raises(DamagedIndex):
        LineIndex.open(folder)


def test_another_format_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.index.files.FORMAT", 2)
    with pytest.raises(DamagedIndex, match="format"):
        LineIndex.open(folder)


def test_no_snapshot_at_all_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndex):
        LineIndex.open(tmp_path / "nowhere")


def test_building_again_replaces_and_leaves_nothing_behind(folder: Path) -> None:
    LineIndex.build(["Something else entirely."], folder)
    assert len(LineIndex.open(folder)) == 1
    assert len(list(folder.iterdir())) == 2
