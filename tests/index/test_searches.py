"""Who may search now: so many at a time, and of one who types on only the newest."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from bot.index.searches import Searches


class Slow:
    """Searches that go on until they are let go; knows which were made, and how many at a time."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.at_once = self.most = 0
        self.may_end = threading.Event()
        self._lock = threading.Lock()

    def search(self, word: str) -> Callable[[], str]:
        def search() -> str:
            with self._lock:
                self.made.append(word)
                self.at_once += 1
                self.most = max(self.most, self.at_once)
            assert self.may_end.wait(10)
            with self._lock:
                self.at_once -= 1
            return word.upper()

        return search


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def started(slow: Slow, count: int) -> None:
    while len(slow.made) < count:  # noqa: ASYNC110 (a thread counts it)
        await asyncio.sleep(0.001)


async def test_no_more_than_so_many_run_at_a_time_and_every_one_is_answered():
    slow, searches = Slow(), Searches(2)
    tasks = [asyncio.create_task(searches.run(slow.search(word))) for word in "abcdef"]
    await started(slow, 2)
    await settled()
    assert sorted(slow.made) == ["a", "b"]
    slow.may_end.set()
    assert await asyncio.gather(*tasks) == list("ABCDEF")
    assert slow.most == 2


async def test_of_one_who_types_on_only_the_newest_is_made_and_keeps_the_place_in_line():
    slow, searches = Slow(), Searches(1)
    first = asyncio.create_task(searches.run(slow.search("running")))
    await started(slow, 1)
    typed = []
    for word, typist in [("n", 1), ("m", 2), ("ni", 1), ("nin", 1), ("x", None), ("y", None)]:
        typed.append(asyncio.create_task(searches.run(slow.search(word), typist)))
        await settled()
    assert typed[0].done()
    assert typed[2].done()
    slow.may_end.set()
    assert await first == "RUNNING"
    assert await asyncio.gather(*typed) == [None, "M", None, "NIN", "X", "Y"]
    assert slow.made == ["running", "nin", "m", "x", "y"]


async def test_a_search_that_runs_already_is_not_taken_back():
    slow, searches = Slow(), Searches(2)
    first = asyncio.create_task(searches.run(slow.search("n"), 1))
    await started(slow, 1)
    second = asyncio.create_task(searches.run(slow.search("ni"), 1))
    await started(slow, 2)
    slow.may_end.set()
    assert await asyncio.gather(first, second) == ["N", "NI"]


async def test_who_gives_up_neither_blocks_the_line_nor_lets_more_run():
    slow, searches = Slow(), Searches(1)
    running = asyncio.create_task(searches.run(slow.search("a")))
    await started(slow, 1)
    waiting = asyncio.create_task(searches.run(slow.search("b"), 7))
    last = asyncio.create_task(searches.run(slow.search("c")))
    await settled()
    for task in (running, waiting):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await settled()
    assert slow.made == ["a"]
    slow.may_end.set()
    assert await last == "C"
    assert slow.made == ["a", "c"]
    assert slow.most == 1
    assert await searches.run(slow.search("d"), 7) == "D"


async def test_a_turn_given_up_in_the_moment_in_which_it_comes_is_passed_on():
    searches = Searches(1)
    assert await searches._turn("first")
    given_up = asyncio.create_task(searches._turn("second"))
    await settled()
    searches._pass_on()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert await asyncio.wait_for(searches.run(lambda: "found"), 5) == "found"


async def test_what_goes_wrong_reaches_the_one_who_asked_and_frees_the_turn():
    def broken() -> str:
        raise ValueError

    searches = Searches(1)
    with pytest.raises(ValueError):
        await searches.run(broken)
    assert await searches.run(lambda: "found") == "found"
