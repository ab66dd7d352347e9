"""Nothing is said where it may not be. ``python -m benchmarks.leaks`` is the long version, with every fault."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest

from tests.support.leaks import FILTERED, WORDS, leak_world, twin_of
from tests.support.planted import FAULTS, careless_stores, open_gate

RUNS = {"as it is": nullcontext, "careless stores": careless_stores, "open gate": open_gate}
QUICKLY_FOUND = ("the gate forgets ratings", "serials do not ask the gate", "release of SHELF is gone")


@pytest.mark.parametrize("run", RUNS)
async def test_nothing_is_said_where_it_may_not_be(run, tmp_path):
    with RUNS[run]():
        async with leak_world(7, tmp_path) as world:
            world.kinds = FILTERED if run == "open gate" else world.kinds
            await world.run(600)
    assert world.findings == []
    assert world.answered > 200, "few answers held any text, so little was looked at"


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_found_is_the_same_where_what_may_not_be_shown_does_not_exist(seed: int, tmp_path):
    async with leak_world(seed, tmp_path) as world:
        answered = hidden = 0
        for number in range(4):
            place = replace(world._place(world.servers[100 + 100 * (number % 2)]), ahead=False)
            (folder := tmp_path / str(number)).mkdir()
            async with twin_of(world, place, folder) as twin:
                for _ in range(40):
                    tale, section, part = world._any_part()
                    sentence = world.dice.choice(part.sentences)
                    # Marks are typed by nobody who has not read them; without, many lines are nearly as like.
                    asked = world.dice.choice(
                        [sentence, sentence.rsplit(" ", 1)[0], " ".join(world.dice.sample(WORDS, 4)), sentence[3:25]]
                    )
                    differs = await twin.differs(place, asked)
                    assert differs is None, (asked, *differs)
                    shown = section in world._open_sections(tale, place)
                    answered, hidden = answered + shown, hidden + (not shown)
    assert min(answered, hidden) > 20, "little of both was asked for"


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.name in QUICKLY_FOUND], ids=lambda fault: fault.name)
async def test_a_planted_fault_is_noticed(fault, tmp_path):
    with RUNS[fault.run](), fault.plant():
        for seed in range(3):
            async with leak_world(seed, tmp_path) as world:
                world.kinds = FILTERED if fault.run == "open gate" else world.kinds
                await world.run(500, stop_early=True)
            if world.findings:
                return
    pytest.fail("nobody noticed")
