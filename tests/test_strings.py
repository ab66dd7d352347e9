"""Every sentence is there, is used, and gets exactly the values that it names.

The raisers are found in the source, so that a refusal that no test provokes has its sentence, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot import strings
from bot.domain import errors
from bot.domain.errors import BadInput, NothingFound, Refused, StoryNotFound, UserFacingError
from bot.domain.story import PermissionFrom

BOT = Path(bot.__path__[0])
SOURCES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(BOT.rglob("*.py"))}
NODES = {file: list(ast.walk(tree)) for file, tree in SOURCES.items()}

FILLED_IN = {"here"}
"""What a place allows is filled in by whoever tells the person."""


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


# ----------------------------------------------------------------------------------- finding the raisers


@dataclass(frozen=True)
class Raiser:
    """A place at which a refusal is made: its key, and the names of its values (None: not known here)."""

    where: str
    key: str
    values: frozenset[str] | None


class CannotTell(Exception):
    """The key cannot be read from the source."""


def refusal_classes(trees: dict[Path, ast.Module]) -> dict[str, str]:
    """Every class of refusal by name, with the key that it has by itself ("" where it has none)."""
    known = {"UserFacingError": ""}
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, UserFacingError):
            known[name] = value.key
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in known for base in node.bases):
                known.setdefault(node.name, "")
    return known


def raisers(file: str, tree: ast.Module, classes: dict[str, str]) -> Iterator[Raiser]:
    """Every refusal that is made in one module.

    Raises:
        CannotTell: a key is neither written out nor chosen from keys that are.
    """
    caught = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes:
            if node.args and _key_of_another(node.args[0]) in caught:
                # Raised anew: whoever raised it first is judged.
                continue
            where = f"{file}:{node.lineno}"
            own = classes[node.func.id]
            keys = _keys(node.args[0], node, tree, where) if node.args else [own]
            if not all(keys):
                raise CannotTell(f"{where}: no key")
            known = all(keyword.arg for keyword in node.keywords)
            values = frozenset(keyword.arg or "" for keyword in node.keywords) if known else None
            for key in keys:
                yield Raiser(where, key, values)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in classes:
            yield Raiser(f"{file}:{node.lineno}", classes[node.exc.id], frozenset())


def _key_of_another(argument: ast.expr) -> str:
    """In ``caught.key`` the name of what was caught."""
    match argument:
        case ast.Attribute(value=ast.Name(name), attr="key"):
            return name
        case _:
            return ""


def _keys(argument: ast.expr, call: ast.AST, tree: ast.Module, where: str) -> list[str]:
    """The keys that an argument may be."""
    if isinstance(argument, ast.Name):
        found = list(_values_of(argument.id, call, tree))
        if not found:
            raise CannotTell(f"{where}: where does {argument.id} come from?")
        return found
    keys = _constants(argument)
    if not keys:
        raise CannotTell(f"{where}: {ast.unparse(argument)}")
    return keys


def _constants(node: ast.AST | None) -> list[str]:
    """The texts that an expression may be: one, or one of two."""
    match node:
        case ast.Constant(str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return [*_constants(body), *_constants(orelse)]
        case _:
            return []


def _values_of(name: str, call: ast.AST, tree: ast.Module) -> Iterator[str]:
    """What the function around a call assigns to a name, or loops over with it."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not any(node is call for node in ast.walk(function)):
            continue
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)]) if target == name:
                    yield from _constants(node.value)
                case ast.For(target=ast.Tuple(elts=targets), iter=ast.Name(id=table)):
                    place = [ast.unparse(target) for target in targets].index(name)
                    for row in _rows(table, tree):
                        yield from _constants(row.elts[place])
                case _:
                    continue


def _rows(table: str, tree: ast.Module) -> Iterator[ast.Tuple]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == table:
            assert isinstance(node.value, ast.Tuple)
            yield from (row for row in node.value.elts if isinstance(row, ast.Tuple))


CLASSES = refusal_classes(SOURCES)
RAISERS = [raiser for file, tree in SOURCES.items() for raiser in raisers(str(file.relative_to(BOT)), tree, CLASSES)]


