"""Settings from a TOML file and the environment; every problem is told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.errors import BadInput

DEFAULT_FILE = Path("inglenook.toml")
"""Read where no other is named, if it is there."""

LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that can be set. Without a file these are the values."""

    database: Path = Path("inglenook.db")
    """The one SQLite file. A relative path counts from the configuration file's folder."""
    token_file: Path | None = None
    """A file that holds the Discord token; INGLENOOK_TOKEN and INGLENOOK_TOKEN_FILE go first."""
    log_level: str = "info"


_KEYS = {"database": {"path"}, "discord": {"token_file"}, "log": {"level"}}


def load(path: Path | None) -> Config:
    """Read the configuration from ``path``, or from ``inglenook.toml`` where that is there.

    Raises:
        BadInput: it cannot be read, or says something that cannot be; names every problem.
    """
    if path is None:
        if not DEFAULT_FILE.exists():
            return Config()
        path = DEFAULT_FILE
    try:
        # Some editors put a byte-order mark first.
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput("config_missing", path=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("config_unreadable", path=path, reason=_reason(error)) from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, [f"not TOML: {error}"]) from error
    return _checked(path, table)


def read_token(config: Config, environment: Mapping[str, str]) -> str | None:
    """The Discord token from the environment or the file it names, or None where nobody set one.

    Raises:
        BadInput: the token file cannot be read.
    """
    if token := environment.get("INGLENOOK_TOKEN", "").strip():
        return token
    named = environment.get("INGLENOOK_TOKEN_FILE", "").strip()
    file = Path(named) if named else config.token_file
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8-sig").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("token_unreadable", path=file, reason=_reason(error)) from error


def _checked(path: Path, table: Mapping[str, Any]) -> Config:
    problems: list[str] = []
    for section, values in table.items():
        if section not in _KEYS:
            problems.append(f"[{section}] is no section; there are: {_listed(_KEYS)}")
        elif not isinstance(values, dict):
            problems.append(f"{section} is a section: write [{section}]")
        else:
            problems.extend(
                f"[{section}] {key} is no setting; there is: {_listed(_KEYS[section])}"
                for key in values
                if key not in _KEYS[section]
            )

    def text(section: str, key: str, default: str) -> str:
        values = table.get(section)
        value = values.get(key, default) if isinstance(values, dict) else default
        if isinstance(value, str):
            return value
        problems.append(f"[{section}] {key} must be text in quotes, not {value!r}")
        return default

    default = Config()
    database = text("database", "path", str(default.database))
    token_file = text("discord", "token_file", "")
    level = text("log", "level", default.log_level).lower()
    if not database:
        problems.append("[database] path is empty; name a file")
    if level not in LOG_LEVELS:
        problems.append(f"[log] level must be one of {_listed(LOG_LEVELS)}, not “{level}”")
    if problems:
        raise _bad(path, problems)
    return Config(
        database=path.parent / database,
        token_file=path.parent / token_file if token_file else None,
        log_level=level,
    )


def _bad(path: Path, problems: list[str]) -> BadInput:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return BadInput("config_bad", path=path, count=count, problems="\n".join(f"  {p}" for p in problems))


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "it is not UTF-8 text"
