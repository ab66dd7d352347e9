"""What an operator reads on the terminal. No traceback, ever, unless asked for."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest

from bot import cli, maintenance, strings
from bot.discord_ui.client import InglenookClient
from bot.domain.errors import BadInput
from bot.ops import container
from bot.storage import database as database_module
from bot.storage.database import Database
from bot.storage.inspection import inspect
from bot.storage.migrate import APPLICATION_ID, migrations
from tests.support.stories import ROOT, add, sentence, tale, without_root

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.G0abcd.0123456789abcdefghijklmnopqrstuvwxyzAB"


@dataclass(frozen=True, slots=True)
class Told:
    code: int
    out: str
    err: str


Tell = Callable[..., Told]


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Tell]:
    """Run the program in an empty folder, as in a terminal of its own."""
    monkeypatch.chdir(tmp_path)
    for name in ("INGLENOOK_TOKEN", "INGLENOOK_TOKEN_FILE", "INGLENOOK_IN_CONTAINER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(container, "_MARKS", ())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    loggers = [logging.getLogger(name) for name in ("", "discord", "discord.client")]
    before = [(logger.level, logger.handlers[:], logger.filters[:]) for logger in loggers]

    def run(*arguments: object) -> Told:
        capsys.readouterr()
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 1
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    yield run
    for logger, (level, handlers, filters) in zip(loggers, before, strict=True):
        logger.setLevel(level)
        logger.handlers[:], logger.filters[:] = handlers, filters


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A good database with one story."""
    path = tmp_path / "library.db"

    async def fill() -> None:
        async with await Database.open(path) as database:
            await add(database, tale())

    asyncio.run(fill())
    return path


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def story_file(path: Path, *, first: int = 500, head: str = "title: The Oar\nrating: general") -> Path:
    prose = "\n\n".join(sentence(n) for n in range(first, first + 6))
    return written(path, f"---\n{head}\n---\n\n{prose}\n\n* * *\n\n{sentence(first + 7)}\n")


def refused(told: Told, code: int, *words: object) -> None:
    """One sentence on standard error that holds the words, the right exit code, no traceback."""
    assert told.code == code, told
    assert "Traceback" not in told.err
    for word in words:
        assert str(word) in told.err
    (line,) = told.err.splitlines()
    assert line.endswith((".", ")", "PATH")), line
    assert "{" not in line
    assert "Error" not in line


# The configuration


def test_a_configuration_that_is_not_there(tell: Tell, tmp_path: Path):
    missing = tmp_path / "nothing.toml"
    for command in (["check"], ["run"], ["import", "x.md"], ["backup", "copy.db"]):
        refused(tell(*command, "--config", missing), 78, missing, "config.example.toml")


def test_a_configuration_that_is_not_toml(tell: Tell, tmp_path: Path):
    config = written(tmp_path / "my.toml", '[database]\npath = "library.db\n')
    told = tell("check", "--config", config)
    assert told.code == 78
    assert str(config) in told.err
    assert "line 2" in told.err
    assert "Traceback" not in told.err


def test_every_problem_of_a_configuration_is_told_at_once(tell: Tell, tmp_path: Path):
    written(
        tmp_path / "inglenook.toml",
        '[databse]\npath = "a.db"\n[discord]\ntoken = "x"\ntoken_file = 7\n[log]\nlevel = "loud"\n',
    )
    told = tell("check")
    assert told.code == 78
    for word in ("inglenook.toml", "4 problems", "databse", "token", "token_file", "7", "loud", "warning"):
        assert word in told.err
    assert len(told.err.splitlines()) == 5


def test_a_configuration_that_cannot_be_read(tell: Tell, tmp_path: Path):
    refused(tell("check", "--config", tmp_path), 78, tmp_path)
    config = written(tmp_path / "mine" / "my.toml", "")
    with without_root(config.parent):
        config.chmod(0)
        told = tell("check", "--config", config)
        config.chmod(0o600)
    refused(told, 78, config, "Permission denied")
    config.write_bytes(b"\xff\xfe\x00")
    refused(tell("check", "--config", config), 78, config, "UTF-8")


