"""When the next drop is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import Every, Rhythm, from_seconds

START = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
STEPS = {Every.HOUR: timedelta(hours=1), Every.DAY: timedelta(days=1), Every.WEEK: timedelta(days=7)}

_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_RHYTHMS = st.builds(Rhythm, st.sampled_from(Every), _MOMENTS)


def test_the_first_time_is_the_start():
    assert Rhythm(Every.WEEK, START).after(START - timedelta(days=3)) == START


def test_a_time_that_has_come_is_not_named_again():
    assert Rhythm(Every.DAY, START).after(START) == START + timedelta(days=1)


@pytest.mark.parametrize("every", Every)
def test_each_step_is_what_it_is_called(every: Every):
    assert Rhythm(every, START).after(START) - START == STEPS[every]


def test_who_comes_back_late_goes_on_with_the_next_time_and_not_with_those_missed():
    back = START + timedelta(weeks=5, days=2)
    assert Rhythm(Every.WEEK, START).after(back) == START + timedelta(weeks=6)


def test_summer_time_moves_nothing():
    rhythm = Rhythm(Every.DAY, START)
    assert rhythm.coming(datetime(2026, 3, 28, 20, tzinfo=UTC), 2) == [
        datetime(2026, 3, 29, 18, 30, tzinfo=UTC),
        datetime(2026, 3, 30, 18, 30, tzinfo=UTC),
    ]


@given(rhythm=_RHYTHMS, moment=_MOMENTS)
def test_the_next_time_is_the_nearest_of_the_rhythm(rhythm: Rhythm, moment: datetime):
    step = STEPS[rhythm.every]
    following = rhythm.after(moment)

    assert following > moment
    assert following >= rhythm.start
    assert (following - rhythm.start) % step == timedelta(0)
    assert following == rhythm.start or following - step <= moment


@given(rhythm=_RHYTHMS, moment=_MOMENTS, count=st.integers(0, 6))
def test_the_coming_times_follow_each_other_step_by_step(rhythm: Rhythm, moment: datetime, count: int):
    times = rhythm.coming(moment, count)

    assert len(times) == count
    for before, after in zip([moment, *times], times, strict=False):
        assert rhythm.after(before) == after


def test_seconds_are_read_as_utc():
    assert from_seconds(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert from_seconds(0).tzinfo is UTC
