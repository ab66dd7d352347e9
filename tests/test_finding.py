"""``inglenook find``: the line, whoever owns it, or a kind word; never a traceback."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import pytest

from bot import cli, finding, strings
from bot.app import open_app
from bot.config import Config
from bot.domain.errors import BadInput
from bot.domain.story import Owner, Rating
from bot.ops import logs
from tests.support.builders import GUILD
from tests.support.stories import sentence, tale

WORDS = " ".join(sentence(503).split()[1:6])


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """One story for all, and a server's explicit one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "set_up", lambda *_: None)
    config = Config(database=tmp_path / "library.db")

    async def fill() -> None:
        async with open_app(config) as app:
            await app.library.add(tale())
            await app.library.add(tale("their-song", first=500, rating=Rating.EXPLICIT), Owner(GUILD))

    asyncio.run(fill())
    return config


def told(config: Config, words: str, **options: object) -> tuple[int, str]:
    out = io.StringIO()
    code = asyncio.run(finding.find(config, words, out, **options))  # pyright: ignore[reportArgumentType]
    return code, out.getvalue()


def test_a_line_of_any_owner_and_rating_is_found_and_said_whose_it_is(config: Config):
    before = config.database.read_bytes()
    code, out = told(config, WORDS)
    assert code == 0
    assert out.startswith(strings.FOUND)
    first = out.split("\n\n")[1]
    text = first.replace("**", "")
    assert sentence(503) in text
    assert WORDS in first.split("**")[1]
    for part in ("their-song", "Chapter 1", "scene 2", "explicit", strings.FIND_SERVER.format(server=GUILD)):
        assert part in first
    assert config.database.read_bytes() == before


def test_what_is_offered_to_all_is_said_to_be(config: Config):
    _, out = told(config, sentence(3), story="oar-song", limit=1)
    assert strings.FIND_OPERATOR in out
    assert "(oar-song)" in out


def test_only_the_story_that_was_named_is_looked_through(config: Config):
    _, out = told(config, WORDS, story="oar-song", as_json=True)
    assert {json.loads(row)["story"] for row in out.splitlines()} <= {"oar-song"}
    _, out = told(config, WORDS, story="their-song", as_json=True)
    assert json.loads(out.splitlines()[0])["story"] == "their-song"


def test_json_is_an_object_a_line_and_no_more_than_asked_for(config: Config):
    code, out = told(config, "the", as_json=True, limit=2)
    assert code == (0 if out else 1)
    assert len(out.splitlines()) <= 2
    code, out = told(config, WORDS, as_json=True, limit=1)
    (row,) = map(json.loads, out.splitlines())
    begin, end = row["part"]
    assert row["text"][begin:end] == WORDS
    assert (row["sure"], row["server"], row["rating"], row["chapter"], row["scene"]) == (True, GUILD, "explicit", 1, 2)
    assert 0.5 <= row["score"] <= 1


def test_nothing_like_it_is_a_kind_sentence_and_1(config: Config):
    assert told(config, "xyzzy plugh qwrtz") == (1, strings.FIND_NOTHING + "\n")
    assert told(config, "xyzzy plugh qwrtz", as_json=True) == (1, "")


@pytest.mark.parametrize("words", ["", "  ", "?!", "“…”", "—", "(.*)+["])
def test_no_words_are_refused(config: Config, words: str):
    with pytest.raises(BadInput) as refused:
        told(config, words)
    assert refused.value.key == "find_no_words"


@pytest.mark.parametrize("words", ["a", "the of", "x" * 4000, "😀 river", "شمس", "' OR 1=1 --", "река"])
def test_whatever_is_typed_there_is_an_answer(config: Config, words: str):
    code, out = told(config, words)
    assert code in (0, 1)
    assert out


def test_exit_codes_are_those_of_the_other_commands(config: Config, capsys: pytest.CaptureFixture[str]):
    database = str(config.database)
    assert cli.main(["find", "--db", database, *WORDS.split()]) == 0
    assert cli.main(["find", "--db", database, "xyzzy"]) == 1
    assert cli.main(["find", "--db", database, "?!"]) == cli.USAGE
    assert cli.main(["find", "--db", database, "--story", "nobody's", WORDS]) == cli.USAGE
    assert "their-song" in capsys.readouterr().err
    assert cli.main(["find", "--db", "missing.db", WORDS]) == cli.CONFIGURATION
    assert not Path("missing.db").exists()
    for limit in ("0", "101", "many"):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["find", "--limit", limit, WORDS])
        assert stopped.value.code == cli.USAGE


def test_an_empty_library_is_said_to_be(tmp_path: Path, config: Config):
    empty = Config(database=tmp_path / "empty.db")

    async def make() -> None:
        async with open_app(empty):
            pass

    asyncio.run(make())
    with pytest.raises(BadInput) as refused:
        told(empty, WORDS)
    assert refused.value.key == "library_empty"
