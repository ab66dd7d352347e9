"""What SimCord lacks and the bot relies on, added while a world stands.

Age-restricted channels, nonces, calls that were carried out although they failed, missed events, a
clock that starts where we say, and less waiting. Each reaches into SimCord; where a new version has
changed there, ``StageBroken`` says so.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatch
from functools import partial
from types import ModuleType
from typing import Any

NONCE_WINDOW = timedelta(minutes=3)
"""How long a nonce is remembered. Discord says "the past few minutes"."""

_LOOK_AGAIN = 0.003
"""Seconds between two looks whether the bot is done."""


class StageBroken(Exception):
    """This version of SimCord is not the one that the stage was built on; the message says where."""

    def __init__(self, what: str) -> None:
        super().__init__(f"SimCord works differently from the version that this stage was built on (3.2): {what}.")


@dataclass(frozen=True, slots=True)
class Internals:
    """The parts of SimCord that are wrapped; ``world`` hands them over, which alone imports SimCord."""

    serializers: ModuleType
    router: ModuleType
    message_routes: ModuleType
    backend_error: Callable[[int, int, str], Exception]


@dataclass(slots=True)
class _LateFault:
    """A call that is carried out and then fails."""

    method: str
    path: str
    error: Exception
    times: int | None


@dataclass(slots=True)
class _Nonce:
    message_id: int
    at: datetime


class Gaps:
    """What is added to one environment of SimCord's."""

    def __init__(self, env: Any, internals: Internals) -> None:
        self._env = env
        self._internals = internals
        self._restricted: set[int] = set()
        self._posted: dict[tuple[int, str], _Nonce] = {}
        self._late: list[_LateFault] = []

    @contextmanager
    def filled(self, start: datetime) -> Iterator[None]:
        """Add everything, and let time begin at ``start``; at the end SimCord is as it was."""
        self._set_clock(start)
        self._hurry()
        with ExitStack() as added:
            added.enter_context(self._age_restriction())
            added.enter_context(self._nonces())
            added.enter_context(self._late_faults())
            yield

    def is_restricted(self, channel_id: int) -> bool:
        """Whether a channel has been made age-restricted."""
        return channel_id in self._restricted

    def restrict(self, channel_id: int, restricted: bool = True) -> None:
        """Make a channel age-restricted, or open it again; threads inherit it."""
        (self._restricted.add if restricted else self._restricted.discard)(channel_id)
        self._env.backend.announce_channel_update(channel_id)

    def fail_late(self, method: str, path: str, error: Exception | None = None, *, times: int | None = 1) -> None:
        """Let matching calls be carried out and then fail, as when the answer gets lost.

        ``path`` is an fnmatch pattern like ``/channels/*/messages``. The failure is a 500 unless
        another exception is given (``TimeoutError()``, ``ConnectionResetError()``).
        """
        lost = error or self._internals.backend_error(500, 0, "Internal Server Error (the call was carried out)")
        self._late.append(_LateFault(method, path, lost, times))

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """What happens inside never reaches the bot, as when it was not connected."""
        feed: Any = getattr(self._env, "_gateway_feed", None)
        listeners = self._env.backend.subscribers
        if feed is None or feed not in listeners:
            raise StageBroken("its gateway cannot be detached")
        listeners.remove(feed)
        try:
            yield
        finally:
            # A restart inside has brought a feed of its own.
            if getattr(self._env, "_gateway_feed", None) is feed:
                listeners.append(feed)

    @contextmanager
    def _age_restriction(self) -> Iterator[None]:
        original = _function(self._internals.serializers, "channel_payload", "backend", "channel")

        def channel_payload(backend: Any, channel: Any) -> Any:
            payload = original(backend, channel)
            if backend is self._env.backend and not channel.is_thread:
                payload["nsfw"] = channel.id in self._restricted
            return payload

        with _replaced(self._internals.serializers, "channel_payload", channel_payload):
            yield

    @contextmanager
    def _nonces(self) -> Iterator[None]:
        """Discord answers a repeated nonce (``enforce_nonce``) with the message that it made before.

        Per channel; where that message has been deleted the answer is Unknown Message, and nothing is
        posted (discord/discord-api-docs#6647).
        """
        original = _function(self._internals.message_routes, "send_message", "ctx")
        template = ["channels", "{channel_id}", "messages"]
        routes: list[Any] = getattr(self._internals.router, "_ROUTES", {}).get("POST", [])
        places = [at for at, (path, handler) in enumerate(routes) if path == template and handler is original]
        if len(places) != 1:
            raise StageBroken("the route that posts a message has moved")

        def send_message(ctx: Any) -> Any:
            body = ctx.body()
            nonce = body.get("nonce") if body.get("enforce_nonce") else None
            if ctx.backend is not self._env.backend or nonce is None:
                return original(ctx)
            key = (ctx.int_arg("channel_id"), str(nonce))
            known = self._posted.get(key)
            if known is not None and self._env.now() - known.at < NONCE_WINDOW:
                earlier = ctx.backend.get_message(key[0], known.message_id)
                return self._internals.serializers.message_payload(
                    ctx.backend, earlier, for_user=ctx.backend.bot_user.id
                )
            payload = original(ctx)
            self._posted[key] = _Nonce(int(payload["id"]), self._env.now())
            return payload

        routes[places[0]] = (template, send_message)
        try:
            yield
        finally:
            routes[places[0]] = (template, original)

    @contextmanager
    def _late_faults(self) -> Iterator[None]:
        original = _function(self._internals.router, "dispatch", "backend", "method", "path")

        def dispatch(backend: Any, method: str, path: str, **rest: Any) -> Any:
            answer = original(backend, method, path, **rest)
            if backend is self._env.backend:
                for fault in list(self._late):
                    if fault.method in (method, "*") and fnmatch(path, fault.path):
                        if fault.times is not None:
                            fault.times -= 1
                            if not fault.times:
                                self._late.remove(fault)
                        raise fault.error
            return answer

        with _replaced(self._internals.router, "dispatch", dispatch):
            yield

    def _hurry(self) -> None:
        """Have SimCord look every few milliseconds whether the bot is done, not every fifty.

        A look that meets a task waiting for the database sleeps that long, so this is what a tick of
        the bot costs.
        """
        settle: Any = getattr(self._env, "_settle_internal", None)
        if settle is None or "idle" not in inspect.signature(settle).parameters:
            raise StageBroken("it settles in another way")
        self._env._settle_internal = partial(settle, idle=_LOOK_AGAIN)

    def _set_clock(self, start: datetime) -> None:
        self._env.backend.clock._epoch = start
        if self._env.now() != start:
            raise StageBroken("its clock cannot be set")


def _function(module: ModuleType, name: str, *parameters: str) -> Callable[..., Any]:
    """A function of SimCord's that is about to be wrapped, if it still looks as it did."""
    function: Any = getattr(module, name, None)
    if not inspect.isfunction(function):
        raise StageBroken(f"{module.__name__}.{name} is gone")
    found: Sequence[str] = list(inspect.signature(function).parameters)
    if tuple(found[: len(parameters)]) != parameters:
        raise StageBroken(f"{module.__name__}.{name} takes something else now")
    return function


@contextmanager
def _replaced(module: ModuleType, name: str, function: Callable[..., Any]) -> Iterator[None]:
    original = getattr(module, name)
    setattr(module, name, function)
    try:
        yield
    finally:
        setattr(module, name, original)
