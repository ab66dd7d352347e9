"""The page on importing says what the command line says, and shows what it prints."""

from __future__ import annotations

import argparse
import asyncio
import io
import re
from pathlib import Path

import pytest

from bot import cli, strings
from bot.config import Config
from bot.importing import ImportOrder, bring_in
from bot.importing.settings import SETTINGS
from bot.services.report import as_json, report_of
from tests.support.builders import manuscript

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")


def options(command: str) -> list[tuple[str, str]]:
    """Every argument of a subcommand as its help calls it, with what that says of it."""
    (commands,) = (a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction))
    found: list[tuple[str, str]] = []
    for action in commands.choices[command]._actions:
        if action.dest == "help":
            continue
        value = "\\|".join(action.choices) if action.choices else action.metavar or ""
        found.append((" ".join(filter(None, [*action.option_strings[:1], str(value)])), str(action.help)))
    return found


@pytest.mark.parametrize("command", ["import", "export"])
def test_every_option_is_described_in_the_words_of_its_help(command: str):
    section = PAGE.partition("inglenook import`\n" if command == "import" else "## Write a story out again\n")[2]
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", section.partition("\n## ")[0], re.MULTILINE)
    assert len(rows) > 5
    assert rows == options(command)


def test_the_report_that_the_page_shows_is_what_is_printed_of_the_file_that_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (shown,) = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (report,) = re.findall(r"^```report\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("lamp.txt").write_text(shown, encoding="utf-8")
    out = io.StringIO()
    order = ImportOrder(paths=[Path("lamp.txt")], dry_run=True)
    assert asyncio.run(bring_in(Config(database=tmp_path / "x.db"), order, out)) == 0
    assert out.getvalue() == report


def test_every_key_of_the_json_is_named():
    for key in as_json(report_of(manuscript(["A line."]), file="x", form="text")):
        assert f"`{key}`" in PAGE


def test_every_key_of_set_is_named_in_the_help():
    named = set(re.findall(r"[a-z-]+", strings.CLI["set"].partition("KEY is ")[2]))
    assert set(SETTINGS) - {"authors"} <= named
    assert "`authors`" in PAGE


def test_the_help_gives_every_meaning_of_the_words_of_consent():
    for words in (*strings.REPORT_CONSENT, *strings.REPORT_COVERS):
        assert words in strings.CLI["set"]
