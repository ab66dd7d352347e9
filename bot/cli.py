"""The subcommands: arguments in, exit codes out."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot import config as settings
from bot import importing, maintenance, strings
from bot.config import Config
from bot.domain.errors import UserFacingError
from bot.ops import logs

USAGE, CONFIGURATION, INPUT_OUTPUT, SOFTWARE, INTERRUPTED = 2, 78, 74, 70, 130
"""Exit codes: argparse's own, those of BSD's sysexits.h, and 128 + SIGINT."""

_INPUT_OUTPUT_KEYS = {
    "backup_failed",
    "export_failed",
    "database_locked",
    "database_read_only",
    "database_unopenable",
    "discord_unreachable",
    "disk_failed",
    "port_in_use",
    "token_unreadable",
}
_CONFIGURATION_PREFIXES = ("config_", "database_", "token_", "library_", "corpus_", "extra_", "backup_bad")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code. No traceback reaches a person unasked."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except UserFacingError as error:
        print(strings.refusal(error), file=sys.stderr)
        code, cause = exit_code(error), error
        if options.run is _check and code == USAGE:
            # What was asked for was right, and what was found is not.
            code = CONFIGURATION
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has had enough of it; the interpreter must not try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 (the last place where a person can be spared a traceback)
        print(strings.CLI_INCIDENT.format(error=f"{type(error).__name__}: {error}"), file=sys.stderr)
        code, cause = SOFTWARE, error
    if options.verbose:
        traceback.print_exception(cause)
    return code


def exit_code(error: UserFacingError) -> int:
    """74 where reading, writing or the network failed, 78 for what is set wrongly, 2 for the rest."""
    if error.key in _INPUT_OUTPUT_KEYS:
        return INPUT_OUTPUT
    return CONFIGURATION if error.key.startswith(_CONFIGURATION_PREFIXES) else USAGE


def _parser() -> argparse.ArgumentParser:
    text = strings.CLI
    common = _common(text["verbose"])
    database = argparse.ArgumentParser(add_help=False)
    database.add_argument("--db", type=Path, metavar="PATH", help=text["db"])
    stage = argparse.ArgumentParser(add_help=False)
    stage.add_argument("--db", type=Path, metavar="PATH", help=text["db_stage"])

    parser = argparse.ArgumentParser(prog="inglenook", description=text["description"])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", parents=[common, database], help=text["run"])
    run.set_defaults(run=_run)

    tried = commands.add_parser("try", parents=[common, stage], help=text["try"])
    tried.add_argument("steps", nargs="*", metavar="STEP", help=text["steps"])
    tried.add_argument("--as", dest="actor", default="reader", metavar="WHO", help=text["as"])
    tried.add_argument("--channel", default="talk", metavar="NAME", help=text["channel_try"])
    tried.add_argument("--json", action="store_true", help=text["json"])
    tried.set_defaults(run=_try)

    preview = commands.add_parser("preview", parents=[common, stage], help=text["preview"])
    preview.add_argument("--channel", default="chapters", metavar="NAME", help=text["channel_preview"])
    preview.add_argument("--port", type=_port, default=0, metavar="N", help=text["port"])
    preview.set_defaults(run=_preview)

    imported = commands.add_parser("import", parents=[_common(text["import_verbose"]), database], help=text["import"])
    imported.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=text["paths"])
    imported.add_argument("--dry-run", action="store_true", help=text["dry_run"])
    imported.add_argument("--allow-shrink", action="store_true", help=text["allow_shrink"])
    imported.add_argument("--json", action="store_true", help=text["import_json"])
    imported.add_argument("--lines", action="store_true", help=text["lines"])
    imported.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=text["set"])
    imported.add_argument("--forget", action="append", default=[], metavar="KEY", help=text["forget"])
    imported.add_argument("--title", metavar="TITLE", help=text["title"])
    imported.add_argument("--author", metavar="NAME", help=text["author"])
    imported.add_argument("--story", metavar="SLUG", help=text["story"])
    imported.add_argument("--chapter", type=int, metavar="N", help=text["chapter"])
    imported.add_argument("--break", dest="breaks", action="append", default=[], metavar="LINE", help=text["break"])
    imported.add_argument("--join", dest="joins", action="append", default=[], metavar="LINE", help=text["join"])
    imported.set_defaults(run=_import)

    check = commands.add_parser("check", parents=[common, database], help=text["check"])
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=text["check_paths"])
    check.set_defaults(run=_check)

    backup = commands.add_parser("backup", parents=[common, database], help=text["backup"])
    backup.add_argument("path", type=Path, metavar="PATH", help=text["backup_path"])
    backup.set_defaults(run=_backup)

    exported = commands.add_parser("export", parents=[common, database], help=text["export"])
    exported.add_argument("story", metavar="STORY", help=text["export_story"])
    exported.add_argument("--format", choices=("markdown", "text"), default="markdown", help=text["export_format"])
    exported.add_argument("--to", type=Path, metavar="PATH", help=text["export_to"])
    exported.add_argument("--server", type=int, metavar="ID", help=text["export_server"])
    exported.add_argument("--force", action="store_true", help=text["export_force"])
    exported.set_defaults(run=_export)

    finding = commands.add_parser("find", parents=[common, database], help=text["find"])
    finding.add_argument("words", nargs="+", metavar="WORDS", help=text["find_words"])
    finding.add_argument("--story", metavar="SLUG", help=text["find_story"])
    finding.add_argument("--limit", type=_limit, default=5, metavar="N", help=text["find_limit"])
    finding.add_argument("--json", action="store_true", help=text["find_json"])
    finding.set_defaults(run=_find)
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(strings.CLI_BAD_PORT.format(port=text))
    return number


def _limit(text: str) -> int:
    from bot.finding import MOST

    number = int(text)
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(strings.CLI_BAD_LIMIT.format(limit=text, most=MOST))
    return number


def _common(verbose: str) -> argparse.ArgumentParser:
    """Options of every command; ``verbose`` says what that one does."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, metavar="PATH", help=strings.CLI["config"])
    common.add_argument("--verbose", action="store_true", help=verbose)
    return common


