"""What a setting can be, and what becomes of a stored value that it cannot be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.settings import NAMES, PACES, Settings, restored, stored
from bot.domain.story import Rating

GOOD = {
    "chapters_channel": 1,
    "talk_channel": None,
    "notices_channel": 2**63,
    "ping_role": 5,
    "team_role": None,
    "zone": "Europe/Lisbon",
    "ratings": frozenset({Rating.GENERAL}),
    "hide_warnings": True,
    "public_channels": frozenset({1, 2}),
    "pace": 300,
}
BAD = [
    ("chapters_channel", 0),
    ("chapters_channel", -1),
    ("talk_channel", "1"),
    ("notices_channel", True),
    ("ping_role", 1.5),
    ("team_role", [1]),
    ("zone", ""),
    ("zone", "Atlantis/Poseidonis"),
    ("zone", "../../etc/passwd"),
    ("zone", "Europe"),
    ("zone", None),
    ("ratings", frozenset()),
    ("ratings", frozenset({"forbidden"})),
    ("ratings", ["general"]),
    ("hide_warnings", 1),
    ("public_channels", frozenset({0})),
    ("public_channels", [1]),
    ("pace", 7),
    ("pace", False),
    ("pace", None),
    ("no such setting", 1),
]


def test_every_setting_is_tried_here():
    assert set(GOOD) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_takes_a_good_value_and_leaves_the_others(name):
    changed = Settings().changed(name, GOOD[name])
    others = {other: getattr(Settings(), other) for other in NAMES if other != name}
    assert getattr(changed, name) == GOOD[name]
    assert {other: getattr(changed, other) for other in others} == others


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_value_that_cannot_be_is_refused(name, value):
    with pytest.raises(ValueError):
        Settings().changed(name, value)


@pytest.mark.parametrize("value", [*PACES])
def test_every_pace_can_be_chosen(value):
    assert Settings().changed("pace", value).pace == value


def test_settings_survive_being_stored():
    values = {name: json.loads(json.dumps(stored(value))) for name, value in GOOD.items()}
    settings, unusable = restored(values)
    assert {name: getattr(settings, name) for name in NAMES} == GOOD
    assert unusable == frozenset()


def test_defaults_survive_being_stored():
    values = {name: json.loads(json.dumps(stored(getattr(Settings(), name)))) for name in NAMES}
    assert restored(values) == (Settings(), frozenset())


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, value in BAD if not isinstance(value, (frozenset, list)) and name in NAMES]
    + [("ratings", ["general", "forbidden"]), ("ratings", 7), ("ratings", None), ("ratings", [])]
    + [("public_channels", ["1"]), ("public_channels", 7), ("public_channels", [[1]])],
)
def test_a_stored_value_that_cannot_be_falls_back_alone(name, value):
    values = {other: stored(good) for other, good in GOOD.items()} | {name: value}
    settings, unusable = restored(values)
    assert unusable == {name}
    assert getattr(settings, name) == getattr(Settings(), name)
    assert {other: getattr(settings, other) for other in NAMES if other != name} == {
        other: good for other, good in GOOD.items() if other != name
    }


def test_settings_of_a_later_version_are_passed_over():
    assert restored({"colour_of_the_moon": "green"}) == (Settings(), frozenset())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_whatever_is_stored_gives_settings(values):
    settings, unusable = restored(values)
    for name in NAMES:
        assert Settings().changed(name, getattr(settings, name)) is not None
    assert unusable <= set(values)


def test_answers_are_public_everywhere_unless_channels_are_named():
    assert Settings().answers_publicly(1)
    assert not Settings(public_channels=frozenset()).answers_publicly(1)
    assert Settings(public_channels=frozenset({1})).answers_publicly(1)
    assert not Settings(public_channels=frozenset({1})).answers_publicly(2)
