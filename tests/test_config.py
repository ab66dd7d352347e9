"""Settings: the example, every problem at once, and a token that shows up nowhere."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from bot import strings
from bot.config import DEFAULT_FILE, LOG_LEVELS, Config, load, read_token
from bot.domain.errors import BadInput
from bot.ops import logs

EXAMPLE = Path(__file__).resolve().parents[1] / "config.example.toml"
TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding=encoding)
    return file


def problems(folder: Path, text: str) -> str:
    """What the person reads about a configuration that cannot be used."""
    with pytest.raises(BadInput) as refused:
        load(written(folder, text))
    assert refused.value.key == "config_bad"
    return strings.refusal(refused.value)


# ------------------------------------------------------------------------------------------ the example


def test_the_example_says_what_holds_without_it():
    assert load(EXAMPLE) == Config(database=EXAMPLE.parent / Config().database)


def test_the_example_names_every_setting_there_is():
    named = [key for section in tomllib.loads(EXAMPLE.read_text("utf-8")).values() for key in section]
    assert len(named) == len(fields(Config))


def test_every_setting_of_the_example_can_be_changed(tmp_path: Path):
    text = EXAMPLE.read_text("utf-8")
    for old, new in (
        ("inglenook.db", "other.db"),
        ('token_file = ""', 'token_file = "secret"'),
        ('"info"', '"debug"'),
    ):
        assert old in text
        text = text.replace(old, new)

    assert load(written(tmp_path, text)) == Config(
        database=tmp_path / "other.db", token_file=tmp_path / "secret", log_level="debug"
    )


# --------------------------------------------------------------------------------------------- loading


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert load(None) == Config()


def test_the_file_of_the_usual_name_is_read_if_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    DEFAULT_FILE.write_text('[log]\nlevel = "error"\n')
    assert load(None).log_level == "error"


def test_an_empty_file_says_nothing(tmp_path: Path):
    assert load(written(tmp_path, "")) == Config(database=tmp_path / Config().database)


def test_paths_count_from_the_files_folder_unless_they_are_whole(tmp_path: Path):
    found = load(written(tmp_path, '[database]\npath = "deep/a.db"\n[discord]\ntoken_file = "/run/secrets/token"\n'))

    assert found.database == tmp_path / "deep" / "a.db"
    assert found.token_file == Path("/run/secrets/token")


@pytest.mark.parametrize("level", LOG_LEVELS)
def test_every_level_can_be_set_in_whatever_case(tmp_path: Path, level: str):
    assert load(written(tmp_path, f'[log]\nlevel = "{level.upper()}"')).log_level == level
    assert isinstance(logging.getLevelName(level.upper()), int), "logging knows it"


def test_a_file_from_windows_is_read(tmp_path: Path):
    """Its editor puts a byte-order mark first."""
    assert load(written(tmp_path, '[log]\r\nlevel = "debug"\r\n', encoding="utf-8-sig")).log_level == "debug"


# ------------------------------------------------------------------------------------------- bad input


def test_every_problem_is_told_at_once(tmp_path: Path):
    told = problems(
        tmp_path,
        """
        verbose = true
        [database]
        path = 3
        pth = "a.db"
        [discord]
        token = "abc"
        [log]
        level = "loud"
        [colours]
        sky = "blue"
        """,
    )
    assert "has 6 problems" in told
    for wanted in (
        "[verbose]",
        "[database] path",
        "[database] pth",
        "[discord] token",
        "“loud”",
        "[colours]",
    ):
        assert any(wanted in line for line in told.splitlines()), wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[database]\npath = 3", "[database] path must be text in quotes, not 3"),
        ("[database]\npath = ''", "[database] path is empty; name a file"),
        ("[discord]\ntoken_file = ['a']", "[discord] token_file must be text in quotes, not ['a']"),
        ("[log]\nlevel = 'loud'", "[log] level must be one of debug, error, info, warning, not “loud”"),
        ("[log]\nlevel = true", "[log] level must be text in quotes, not True"),
        ("[log]\nlevle = 'info'", "[log] levle is no setting; there is: level"),
        ("log = 'info'", "log is a section: write [log]"),
        ("[lgo]\nlevel = 'info'", "[lgo] is no section; there are: database, discord, log"),
        ("[[log]]\nlevel = 'info'", "log is a section: write [log]"),
    ],
)
def test_a_single_problem_is_named_with_the_way_out(tmp_path: Path, text: str, wanted: str):
    told = problems(tmp_path, text)

    assert "has 1 problem:" in told
    assert told.splitlines()[1:] == [f"  {wanted}"]
    assert str(tmp_path / "mine.toml") in told


@pytest.mark.parametrize("text", ["[log", "level = ", "[log]\nlevel = 'info'\nlevel = 'debug'", "\x00"])
def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path, text: str):
    told = problems(tmp_path, f"{text}\n# and so on\n")
    assert "not TOML" in told
    assert "line" in told


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(BadInput) as refused:
        load(tmp_path / "none.toml")
    assert refused.value.key == "config_missing"
    assert str(tmp_path / "none.toml") in strings.refusal(refused.value)


def test_a_file_that_cannot_be_read(tmp_path: Path):
    (tmp_path / "bytes.toml").write_bytes(b'[log]\nlevel = "\xff\xfe"')
    for path, reason in ((tmp_path, "Is a directory"), (tmp_path / "bytes.toml", "it is not UTF-8 text")):
        with pytest.raises(BadInput) as refused:
            load(path)
        assert refused.value.key == "config_unreadable"
        assert reason in strings.refusal(refused.value)


# --------------------------------------------------------------------------------------------- the token


def test_the_token_is_taken_from_the_environment_first(tmp_path: Path):
    named, configured = tmp_path / "named", tmp_path / "configured"
    named.write_text("from the named file")
    configured.write_text("from the configured file")
    config = Config(token_file=configured)
    environment = {"INGLENOOK_TOKEN": "from the environment", "INGLENOOK_TOKEN_FILE": str(named)}

    assert read_token(config, environment) == "from the environment"
    del environment["INGLENOOK_TOKEN"]
    assert read_token(config, environment) == "from the named file"
    del environment["INGLENOOK_TOKEN_FILE"]
    assert read_token(config, environment) == "from the configured file"


def test_where_nobody_set_a_token_there_is_none(tmp_path: Path):
    (tmp_path / "empty").write_text("\n")

    assert read_token(Config(), {}) is None
    assert read_token(Config(), {"INGLENOOK_TOKEN": "  ", "INGLENOOK_TOKEN_FILE": ""}) is None
    assert read_token(Config(token_file=tmp_path / "empty"), {}) is None


@pytest.mark.parametrize("written_as", [TOKEN, f"{TOKEN}\n", f"  {TOKEN}\r\n", f"\ufeff{TOKEN}\r\n"])
def test_what_an_editor_put_around_the_token_is_left_out(tmp_path: Path, written_as: str):
    (tmp_path / "token").write_text(written_as, encoding="utf-8")
    assert read_token(Config(token_file=tmp_path / "token"), {}) == TOKEN


def test_a_token_file_that_cannot_be_read_is_named_and_its_content_is_not(tmp_path: Path):
    (tmp_path / "bytes").write_bytes(TOKEN.encode() + b"\xff")
    for file in (tmp_path / "none", tmp_path, tmp_path / "bytes"):
        with pytest.raises(BadInput) as refused:
            read_token(Config(), {"INGLENOOK_TOKEN_FILE": str(file)})
        told = strings.refusal(refused.value)
        assert refused.value.key == "token_unreadable"
        assert str(file) in told
        assert TOKEN not in told


def test_the_configuration_never_holds_the_token(tmp_path: Path):
    (tmp_path / "token").write_text(TOKEN)
    config = load(written(tmp_path, '[discord]\ntoken_file = "token"\n'))

    assert read_token(config, {}) == TOKEN
    assert TOKEN not in repr(config)


def test_a_token_written_into_the_configuration_is_not_repeated(tmp_path: Path):
    assert TOKEN not in problems(tmp_path, f'[discord]\ntoken = "{TOKEN}"\n')


# --------------------------------------------------------------------------------------------------- log


class Log:
    """What was written to standard error since the last look."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def read(self) -> str:
        return self._capsys.readouterr().err


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Log]:
    """The log, with the loggers put back afterwards as they were."""
    loggers = [logging.getLogger(name) for name in ("", "discord", "discord.client")]
    before = [(logger.handlers[:], logger.level, logger.filters[:]) for logger in loggers]
    yield Log(capsys)
    for logger, (handlers, level, filters) in zip(loggers, before, strict=True):
        logger.handlers[:], logger.filters[:] = handlers, filters
        logger.setLevel(level)


def test_the_token_is_blotted_out_of_the_log(log: Log):
    logs.set_up("debug", token=TOKEN)
    logger = logging.getLogger("bot.test")
    logger.info("logging in with %s", TOKEN)
    logger.info("header %r", {"Authorization": f"Bot {TOKEN}"})
    try:
        raise RuntimeError(f"bad header: {TOKEN}")
    except RuntimeError:
        logger.exception("it failed")

    text = log.read()
    assert TOKEN not in text
    assert text.count("[token]") == 3
    assert "RuntimeError" in text


def test_the_log_says_what_its_level_allows(log: Log):
    logs.set_up("warning", token=None)
    logging.getLogger("bot.test").info("quiet")
    logging.getLogger("bot.test").warning("loud")

    text = log.read()
    assert "quiet" not in text
    assert "loud" in text


def test_discords_heartbeats_do_not_fill_a_debug_log(log: Log):
    logs.set_up("debug", token=None)
    logging.getLogger("discord.gateway").debug("heartbeat")
    logging.getLogger("bot.test").debug("ours")

    text = log.read()
    assert "heartbeat" not in text
    assert "ours" in text