def test_a_configuration_names_the_database_beside_itself(tell: Tell, tmp_path: Path, library: Path):
    config = written(tmp_path / "etc" / "my.toml", '[database]\npath = "../library.db"\n')
    told = tell("check", "--config", config)
    assert told.code == 0
    assert str(config) in told.out
    # What is named on the command line goes before it.
    assert tell("check", "--config", config, "--db", tmp_path / "none.db").code == 78


# The token


def test_no_token_and_nobody_to_ask(tell: Tell, tmp_path: Path):
    refused(tell("run"), 78, "INGLENOOK_TOKEN", "terminal")
    assert list(tmp_path.iterdir()) == []


def test_a_token_file_that_cannot_be_read(tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INGLENOOK_TOKEN_FILE", str(tmp_path / "token"))
    refused(tell("run"), 74, tmp_path / "token")
    written(tmp_path / "inglenook.toml", '[discord]\ntoken_file = "other"\n')
    monkeypatch.delenv("INGLENOOK_TOKEN_FILE")
    refused(tell("run"), 74, "other")
    written(tmp_path / "other", "\n")
    refused(tell("run"), 78, "INGLENOOK_TOKEN")


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (discord.LoginFailure("Improper token has been passed."), 78, "token"),
        (OSError("Network is unreachable"), 74, "internet"),
        (TimeoutError(), 74, "internet"),
    ],
)
def test_discord_does_not_take_the_token_or_cannot_be_reached(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, word: str
):
    async def login(_: object, token: str) -> None:
        assert token == TOKEN
        raise error

    monkeypatch.setenv("INGLENOOK_TOKEN", TOKEN)
    monkeypatch.setattr(InglenookClient, "login", login)
    told = tell("run")
    refused(told, code, word)
    assert TOKEN not in told.out + told.err


# The database


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def garbage(path: Path) -> None:
    written(path, "Dear diary, today it rained. " * 300)


def folder(path: Path) -> None:
    path.mkdir()


COMMANDS: tuple[tuple[str, ...], ...] = (("import", "story.md"), ("check",), ("backup", "copy.db"), ("run",))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (foreign, ["another program", "--db"]),
        (newer, ["newer", "99"]),
        (garbage, ["not a SQLite database", "--db"]),
    ],
)
def test_a_database_that_cannot_be_used(
    tell: Tell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: Sequence[str],
    harm: Callable[[Path], None],
    words: Sequence[str],
):
    monkeypatch.setenv("INGLENOOK_TOKEN", TOKEN)
    story_file(tmp_path / "story.md")
    bad = tmp_path / "bad.db"
    harm(bad)
    before = bad.read_bytes()
    refused(tell(*command, "--db", bad), 78, bad, *words)
    assert bad.read_bytes() == before
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("place", ["nowhere/library.db", "folder"])
def test_a_database_that_is_not_there(
    tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Sequence[str], place: str
):
    monkeypatch.setenv("INGLENOOK_TOKEN", TOKEN)
    story_file(tmp_path / "story.md")
    (tmp_path / "folder").mkdir()
    makes_it = command[0] in ("import", "run")
    refused(tell(*command, "--db", tmp_path / place), 74 if makes_it else 78, tmp_path / place, "--db")


