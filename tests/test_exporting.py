"""``inglenook export``: files that come back with every id, and never over what is there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.app import open_app, open_manuscripts
from bot.cli import main
from bot.config import Config
from bot.domain.errors import BadInput
from bot.domain.story import OPERATOR, Owner, PermissionFrom, Rating
from bot.exporting import export
from bot.importing import ImportOrder, bring_in
from bot.ingest.reading import read
from bot.storage.database import Database
from tests.support.builders import GUILD
from tests.support.stories import ids, tale

pytestmark = pytest.mark.usefixtures("_no_configuration")


@pytest.fixture
def _no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def config(tmp_path: Path) -> Config:
    config = Config(database=tmp_path / "library.db")
    async with open_app(config) as app:
        await app.library.add(tale())
        await app.library.add(tale("their-song", first=500), Owner(GUILD))
    return config


async def all_ids(config: Config):
    async with await Database.open(config.database) as database:
        return await ids(database)


async def test_an_import_of_an_export_keeps_every_id(config: Config, tmp_path: Path):
    before = await all_ids(config)
    said = io.StringIO()
    await export(config, "oar-song", said, to=tmp_path / "out")
    (again,) = read(tmp_path / "out" / "oar-song")
    async with open_app(config) as app:
        added = await app.library.add(again)
    assert (added.new, added.kept_scenes) == (False, added.scenes)
    assert await all_ids(config) == before
    assert str(tmp_path / "out" / "oar-song") in said.getvalue()


async def test_an_export_states_what_was_said_and_coming_back_it_is_remembered_still(config: Config, tmp_path: Path):
    told = io.StringIO()
    (tmp_path / "salt.txt").write_text("Title: Salt\nRating: PG\n\nNobody came down to the ferry that night.\n")
    said = ["rating=mature", "permission=author"]
    await bring_in(config, ImportOrder(paths=[tmp_path / "salt.txt"], settings=said), told)
    await export(config, "salt", told, to=tmp_path / "out")
    (again,) = read(tmp_path / "out" / "salt")
    assert (again.rating, again.permission.source) == (Rating.MATURE, PermissionFrom.AUTHOR)
    await bring_in(config, ImportOrder(paths=[tmp_path / "out" / "salt"]), told)
    assert "as you said" not in told.getvalue().rpartition("Imported again")[2]
    await bring_in(config, ImportOrder(paths=[tmp_path / "salt.txt"]), told)
    async with open_manuscripts(config) as manuscripts:
        stored = await manuscripts.about(OPERATOR, "salt")
    assert stored is not None
    assert (stored.rating, stored.permission.source) == (Rating.MATURE, PermissionFrom.AUTHOR)


async def test_nothing_is_written_over_unless_told_so(config: Config, tmp_path: Path):
    for form, name in (("markdown", "oar-song"), ("text", "oar-song.txt")):
        await export(config, "oar-song", io.StringIO(), form=form)
        with pytest.raises(BadInput) as refused:
            await export(config, "oar-song", io.StringIO(), form=form)
        assert refused.value.key == "export_exists"
        assert Path(name).exists()
    stale = Path("oar-song/09-gone.md")
    stale.write_text("---\nchapter: 9\n---\n\nGone.\n")
    Path("oar-song/notes.txt").write_text("mine")
    await export(config, "oar-song", io.StringIO(), force=True)
    assert not stale.exists()
    assert Path("oar-song/notes.txt").read_text() == "mine"


async def test_a_servers_story_is_exported_by_its_id(config: Config):
    with pytest.raises(BadInput) as refused:
        await export(config, "their-song", io.StringIO())
    assert (refused.value.key, refused.value.values["known"]) == ("export_no_story", "oar-song")
    await export(config, "their-song", io.StringIO(), server=GUILD, form="text")
    assert Path("their-song.txt").read_text(encoding="utf-8").startswith("Title: Their Song\nAuthor: Peg Lanyon\n")


def test_a_story_that_is_not_there_is_refused_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["export", "nothing", "--db", str(tmp_path / "none.db")]) == 2
    assert "nothing" in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()
