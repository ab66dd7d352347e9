"""The names under which messages are sent, and how long they are trusted."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drops import LEASE, REPLAY, nonce

DISCORDS_LIMIT = 25

_IDS = st.integers(0, 2**63 - 1)


@given(drop_id=_IDS, position=st.integers(0, 10_000))
def test_a_nonce_is_as_discord_takes_it(drop_id: int, position: int):
    name = nonce(drop_id, position)

    assert 1 <= len(name) <= DISCORDS_LIMIT
    assert name.isascii()
    assert not name.isdecimal(), "a number may be read as a snowflake"


@given(drop_id=_IDS, position=st.integers(0, 10_000))
def test_a_nonce_is_the_same_at_every_attempt(drop_id: int, position: int):
    assert nonce(drop_id, position) == nonce(drop_id, position)


def test_a_nonce_is_the_same_in_another_process():
    script = "from bot.domain.drops import nonce; print(nonce(12, 3))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == nonce(12, 3)


def test_no_two_messages_share_a_nonce():
    # 1 and 12 beside 11 and 2 are the ids that a careless join would confuse.
    names = {nonce(drop_id, position) for drop_id in range(200) for position in range(200)}
    assert len(names) == 200 * 200


def test_whoever_takes_a_drop_over_after_a_crash_asks_the_history():
    """The nonce is trusted for a time that has passed when the lease of a dead worker runs out."""
    assert timedelta(0) < REPLAY < LEASE
