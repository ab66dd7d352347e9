from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest

from bot.ops import logs

TOKEN = "MTIzNDU2.made.up"
LOGGERS = ("", "discord", "discord.client")


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.level, logger.handlers[:], logger.filters[:]) for logger in loggers]
    yield
    for logger, (level, handlers, filters) in zip(loggers, before, strict=True):
        logger.setLevel(level)
        logger.handlers[:] = handlers
        logger.filters[:] = filters


def test_the_log_goes_to_standard_error_with_time_level_and_place(capsys: pytest.CaptureFixture[str]):
    logs.set_up("info")
    logging.getLogger("bot.services.drops").warning("drop %s is paused: %s", 7, "channel_gone")
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARNING bot\.services\.drops: drop 7 is paused: channel_gone\n", err
    )


@pytest.mark.parametrize(("level", "told"), [("debug", "diwe"), ("info", "iwe"), ("warning", "we"), ("error", "e")])
def test_what_is_told_at_each_level(capsys: pytest.CaptureFixture[str], level: str, told: str):
    logs.set_up(level)
    log = logging.getLogger("bot.app")
    for write, word in ((log.debug, "d"), (log.info, "i"), (log.warning, "w"), (log.error, "e")):
        write(word)
    assert "".join(line[-1] for line in capsys.readouterr().err.splitlines()) == told


def test_a_second_set_up_takes_the_place_of_the_first(capsys: pytest.CaptureFixture[str]):
    logs.set_up("debug")
    logs.set_up("error")
    logging.getLogger("bot.app").error("once")
    logging.getLogger("bot.app").info("never")
    assert capsys.readouterr().err.count("\n") == 1
    assert len(logging.getLogger("discord.client").filters) <= 1


def test_the_token_never_gets_into_the_log(capsys: pytest.CaptureFixture[str]):
    logs.set_up("debug", token=TOKEN)
    log = logging.getLogger("discord.http")
    log.warning("sent %s", {"Authorization": f"Bot {TOKEN}"})
    try:
        raise RuntimeError(f"refused: {TOKEN}")
    except RuntimeError:
        log.exception("failed with %s", TOKEN)
    err = capsys.readouterr().err
    assert TOKEN not in err
    assert err.count("[token]") == 3
    assert "RuntimeError: refused: [token]" in err


def test_heartbeats_and_the_lack_of_voice_are_not_told(capsys: pytest.CaptureFixture[str]):
    logs.set_up("debug")
    logging.getLogger("discord.gateway").debug("Keeping shard alive with heartbeat.")
    logging.getLogger("discord.client").warning("PyNaCl is not installed, voice will NOT be supported")
    logging.getLogger("discord.client").warning("logging in")
    assert [line.rsplit(": ")[-1] for line in capsys.readouterr().err.splitlines()] == ["logging in"]
