"""Runs the bot on real Discord until it is told to stop."""

from __future__ import annotations

import asyncio
import getpass
import os
import re
import signal
import sys
from contextlib import suppress
from typing import Protocol, TextIO

from bot import strings
from bot.app import App, open_app
from bot.config import Config, read_token
from bot.domain.errors import BadInput
from bot.ops import container, logs

_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}")
"""Three parts: the bot's id, a time and a signature, each in URL-safe base 64."""


class Named(Protocol):
    """A server, as far as its name goes."""

    @property
    def name(self) -> str:
        """What its members call it."""
        ...


async def run(config: Config, out: TextIO) -> int:
    """Log in and stay connected until SIGINT or SIGTERM. Returns the exit code.

    Raises:
        BadInput: there is no token, Discord does not take it or cannot be reached, or the database
            cannot be used.
    """
    token = read_token(config, os.environ) or _ask_for_token()
    if not _TOKEN.fullmatch(token):
        raise BadInput("token_malformed")
    if container.in_container() and not container.on_mounted_volume(config.database):
        raise BadInput("database_not_on_volume", path=config.database)
    logs.set_up(config.log_level, token=token)
    stop = asyncio.Event()
    _stop_on_signals(stop)
    async with open_app(config) as app:
        await app.client.log_in(token)
        _greet(app, out)
        connected = asyncio.create_task(app.client.connect())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({connected, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if stop.is_set():
            print(strings.RUN_STOPPING, file=out, flush=True)
            await app.client.close()
        with suppress(asyncio.CancelledError):
            await connected
    return 0


def _ask_for_token() -> str:
    if not sys.stdin.isatty():
        raise BadInput("token_missing")
    token = getpass.getpass(strings.RUN_ASK_TOKEN).strip()
    if not token:
        raise BadInput("token_missing")
    return token


def _greet(app: App, out: TextIO) -> None:
    """Say how to invite the bot, and once it is somewhere, what to type first."""
    client = app.client
    print(strings.RUN_INVITE.format(link=client.invite_link()), file=out, flush=True)
    told = False

    async def on_ready() -> None:
        # Discord says "ready" again after every long interruption.
        nonlocal told
        if told:
            return
        told = True
        servers = ", ".join(guild.name for guild in client.guilds)
        line = strings.RUN_READY.format(servers=servers) if servers else strings.RUN_WAITING
        print(line, file=out, flush=True)

    async def on_guild_join(guild: Named) -> None:
        print(strings.RUN_JOINED.format(server=guild.name), file=out, flush=True)

    client.add_listener(on_ready)
    client.add_listener(on_guild_join)


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows has no signal handlers in its event loop
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