# ---------------------------------------------------------------------------------------------- refusals


def test_every_refusal_that_is_raised_has_its_sentence():
    missing = [f"{r.where} {r.key}" for r in RAISERS if r.key not in strings.REFUSALS]
    assert missing == []


def test_every_refusal_gives_exactly_the_values_that_its_sentence_names():
    wrong = [
        f"{r.where} {r.key}: gives {sorted(r.values)}, the sentence names {sorted(named)}"
        for r in RAISERS
        if r.values is not None and r.key in strings.REFUSALS
        if (named := fields(strings.REFUSALS[r.key]) - FILLED_IN) != r.values
    ]
    assert wrong == []


def test_the_values_of_every_refusal_are_written_out_where_it_is_raised():
    assert [r.where for r in RAISERS if r.values is None] == []


def test_no_sentence_is_left_over():
    raised = {r.key for r in RAISERS}
    assert sorted(set(strings.REFUSALS) - raised) == []


def test_every_class_of_refusal_is_raised_somewhere():
    assert {r.key for r in RAISERS} >= {NothingFound.key, StoryNotFound.key}
    assert set(CLASSES) >= {cls.__name__ for cls in (UserFacingError, BadInput, Refused)}


@pytest.mark.parametrize("key", strings.REFUSALS)
def test_a_refusal_reads_as_a_sentence(key: str):
    sentence = strings.REFUSALS[key]
    told = strings.refusal(BadInput(key, **dict.fromkeys(fields(sentence) - FILLED_IN, "X")), here="Here: all.")

    assert "{" not in told
    assert "}" not in told
    assert told == told.strip()
    assert not told[0].islower()


def test_what_is_shown_wins_over_what_was_raised():
    error = StoryNotFound(name="*x*")
    assert "“*x*”" in strings.refusal(error)
    assert "“\\*x\\*”" in strings.refusal(error, name="\\*x\\*")


# ----------------------------------------------------------------------------------- why serials are paused


def pause_reasons() -> list[tuple[str, str]]:
    """Every reason for which a message cannot be posted, with the place that gives it."""
    found: list[tuple[str, str]] = []
    for file, tree in SOURCES.items():
        for node in NODES[file]:
            if isinstance(node, ast.Call) and _is(node.func, "PublishImpossible"):
                where = f"{file.relative_to(BOT)}:{node.lineno}"
                found += [(where, key) for key in _keys(node.args[0], node, tree, where)]
    return found


def test_every_reason_for_a_pause_has_its_words():
    assert [where for where, key in pause_reasons() if key not in strings.PAUSES] == []


def test_no_words_for_a_pause_are_left_over():
    assert sorted(set(strings.PAUSES) - {key for _, key in pause_reasons()}) == []


@pytest.mark.parametrize("key", strings.PAUSES)
def test_a_reason_fits_into_the_sentences_that_say_it(key: str):
    """They go on after it: “…: the channel is gone. Put that right …”."""
    reason = strings.PAUSES[key]
    assert fields(reason) == set()
    assert not reason.endswith(".")
    assert reason[0].islower() or reason.startswith(("I ", "Discord "))


# ------------------------------------------------------------------------------------- all other sentences


def _constants_of_strings() -> dict[str, object]:
    return {name: value for name, value in vars(strings).items() if name.isupper()}


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def used_names() -> set[str]:
    """Constants of ``strings`` that some module looks at."""
    used: set[str] = set()
    for file, nodes in NODES.items():
        for node in nodes:
            if isinstance(node, ast.Attribute) and _is(node.value, "strings"):
                used.add(node.attr)
            elif isinstance(node, ast.ImportFrom) and node.module == "bot.strings":
                used.update(alias.name for alias in node.names)
            elif file.parent == BOT / "strings" and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
    return used


def used_keys(name: str) -> set[str]:
    """Keys with which some module looks into a table of ``strings``, under whatever name it has there."""
    used: set[str] = set()
    for nodes in NODES.values():
        names = {f"strings.{name}"}
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module == "bot.strings":
                names.update(alias.asname or alias.name for alias in node.names if alias.name == name)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr == name:
                names.add(ast.unparse(node.targets[0]))
        for node in nodes:
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) in names:
                used.update(_constants(node.slice))
    return used


