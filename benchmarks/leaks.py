"""Whether anything is said where it may not be: ``python -m benchmarks.leaks [--requests N] [--json FILE]``.

Random libraries, servers, serials, settings, readers and places; requests of every kind through the real
services on real databases, rendered as they are on Discord; each answer is held against an account that is
kept apart from the bot. The same run plants faults, one at a time, and says after how many requests each was
found: a harness that finds nothing must be able to find something. Exit 1 where anything was said that should
not be, or a planted fault was not noticed.

Three kinds of run: as the bot is; with stores that filter nothing, so that the gate alone must hold; with a
gate that lets everything through, so that the statements alone must hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tests.support.leaks import FILTERED, Finding, leak_world
from tests.support.planted import FAULTS, careless_stores, open_gate

PER_WORLD = 2_000
"""Requests to one world before the next is made."""


def in_worlds(
    first_seed: int, requests: int, kinds: frozenset[str] | None, *, stop_early: bool
) -> tuple[int, list[Finding]]:
    """Put so many requests to one world after the other; returns how many were, and what was found."""
    logging.disable(logging.CRITICAL)
    return asyncio.run(_in_worlds(first_seed, requests, kinds, stop_early=stop_early))


async def _in_worlds(
    first_seed: int, requests: int, kinds: frozenset[str] | None, *, stop_early: bool
) -> tuple[int, list[Finding]]:
    asked, findings, seed = 0, [], first_seed
    fast = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=fast if os.access(fast, os.W_OK) else None) as folder:
        while asked < requests and not (findings and stop_early):
            async with leak_world(seed, Path(folder)) as world:
                world.kinds = kinds or world.kinds
                await world.run(min(PER_WORLD, requests - asked), stop_early=stop_early)
                asked += world.requests
                findings += world.findings
            seed += 1
    return asked, findings


def _clean(kind: str, first_seed: int, requests: int) -> tuple[int, list[Finding]]:
    with _how(kind):
        return in_worlds(first_seed, requests, _asked(kind), stop_early=False)


def _planted(number: int, requests: int) -> tuple[int, list[Finding]]:
    fault = FAULTS[number]
    with _how(fault.run), fault.plant():
        return in_worlds(0, requests, _asked(fault.run), stop_early=True)


def _how(kind: str) -> AbstractContextManager[object]:
    return {"as it is": nullcontext, "careless stores": careless_stores, "open gate": open_gate}[kind]()


def _asked(kind: str) -> frozenset[str] | None:
    return FILTERED if kind == "open gate" else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_000_000, help="in all, over the three kinds of run")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    began = time.monotonic()
    kinds = {"as it is": 0.6, "careless stores": 0.2, "open gate": 0.2}
    figures: dict[str, object] = {}
    findings_of: dict[str, int] = {}
    with ProcessPoolExecutor(args.workers) as pool:
        for kind, share in kinds.items():
            each = round(args.requests * share / args.workers)
            jobs = [pool.submit(_clean, kind, 1_000_000 * worker, each) for worker in range(args.workers)]
            asked = sum(job.result()[0] for job in jobs)
            findings = [finding for job in jobs for finding in job.result()[1]]
            findings_of[kind] = len(findings)
            figures[kind] = {"requests": asked, "findings": len(findings)}
            print(f"{kind}: {asked:,} requests, {len(findings)} findings", flush=True)
            for finding in findings[:3]:
                print("   ", finding)
        found = {fault.name: pool.submit(_planted, number, 20_000) for number, fault in enumerate(FAULTS)}
        after = {name: job.result() for name, job in found.items()}
    for name, (asked, findings) in after.items():
        print(f"planted: {name}: " + (f"found after {asked:,} requests" if findings else "NOT FOUND"))
    caught = sum(bool(findings) for _, findings in after.values())
    print(f"planted faults found: {caught} of {len(FAULTS)}, in {time.monotonic() - began:,.0f} s in all")
    figures["planted"] = {name: asked if findings else None for name, (asked, findings) in after.items()}
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return int(caught < len(FAULTS) or any(findings_of.values()))


if __name__ == "__main__":
    sys.exit(main())
