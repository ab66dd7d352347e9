"""What stands around the code is kept true: the README's commands, the documents, the packaging."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot.app import open_app
from bot.config import Config
from bot.discord_ui.cogs import load_cogs
from bot.domain.story import Rating
from bot.ingest.reading import read
from bot.storage import migrate

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "corpus").glob("*.md")])

IMPORT_NAMES = {
    "discord.py": "discord",
    "charset-normalizer": "charset_normalizer",
    "markdown-it-py": "markdown_it",
    "pyyaml": "yaml",
}
"""Distributions whose package has another name."""


def readme_command(name: str) -> list[str]:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"<!-- {name} -->\s*```\w*\n(.*?)```\s*<!-- /{name} -->", readme, re.DOTALL)
    assert len(blocks) == 1, f"README.md should show one {name} between its marks"
    return blocks[0].splitlines()


def test_the_readme_gives_the_test_command_on_one_line():
    assert readme_command("test-command") == [
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest -n auto"
    ]


def test_the_readme_gives_the_preview_command_on_one_line():
    assert readme_command("preview-command") == [
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[preview]' && .venv/bin/inglenook preview"
    ]


def test_the_check_script_takes_the_test_command_from_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    function = re.search(r"^readme_test_command\(\) \{\n.*?^\}\n", script, re.MULTILINE | re.DOTALL)
    assert function is not None
    found = subprocess.run(
        ["bash", "-c", function[0] + "readme_test_command"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.splitlines() == readme_command("test-command")


def test_the_example_configuration_is_toml():
    assert tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))


def test_the_format_page_shows_a_story_that_imports_without_a_problem(tmp_path: Path):
    page = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    _, about, markdown, plain = re.findall(r"^```\w*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    folder = tmp_path / "the-salt-door"
    folder.mkdir()
    for name, text in (("story.md", about), ("02-nine.md", markdown), ("03-tube.txt", plain)):
        (folder / name).write_text(text, encoding="utf-8")

    (story,) = read(folder)

    assert story.problems == ()
    assert (story.slug, story.rating) == ("the-salt-door", Rating.TEEN)
    assert [(c.number, c.title, len(c.scenes)) for c in story.chapters] == [
        (2, "Nine for Breakage", 2),
        (3, "What the Tube Said", 1),
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_project_lead_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, f"{page.name} links to {target}"


def slug(heading: str) -> str:
    """A heading's anchor, as Git hosting sites make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_changelog_begins_with_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["project"]["version"]


def test_the_hosting_page_asks_for_the_least_permissions():
    # View channels, send messages, embed links, attach files, read history, add reactions,
    # create public threads, send in threads.
    least = sum(1 << bit for bit in (10, 11, 14, 15, 16, 6, 35, 38))
    assert f"permissions={least}" in (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")


def test_every_dependency_is_kept_out_of_the_domain_unless_it_was_let_in():
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    domain = next(c for c in contracts if c["name"].startswith("domain:"))
    let_in = {"regex"}
    for requirement in PROJECT["project"]["dependencies"]:
        name = re.split(r"[<>=;\s]", requirement)[0].lower()
        assert IMPORT_NAMES.get(name, name) in {*domain["forbidden_modules"], *let_in}


@pytest.mark.parametrize("file", sorted((ROOT / "bot" / "storage").glob("*.py")), ids=lambda file: file.name)
def test_sql_takes_values_as_parameters(file: Path):
    """Fragments may be joined into constants; where a statement is run, nothing is pasted into it."""
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or not call.args:
            continue
        if call.func.attr not in {"all", "one", "run", "many", "execute", "executemany", "executescript"}:
            continue
        sql = call.args[0]
        pasted = isinstance(sql, ast.JoinedStr | ast.BinOp) or (
            isinstance(sql, ast.Call) and isinstance(sql.func, ast.Attribute) and sql.func.attr == "format"
        )
        # A PRAGMA takes no parameters; what is pasted there are our own numbers.
        assert not pasted or ast.unparse(sql).startswith("f'PRAGMA "), f"{file.name}:{call.lineno}"


def test_the_migrations_are_part_of_the_package():
    assert len(migrate.migrations()) == len(list((ROOT / "bot" / "storage" / "migrations").glob("*.sql")))


async def test_every_command_is_described_in_the_docs(tmp_path: Path):
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    async with open_app(Config(database=tmp_path / "inglenook.db")) as app:
        await load_cogs(app.client)
        commands = [
            command for command in app.client.tree.walk_commands() if not isinstance(command, app_commands.Group)
        ]
        menus = app.client.tree.get_commands(type=discord.AppCommandType.message)
    assert len(commands) >= 8
    for command in commands:
        options = "".join(
            f" {option.name}" if option.required else f" [{option.name}]" for option in command.parameters
        )
        assert f"`/{command.qualified_name}{options}`" in page
    for menu in menus:
        assert f"Message menu: {menu.name}" in page