def test_no_name_stands_on_two_pages_of_sentences():
    pages = [file for file in SOURCES if file.parent == BOT / "strings"]
    named = [ast.unparse(n.targets[0]) for page in pages for n in SOURCES[page].body if isinstance(n, ast.Assign)]
    assert len(pages) > 5
    assert sorted(set(_constants_of_strings())) == sorted(named)


def test_every_constant_is_used():
    assert sorted(set(_constants_of_strings()) - used_names()) == []


@pytest.mark.parametrize("name", ["COMMANDS", "CLI", "PROBLEMS"])
def test_every_description_is_used_and_every_used_one_is_there(name: str):
    assert used_keys(name) == set(getattr(strings, name))


def test_every_kind_of_permission_has_its_words():
    assert set(strings.PERMISSION) == {source.value for source in PermissionFrom}


def formatted() -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Every ``strings.NAME.format(...)`` and ``strings.NAME["key"].format(...)`` with the names it gives."""
    for file, nodes in NODES.items():
        for node in nodes:
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr != "format" or not all(keyword.arg for keyword in node.keywords):
                continue
            given = frozenset(keyword.arg or "" for keyword in node.keywords)
            where = f"{file.relative_to(BOT)}:{node.lineno}"
            match node.func.value:
                case ast.Attribute(value=ast.Name("strings"), attr=name):
                    yield where, name, getattr(strings, name), given
                case ast.Subscript(value=table, slice=ast.Constant(str(key))):
                    name = ast.unparse(table).removeprefix("strings.")
                    entries = getattr(strings, name, None)
                    if isinstance(entries, dict):
                        yield where, f"{name}[{key}]", entries[key], given
                case _:
                    continue


def test_every_sentence_is_filled_with_exactly_what_it_names():
    wrong = [
        f"{where} {template}: gives {sorted(given)}, names {sorted(fields(sentence))}"
        for where, template, sentence, given in formatted()
        if fields(sentence) != given
    ]
    assert wrong == []


def test_discord_takes_every_description_of_a_command():
    assert [key for key, text in strings.COMMANDS.items() if not 1 <= len(text) <= 100] == []


# -------------------------------------------------------------------------- the search itself can be trusted


def found_in(source: str) -> list[tuple[str, frozenset[str] | None]]:
    return [(r.key, r.values) for r in raisers("x.py", ast.parse(source), {**CLASSES, "Odd": ""})]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("raise BadInput('a', path=1)", [("a", {"path"})]),
        ("raise NothingFound", [("nothing_found", set())]),
        ("raise StoryNotFound(name=1) from None", [("story_not_found", {"name"})]),
        ("error = UserFacingError('b')", [("b", set())]),
        ("raise Odd('c' if x else 'd', n=1)", [("c", {"n"}), ("d", {"n"})]),
        ("def f():\n k = 'e'\n if x:\n  k = 'f'\n raise Refused(k)", [("e", set()), ("f", set())]),
        (
            "T = ((1, 'g'), (2, 'h'))\ndef f():\n for n, k in T:\n  raise Refused(k)",
            [("g", set()), ("h", set())],
        ),
        ("raise ValueError('i')", []),
        ("try: f()\nexcept BadInput as e:\n raise BadInput(e.key, **e.values)", []),
    ],
)
def test_every_way_of_raising_is_seen(source: str, wanted: list[tuple[str, set[str]]]):
    assert found_in(source) == [(key, frozenset(values)) for key, values in wanted]


@pytest.mark.parametrize(
    "source", ["raise BadInput(key())", "raise BadInput", "def f(k):\n raise BadInput(k)", "raise BadInput(e.key)"]
)
def test_a_key_that_cannot_be_read_is_not_passed_over(source: str):
    if source == "raise BadInput":
        assert found_in(source) == [("", frozenset())]
    else:
        with pytest.raises(CannotTell):
            found_in(source)
