"""One at a time, and no server waits for all that another has in line."""

from __future__ import annotations

import asyncio

from bot.services.turns import Turns


class Room:
    """Where turns are taken: in which order, and how many at once."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.order: list[str] = []
        self.at_once = self.most = 0

    async def work(self, guild_id: int, name: str, *, fails: bool = False) -> None:
        async with self.turns.of(guild_id):
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            await asyncio.sleep(0)
            self.order.append(name)
            self.at_once -= 1
            if fails:
                raise ValueError(name)


async def settle() -> None:
    """Let everything go on until it waits."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_servers_take_turns_and_each_keeps_its_own_order():
    room = Room()
    await asyncio.gather(*(room.work(1, f"a{n}") for n in range(5)), room.work(2, "b0"), room.work(2, "b1"))
    assert room.order == ["a0", "a1", "b0", "a2", "b1", "a3", "a4"]
    assert room.most == 1


async def test_who_comes_late_does_not_wait_for_a_servers_whole_line():
    room = Room()
    async with room.turns.of(1):
        crowd = [asyncio.create_task(room.work(1, f"a{n}")) for n in range(50)]
        await settle()
        late = asyncio.create_task(room.work(2, "late"))
        await settle()
    await asyncio.gather(*crowd, late)
    assert room.order.index("late") == 1


async def test_what_fails_passes_the_turn_on():
    room = Room()
    await asyncio.gather(room.work(1, "a", fails=True), room.work(1, "b"), room.work(2, "c"), return_exceptions=True)
    assert room.order == ["a", "b", "c"]


async def test_who_gives_up_waiting_holds_nobody_up():
    room = Room()
    async with room.turns.of(1):
        gone, waits = asyncio.create_task(room.work(1, "gone")), asyncio.create_task(room.work(2, "waits"))
        await settle()
        gone.cancel()
        await settle()
    await waits
    assert room.order == ["waits"]


async def test_who_gives_up_in_the_moment_of_its_turn_passes_it_on():
    room = Room()
    held = room.turns.of(1)
    await held.__aenter__()
    gone, waits = asyncio.create_task(room.work(1, "gone")), asyncio.create_task(room.work(2, "waits"))
    await settle()
    await held.__aexit__(None, None, None)
    gone.cancel()
    await settle()
    assert waits.done()
    await room.work(3, "after")
    assert room.order == ["waits", "after"]