def test_a_database_that_another_program_holds(tell: Tell, library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database_module, "_BUSY_MS", 50)
    monkeypatch.setenv("INGLENOOK_TOKEN", TOKEN)
    story = story_file(library.parent / "story.md")
    other = sqlite3.connect(library, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for command in (["import", story], ["run"]):
        refused(tell(*command, "--db", library), 74, library, "held by another program")
    # Looking at it and copying it go on all the while.
    assert tell("check", "--db", library).code == 0
    assert tell("backup", library.parent / "copy.db", "--db", library).code == 0
    other.close()


def test_a_database_that_may_not_be_written(tell: Tell, library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INGLENOOK_TOKEN", TOKEN)
    story = story_file(library.parent / "story.md")
    with without_root(library.parent):
        library.chmod(0o444)
        told = [tell(*command, "--db", library) for command in (["import", story], ["run"])]
        looked = tell("check", "--db", library)
        library.chmod(0o644)
    for each in told:
        refused(each, 74, library, "cannot be written")
    assert looked.code == 0


def test_what_may_only_be_read_is_looked_at_and_nothing_is_left_beside_it(tell: Tell, library: Path, tmp_path: Path):
    story = story_file(tmp_path / "story.md")
    library.chmod(0o444)
    before = sorted(path.name for path in tmp_path.iterdir())
    with without_root(tmp_path):
        told = tell("import", story, "--db", library, "--dry-run")
    assert (told.code, told.err) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_database_that_was_damaged(tell: Tell, library: Path):
    whole = library.read_bytes()
    middle = len(whole) // 4096 // 2 * 4096
    library.write_bytes(whole[:middle] + os.urandom(8192) + whole[middle + 8192 :])
    refused(tell("check", "--db", library), 78, library, "damaged", "backup")
    refused(tell("backup", library.parent / "copy.db", "--db", library), 78, library, "damaged")


def test_a_database_that_would_be_lost_with_its_container(tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INGLENOOK_IN_CONTAINER", "1")
    monkeypatch.setenv("INGLENOOK_TOKEN", TOKEN)
    monkeypatch.setattr(Path, "is_mount", lambda path: path == Path("/"))
    path = tmp_path / "library.db"
    refused(tell("run", "--db", path), 78, path, "volume")
    assert not path.exists()


# Bringing stories in


def test_a_folder_of_stories_comes_in_and_is_told_of(tell: Tell, tmp_path: Path):
    story_file(tmp_path / "shelf" / "a" / "01.md", head="title: First\nrating: general")
    story_file(tmp_path / "shelf" / "b" / "01.md", first=520, head="title: Second\nrating: mature")
    story_file(tmp_path / "shelf" / "c" / "01.md", first=540, head="title: Third")
    told = tell("import", tmp_path / "shelf")
    assert (told.code, told.err) == (0, "")
    for title, where in (
        ("First", "general: may be shown in every channel"),
        ("Second", "mature: only in age-restricted channels"),
        ("Third", "Unrated: only in age-restricted channels; --set rating=teen changes that"),
    ):
        _, _, rest = told.out.partition(f"{title} (")
        assert rest, told.out
        assert "1 chapter, 2 scenes, 63 words. New." in rest.splitlines()[0]
        assert where in rest.splitlines()[1]
    assert inspect(tmp_path / "inglenook.db").stories == 3


def test_a_second_time_says_what_is_kept(tell: Tell, tmp_path: Path):
    story = story_file(tmp_path / "story.md")
    tell("import", story)
    told = tell("import", story)
    assert told.code == 0
    assert "Imported again: 2 of 2 scenes keep their reactions." in told.out
    assert inspect(tmp_path / "inglenook.db").stories == 1


def test_what_is_set_goes_before_what_the_file_says(tell: Tell, tmp_path: Path):
    story = story_file(tmp_path / "story.md", head="title: The Oar")
    assert "Unrated" in tell("import", story).out
    assert "Rated teen: may be shown in every channel." in tell("import", story, "--set", "rating=teen").out
    told = tell("import", story, "--set", "title=The Wharf", "--set", "author=A. B., C. D.", "--set", "slug=Wharf 2")
    assert "The Wharf (wharf-2)" in told.out
    connection = sqlite3.connect(tmp_path / "inglenook.db")
    found = connection.execute(
        "SELECT s.slug, r.title, r.authors, r.rating FROM story s JOIN revision r ON r.id = revision_id"
    )
    assert sorted(found) == [
        ("the-oar", "The Oar", "[]", "teen"),
        ("wharf-2", "The Wharf", '["A. B.", "C. D."]', "unrated"),
    ]
    connection.close()


@pytest.mark.parametrize("setting", ["rating", "rating=", "rating=spicy", "colour=red", "slug=?!", "=x"])
def test_a_setting_that_cannot_be_set(tell: Tell, tmp_path: Path, setting: str):
    refused(tell("import", story_file(tmp_path / "story.md"), "--set", setting), 2, f"--set {setting}")
    assert not (tmp_path / "inglenook.db").exists()


def test_one_short_name_for_two_stories_is_refused_before_either_is_lost(tell: Tell, tmp_path: Path):
    first, second = (
        story_file(tmp_path / f"{n}.md", first=500 + 20 * n, head=f"title: {n}\nrating: teen") for n in range(2)
    )
    told = tell("import", first, second, "--set", "slug=one")
    assert told.code == 2
    assert "--set slug=one" in told.err
    assert "(one)" not in told.out


def test_a_bad_file_beside_a_good_one_is_refused_and_the_good_one_comes_in(tell: Tell, tmp_path: Path):
    good = story_file(tmp_path / "good.md")
    bad = written(tmp_path / "picture.png", "not a picture")
    told = tell("import", bad, good, tmp_path / "gone.md")
    assert told.code == 2
    first, second = told.err.splitlines()
    assert first.startswith("Refused: ")
    assert "picture.png" in first
    assert "gone.md" in second
    assert "The Oar" in told.out
    assert inspect(tmp_path / "inglenook.db").stories == 1


def test_a_folder_without_a_story(tell: Tell, tmp_path: Path):
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(tell("import", empty), 2, empty, "no story")
    refused(tell("check", empty), 78, empty, "no story")


# Checking


def test_all_is_good(tell: Tell, library: Path):
    told = tell("check", "--db", library)
    assert (told.code, told.err) == (0, "")
    configuration, database, lines = told.out.splitlines()
    assert configuration.startswith("Configuration: good")
    assert database == f"Database: good ({library}, schema {len(migrations())}, 0 serials running)."
    assert lines == "Library: 1 story, 18 lines."


def test_a_library_without_a_story_is_not_good(tell: Tell, tmp_path: Path):
    path = tmp_path / "new.db"
    asyncio.run(make(path))
    told = tell("check", "--db", path)
    refused(told, 78, path, "inglenook import")
    assert "Database: good" in told.out


async def make(path: Path) -> None:
    async with await Database.open(path):
        pass


def test_stories_are_checked_without_being_stored(tell: Tell, tmp_path: Path, library: Path):
    story = story_file(tmp_path / "shelf" / "01.md", head="title: The Oar\nrating: teen")
    story_file(tmp_path / "shelf" / "02.md", first=540, head="title: The Wharf")
    written(tmp_path / "shelf" / "cover.png", "not a picture")
    told = tell("check", story.parent, "--db", library)
    assert told.code == 0
    assert f"Stories in {story.parent}: 1 can be imported." in told.out
    assert "cover.png" in told.out
    assert inspect(library).stories == 1
    bad = story_file(tmp_path / "bad.md", head="title: The Oar\nrating: spicy")
    refused(tell("check", bad, "--db", library), 78, "bad.md", "line 3", "spicy")
    refused(tell("check", tmp_path / "gone", "--db", library), 78, "gone")


# Backing up


def test_a_backup_is_written_checked_and_told_of(tell: Tell, library: Path, tmp_path: Path):
    target = tmp_path / "copy.db"
    told = tell("backup", target, "--db", library)
    assert (told.code, told.err) == (0, "")
    assert told.out == f"The backup {target} is whole: 1 story, 18 lines, {target.stat().st_size / 1e6:.1f} MB.\n"
    assert inspect(target) == inspect(library)


def test_a_backup_that_cannot_be_written(tell: Tell, library: Path, tmp_path: Path):
    target = written(tmp_path / "copy.db", "the only one")
    refused(tell("backup", target, "--db", library), 2, target, "already there")
    refused(tell("backup", tmp_path / "no" / "copy.db", "--db", library), 74, tmp_path / "no" / "copy.db")
    refused(tell("backup", target / "copy.db", "--db", library), 74, target / "copy.db")


# Running


@pytest.fixture
def on_discord(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A Discord that takes every token and lets one stay until one leaves; the tokens that it was shown."""
    shown: list[str] = []

    async def log_in(client: InglenookClient, token: str) -> None:
        shown.append(token)
        await client._async_setup_hook()
        client._connection.application_id = 42

    async def connect(client: InglenookClient) -> None:
        client.dispatch("ready")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGTERM)
        while not client.is_closed():  # noqa: ASYNC110 (as the real one: there is no event to wait for)
            await asyncio.sleep(0.01)

    monkeypatch.setattr(InglenookClient, "log_in", log_in)
    monkeypatch.setattr(InglenookClient, "connect", connect)
    return shown


def test_it_runs_until_it_is_told_to_stop(
    tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_discord: list[str]
):
    monkeypatch.setenv("INGLENOOK_TOKEN", TOKEN)
    told = tell("run")
    assert (told.code, on_discord) == (0, [TOKEN]), told.err
    assert "client_id=42" in told.out
    assert "permissions=309237763136" in told.out
    assert strings.RUN_WAITING in told.out
    assert told.out.splitlines()[-1] == strings.RUN_STOPPING
    assert TOKEN not in told.out + told.err
    assert inspect(tmp_path / "inglenook.db").stories == 0


def test_on_a_terminal_it_asks_for_the_token_and_hides_it(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, on_discord: list[str]
):
    asked: list[str] = []

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return f" {TOKEN}\n"

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", getpass)
    told = tell("run")
    assert (told.code, on_discord, asked) == (0, [TOKEN], [strings.RUN_ASK_TOKEN])
    assert TOKEN not in told.out + told.err


# Of every subcommand

SUBCOMMANDS = ("run", "try", "preview", "import", "export", "find", "check", "backup")


def test_there_is_help(tell: Tell):
    told = tell("--help")
    assert told.code == 0
    for name in SUBCOMMANDS:
        assert f"\n    {name} " in told.out


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_has_help_and_takes_a_configuration_and_a_database(tell: Tell, name: str):
    told = tell(name, "--help")
    assert (told.code, told.err) == (0, "")
    for option in ("--config PATH", "--db PATH", "--verbose"):
        assert option in told.out
    assert told.out.startswith(f"usage: inglenook {name} ")


def test_every_option_is_explained():
    parser = cli._parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    assert set(commands.choices) == set(SUBCOMMANDS)
    for name, subparser in commands.choices.items():
        for action in subparser._actions:
            assert action.help, (name, action.dest)


@pytest.mark.parametrize(
    "arguments", [[], ["dance"], ["import"], ["backup"], ["preview", "--port", "soon"], ["check", "--loud"]]
)
def test_what_is_no_command(tell: Tell, arguments: Sequence[str]):
    told = tell(*arguments)
    assert told.code == 2
    assert told.err.startswith("usage: inglenook")
    assert "Traceback" not in told.err


def test_verbose_shows_where_a_refusal_arose(tell: Tell, tmp_path: Path):
    told = tell("check", "--verbose", "--db", tmp_path / "none.db")
    assert told.code == 78
    first, *rest = told.err.splitlines()
    assert "none.db" in first
    assert rest[0].startswith("Traceback")
    assert "inspection.py" in told.err


def test_a_bug_is_told_as_one(tell: Tell, library: Path, monkeypatch: pytest.MonkeyPatch):
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(maintenance, "check", breaks)
    told = tell("check", "--db", library)
    assert told.code == 70
    assert "--verbose" in told.err
    assert "Traceback" not in told.err
    assert "in breaks" in tell("check", "--verbose", "--db", library).err


def test_control_c_ends_it_quietly(tell: Tell, monkeypatch: pytest.MonkeyPatch):
    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(maintenance, "check", broken_off)
    assert tell("check") == Told(130, "", "")


def test_a_port_in_use_is_named(tell: Tell):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(tell("preview", "--port", port), 74, port, "--port")


@pytest.mark.parametrize("key", strings.REFUSALS)
def test_every_refusal_has_an_exit_code_of_its_kind(key: str):
    reading_or_writing = {
        "backup_failed", "database_locked", "database_read_only", "database_unopenable", "discord_unreachable",
        "disk_failed", "export_failed", "port_in_use", "token_unreadable",
    }  # fmt: skip
    kinds = ("config_", "token_", "database_", "library_", "corpus_", "extra_")
    expected = 74 if key in reading_or_writing else 78 if key.startswith((*kinds, "backup_bad")) else 2
    assert cli.exit_code(BadInput(key)) == expected


# As a process of its own


def test_whoever_has_read_enough_hears_no_more(library: Path):
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "check", "--db", library],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "")
