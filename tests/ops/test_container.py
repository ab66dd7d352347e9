from __future__ import annotations

from pathlib import Path

import pytest

from bot.ops import container


@pytest.fixture
def mounts(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """What is mounted, beside the root."""
    mounted: set[Path] = set()
    monkeypatch.setattr(Path, "is_mount", lambda path: path == Path("/") or path in mounted)
    return mounted


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine that is no container; the mark that Docker would put there."""
    monkeypatch.delenv("INGLENOOK_IN_CONTAINER", raising=False)
    mark = tmp_path / ".dockerenv"
    monkeypatch.setattr(container, "_MARKS", (mark, tmp_path / ".containerenv"))
    return mark


def test_a_machine_is_no_container(outside: Path):
    assert not container.in_container()


@pytest.mark.parametrize("mark", [".dockerenv", ".containerenv"])
def test_docker_and_podman_are_known_by_their_marks(outside: Path, mark: str):
    outside.with_name(mark).touch()
    assert container.in_container()


def test_any_other_container_can_say_so_itself(outside: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INGLENOOK_IN_CONTAINER", "1")
    assert container.in_container()


def test_a_volume_keeps_all_that_lies_in_it(mounts: set[Path], tmp_path: Path):
    mounts.add(tmp_path)
    assert container.on_mounted_volume(tmp_path / "library.db")
    assert container.on_mounted_volume(tmp_path / "not" / "yet" / "made" / "library.db")


def test_the_containers_own_layers_keep_nothing(mounts: set[Path], tmp_path: Path):
    mounts.add(tmp_path / "elsewhere")
    assert not container.on_mounted_volume(tmp_path / "library.db")
    assert not container.on_mounted_volume(Path("/library.db"))


def test_a_relative_path_counts_from_here(mounts: set[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert not container.on_mounted_volume(Path("library.db"))
    mounts.add(tmp_path)
    assert container.on_mounted_volume(Path("library.db"))


def test_a_link_counts_as_what_it_points_at(mounts: set[Path], tmp_path: Path):
    volume, inside = tmp_path / "volume", tmp_path / "inside"
    volume.mkdir()
    inside.mkdir()
    mounts.add(volume)
    (inside / "library.db").symlink_to(volume / "library.db")
    (volume / "other.db").symlink_to(inside / "other.db")
    assert container.on_mounted_volume(inside / "library.db")
    assert not container.on_mounted_volume(volume / "other.db")