def _config(options: argparse.Namespace) -> Config:
    config = settings.load(options.config)
    return replace(config, database=options.db) if options.db is not None else config


def _run(options: argparse.Namespace) -> int:
    from bot import running

    return asyncio.run(running.run(_config(options), sys.stdout))


def _try(options: argparse.Namespace) -> int:
    _config(options)
    _quiet(options)
    from bot.stage.tryout import run_try

    return asyncio.run(
        run_try(
            options.steps,
            actor=options.actor,
            channel=options.channel,
            as_json=options.json,
            database=options.db,
            out=sys.stdout,
        )
    )


def _preview(options: argparse.Namespace) -> int:
    _config(options)
    _quiet(options)
    from bot.stage.preview import run_preview

    return asyncio.run(run_preview(channel=options.channel, port=options.port, database=options.db, out=sys.stdout))


def _import(options: argparse.Namespace) -> int:
    config = _config(options)
    # --verbose asks for a longer report here, not for a log.
    logs.set_up("error")
    shorthands = (("title", options.title), ("author", options.author))
    order = importing.ImportOrder(
        paths=options.paths,
        settings=[*options.set, *(f"{key}={value}" for key, value in shorthands if value is not None)],
        forget=options.forget,
        story=options.story,
        chapter=options.chapter,
        breaks=options.breaks,
        joins=options.joins,
        dry_run=options.dry_run,
        as_json=options.json,
        lines=options.lines,
        verbose=options.verbose,
        allow_shrink=options.allow_shrink,
    )
    return asyncio.run(importing.bring_in(config, order, sys.stdout))


def _check(options: argparse.Namespace) -> int:
    config = _config(options)
    maintenance.check(config, options.config, options.paths, sys.stdout)
    return 0


def _backup(options: argparse.Namespace) -> int:
    config = _config(options)
    maintenance.back_up(config, options.path, sys.stdout)
    return 0


def _export(options: argparse.Namespace) -> int:
    from bot.exporting import export

    config = _config(options)
    _quiet(options)
    asyncio.run(
        export(
            config,
            options.story,
            sys.stdout,
            form=options.format,
            to=options.to,
            server=options.server,
            force=options.force,
        )
    )
    return 0


def _find(options: argparse.Namespace) -> int:
    from bot.finding import find

    config = _config(options)
    _quiet(options)
    words = " ".join(options.words)
    return asyncio.run(find(config, words, sys.stdout, story=options.story, limit=options.limit, as_json=options.json))


def _quiet(options: argparse.Namespace) -> None:
    """On a terminal the person reads answers, not a log, unless they ask for it."""
    logs.set_up("debug" if options.verbose else "error")
