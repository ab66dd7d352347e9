"""The YAML front matter of a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple, NoReturn

import yaml

from bot.domain.errors import BadInput
from bot.domain.story import Permission, PermissionFor, PermissionFrom
from bot.domain.text import display_form
from bot.ingest.header import language_named
from bot.ingest.metadata import Metadata
from bot.ingest.ratings import rating_in

MAX_LENGTH = 16 * 1024
"""The longest front matter that is read, in code points."""

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_FIRST_KEY = re.compile(r"(?:[ \t]*(?:#.*)?\n)*[A-Za-z][\w -]*:(?:\s|$)")

_Value = str | list[str] | dict[str, str]


class PlainLoader(yaml.BaseLoader):
    """Reads every scalar as it stands: a chapter named "No" or "1984" is a name.

    ``BaseLoader`` builds nothing but strings, lists and mappings, so it is safe with any file.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """As YAML does it, but without aliases: a few lines of them can fill a memory."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=self.peek_event().start_mark)
        return super().compose_node(parent, index)


class Unknown(NamedTuple):
    """A key of which nothing is known, such as a blog's ``tags:``."""

    key: str
    line: int
    value: str


class FrontMatter(NamedTuple):
    """What stands above a Markdown file's text, and the rest."""

    metadata: Metadata
    body: str
    lines: int
    """How many lines were taken off."""
    unknown: tuple[Unknown, ...] = ()


def split_front_matter(text: str, file: str) -> FrontMatter:
    """Take the front matter off a file's text.

    Returns:
        What it says and the rest of the text. A file that only begins with a rule has none.

    Raises:
        BadInput: it does not end, is too long, is no plain YAML, or has a value that cannot be used.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter(Metadata(), text, 0)
    closing = _CLOSING.search(text, opening.end(), opening.end() + MAX_LENGTH)
    if not _FIRST_KEY.match(text, opening.end()) and (closing is None or text[opening.end() : closing.start()].strip()):
        return FrontMatter(Metadata(), text, 0)
    if closing is None:
        key = "front_matter_too_long" if _CLOSING.search(text, opening.end()) else "front_matter_open"
        raise BadInput(key, file=file, limit=MAX_LENGTH // 1024)
    body = text[opening.end() : closing.start()]
    rest = text[closing.end() :]
    reader = _Reader(file, body)
    return FrontMatter(reader.metadata(), rest, text.count("\n", 0, closing.end()), tuple(reader.unknown))


class _Reader:
    """Reads one front matter, knowing file and line of whatever is wrong with it."""

    def __init__(self, file: str, body: str) -> None:
        self._file = file
        self._body = body
        self._lines: dict[str, int] = {}
        self.unknown: list[Unknown] = []

    def metadata(self) -> Metadata:
        metadata = Metadata()
        for key, value in self._load().items():
            field, read = _FIELDS.get(key.strip().casefold(), (None, None))
            if field is None or read is None:
                self.unknown.append(Unknown(key, self._lines[key], _shown(value)))
                continue
            if value in ("", "~", "null"):
                continue
            try:
                setattr(metadata, field, read(value))
            except _Unreadable as wrong:
                raise BadInput(
                    "front_matter_value",
                    file=self._file,
                    line=self._lines[key],
                    key=key,
                    value=_shown(value),
                    expected=wrong.expected,
                ) from None
        return metadata

    def _load(self) -> Mapping[str, _Value]:
        try:
            loader = PlainLoader(self._body)
            try:
                node = loader.get_single_node()
            finally:
                loader.dispose()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._refuse(mark.line if mark else 0)
        except (yaml.YAMLError, RecursionError):
            # Deep nesting; nothing in front matter nests more than once.
            self._refuse(0)
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self._refuse(node.start_mark.line)
        found: dict[str, _Value] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line
            if not isinstance(key_node, yaml.ScalarNode) or key_node.value in found:
                self._refuse(line)
            self._lines[key_node.value] = line + 2
            known = key_node.value.strip().casefold() in _FIELDS
            found[key_node.value] = self._value(value_node) if known else self._any(value_node)
        return found

    def _value(self, node: yaml.Node) -> _Value:
        """A scalar, a list of scalars or a mapping of scalars; anything else is refused."""
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self._scalar(item) for item in node.value]
        if isinstance(node, yaml.MappingNode):
            return {self._scalar(key): self._scalar(value) for key, value in node.value}
        return self._refuse(node.start_mark.line)

    def _any(self, node: yaml.Node) -> str:
        """What a key of somebody else's says, as it stands there."""
        return " ".join(self._body[node.start_mark.index : node.end_mark.index].split())

    def _scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._refuse(node.start_mark.line)
        return display_form(node.value).strip()

    def _refuse(self, line: int) -> NoReturn:
        """Refuse the whole; ``line`` counts from 0 within the body, whose first line is the file's second."""
        raise BadInput("front_matter_yaml", file=self._file, line=line + 2)


class _Unreadable(Exception):
    """A value that is not what its key wants; says what would be."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def _shown(value: _Value) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(value) if isinstance(value, list) else ", ".join(f"{k}: {v}" for k, v in value.items())


def _text(value: _Value) -> str:
    if not isinstance(value, str):
        raise _Unreadable("a line of text")
    return " ".join(value.split())


def _names(value: _Value) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if isinstance(value, dict):
        raise _Unreadable("a list")
    return tuple(name for name in (" ".join(item.split()) for item in value) if name)


def _rating(value: _Value):
    rating = rating_in(", ".join(value) if isinstance(value, list) else value) if not isinstance(value, dict) else None
    if rating is None:
        raise _Unreadable("general, teen, mature, explicit or unrated")
    return rating


def _number(value: _Value) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,4}", value):
        raise _Unreadable("a number from 0 to 9999")
    return int(value)


def _date(value: _Value) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10] if value[10:11] in ("T", " ") else value)
        except ValueError:
            pass
    raise _Unreadable("a date such as 1944-10-27")


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def _language(value: _Value) -> str:
    if isinstance(value, str) and (named := language_named(value)):
        return named
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise _Unreadable("a language tag such as en or pt-BR")
    return value


_SOURCES = {source.value: source for source in PermissionFrom} | {"license": PermissionFrom.LICENCE}
_EXPECTED_PERMISSION = (
    "author, licence, public domain or unknown; or the two fields from: (one of these) and for: (excerpts or full text)"
)


def _permission(value: _Value) -> Permission:
    """``permission: author`` means the author's word for the full text; ``unknown`` covers nothing more."""
    if isinstance(value, str):
        value = {"from": value}
    if not isinstance(value, dict) or value.keys() - {"from", "for"} or "from" not in value:
        raise _Unreadable(_EXPECTED_PERMISSION)
    try:
        source = _SOURCES[value["from"].casefold()]
        if "for" in value:
            return Permission(source, PermissionFor(value["for"].casefold()))
    except (KeyError, ValueError):
        raise _Unreadable(_EXPECTED_PERMISSION) from None
    known = source is not PermissionFrom.UNKNOWN
    return Permission(source, PermissionFor.FULL_TEXT if known else PermissionFor.EXCERPTS)


_FIELDS: dict[str, tuple[str, Callable[[_Value], object]]] = {
    "title": ("title", _text),
    "author": ("authors", _names),
    "authors": ("authors", _names),
    "rating": ("rating", _rating),
    "warnings": ("warnings", _names),
    "language": ("language", _language),
    "lang": ("language", _language),
    "summary": ("summary", _text),
    "source": ("source", _text),
    "permission": ("permission", _permission),
    "chapter": ("chapter", _number),
    "date": ("chapter_date", _date),
}
