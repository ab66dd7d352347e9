"""The gate: the whole table of who may see what where, and that nothing goes round it."""

from __future__ import annotations

import ast
import copy
import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import access
from bot.domain.access import (
    EVERYTHING,
    Cleared,
    Place,
    Released,
    clear,
    clear_all,
    may_show,
    rating_fits,
    scope,
    visible_to,
)
from bot.domain.errors import NothingFound
from bot.domain.story import OPERATOR, Owner, Rating, SceneId
from tests.support.builders import (
    GUILD,
    OTHER_GUILD,
    adult_place,
    heading,
    open_place,
    passage,
    stored_chapter,
    stored_scene,
    story_card,
    terms,
)
from tests.support.laws import LAW

BOT = Path(access.__file__).parents[1]

# owner, rating, withdrawn, age-restricted channel -> may be shown (released or without scenes)
TABLE = [
    *[
        (owner, rating, False, restricted, True)
        for owner in (OPERATOR, Owner(GUILD))
        for rating in (Rating.GENERAL, Rating.TEEN)
        for restricted in (False, True)
    ],
    *[
        (owner, rating, False, restricted, restricted)
        for owner in (OPERATOR, Owner(GUILD))
        for rating in (Rating.MATURE, Rating.EXPLICIT, Rating.UNRATED)
        for restricted in (False, True)
    ],
    *[(Owner(OTHER_GUILD), rating, False, restricted, False) for rating in Rating for restricted in (False, True)],
    *[
        (owner, rating, True, restricted, False)
        for owner in (OPERATOR, Owner(GUILD), Owner(OTHER_GUILD))
        for rating in Rating
        for restricted in (False, True)
    ],
]


def test_the_table_below_names_every_case_once():
    cases = {case[:4] for case in TABLE}
    assert len(cases) == len(TABLE) == 3 * len(Rating) * 2 * 2


@pytest.mark.parametrize(("owner", "rating", "withdrawn", "restricted", "shown"), TABLE)
def test_who_may_see_what_where(owner: Owner, rating: Rating, withdrawn: bool, restricted: bool, shown: bool):
    place = Place(GUILD, 1, age_restricted=restricted)
    item = passage(terms=terms(rating, owner=owner, withdrawn=withdrawn))

    assert may_show(item, place, EVERYTHING) is shown
    assert may_show(item, place, Released(everything=False, scenes=frozenset(item.shows))) is shown
    assert not may_show(item, place, Released(everything=False)), "nothing of it is released"


@pytest.mark.parametrize("rating", Rating)
def test_a_place_looks_for_exactly_the_ratings_that_fit_it(rating: Rating):
    for place in (open_place(), adult_place()):
        wanted = scope(place)
        assert wanted.guild_id == place.guild_id
        assert (rating in wanted.ratings) == rating_fits(rating, age_restricted=place.age_restricted)


def test_unrated_counts_as_adult():
    assert not rating_fits(Rating.UNRATED, age_restricted=False)


def test_a_servers_own_story_is_hidden_from_every_other():
    assert visible_to(Owner(GUILD), GUILD)
    assert not visible_to(Owner(GUILD), OTHER_GUILD)
    assert visible_to(OPERATOR, GUILD)
    assert visible_to(OPERATOR, OTHER_GUILD)


def test_a_chapter_needs_every_scene_of_it_released():
    chapter = stored_chapter(stored_scene("One.", scene_id=1), stored_scene("Two.", scene_id=2))
    first = Released(everything=False, scenes=frozenset({SceneId(1)}))
    both = Released(everything=False, scenes=frozenset({SceneId(1), SceneId(2)}))

    assert not may_show(chapter, open_place(), first)
    assert may_show(chapter, open_place(), both)


def test_a_card_shows_no_scene_and_so_needs_none_released():
    assert may_show(story_card(), open_place(), Released(everything=False))


def test_what_is_let_through_keeps_its_item_and_place():
    item, place = passage(), open_place()
    through = clear(item, place, EVERYTHING)

    assert through.item is item
    assert through.place is place


def test_what_is_not_let_through_looks_like_what_does_not_exist():
    adult = passage(terms=terms(Rating.EXPLICIT))
    foreign = passage(terms=terms(owner=Owner(OTHER_GUILD)))
    unreleased = passage()
    refusals: list[NothingFound] = []
    for item, released in (
        (adult, EVERYTHING),
        (foreign, EVERYTHING),
        (unreleased, Released(everything=False)),
    ):
        with pytest.raises(NothingFound) as refused:
            clear(item, open_place(), released)
        refusals.append(refused.value)

    assert len({(r.key, *sorted(r.values.items())) for r in refusals}) == 1


_TERMS = st.builds(
    terms,
    st.sampled_from(Rating),
    owner=st.sampled_from([OPERATOR, Owner(GUILD), Owner(OTHER_GUILD)]),
    withdrawn=st.booleans(),
)
_ITEMS = st.builds(
    lambda terms, scene_id: passage(terms=terms, heading=heading(scene_id=scene_id)),
    _TERMS,
    st.integers(1, 3),
)
_RELEASED = st.one_of(
    st.just(EVERYTHING),
    st.builds(
        lambda scenes: Released(everything=False, scenes=frozenset(map(SceneId, scenes))),
        st.sets(st.integers(1, 3)),
    ),
)


@LAW
@given(
    items=st.lists(st.tuples(_ITEMS, _RELEASED), max_size=8),
    guild_id=st.sampled_from([GUILD, OTHER_GUILD]),
    restricted=st.booleans(),
)
def test_clearing_many_is_clearing_each(items: list[tuple], guild_id: int, restricted: bool):
    place = Place(guild_id, 1, restricted)
    one_by_one = []
    for item, released in items:
        try:
            one_by_one.append(clear(item, place, released).item)
        except NothingFound:
            continue

    assert [through.item for through in clear_all(items, place)] == one_by_one


@LAW
@given(item=_ITEMS, released=_RELEASED)
def test_an_age_restricted_channel_never_shows_less(item, released: Released):
    if may_show(item, open_place(), released):
        assert may_show(item, adult_place(), released)


# ------------------------------------------------------------------------- servers' settings, and readers


@pytest.mark.parametrize("rating", Rating)
@pytest.mark.parametrize("restricted", [False, True])
def test_what_moderators_do_not_allow_is_shown_nowhere(rating: Rating, restricted: bool):
    place = Place(GUILD, 1, restricted, frozenset(Rating) - {rating})
    assert not may_show(passage(terms=terms(rating)), place, EVERYTHING)
    assert rating not in scope(place).ratings
    assert rating not in scope(place.privately(7, ahead=True)).ratings


@pytest.mark.parametrize(
    "released", [EVERYTHING, Released(everything=False, scenes=frozenset({SceneId(1), SceneId(2)}))]
)
def test_what_a_reader_has_not_read_is_not_shown_whatever_is_released(released: Released):
    limited = dataclasses.replace(released, unread=frozenset({SceneId(2)}))
    assert may_show(passage(heading=heading(scene_id=1)), open_place(), limited)
    assert not may_show(passage(heading=heading(scene_id=2)), open_place(), limited)


def test_a_private_place_is_the_same_channel_for_one_reader():
    place = Place(GUILD, 1, True, frozenset({Rating.TEEN}))
    private = place.privately(7)
    assert dataclasses.replace(private, reader=None) == place
    assert (scope(private).reader, scope(private).ahead) == (7, False)
    assert scope(place.privately(7, ahead=True)).ahead
    assert (scope(place).reader, scope(place).ahead) == (None, False)


def test_nobody_looks_ahead_where_others_can_see():
    with pytest.raises(ValueError, match="one person"):
        Place(GUILD, 1, True, ahead=True)
    with pytest.raises(ValueError, match="one person"):
        dataclasses.replace(open_place().privately(7, ahead=True), reader=None)


# ------------------------------------------------------------------ only the gate makes Cleared values


@pytest.mark.parametrize("seal", [None, object(), "seal", access], ids=["none", "object", "text", "module"])
def test_nobody_else_makes_cleared_values(seal: object):
    with pytest.raises(TypeError):
        Cleared(passage(), open_place(), seal)


def test_what_was_let_through_cannot_be_exchanged_for_something_else():
    through = clear(passage(), open_place(), EVERYTHING)
    adult = passage(terms=terms(Rating.EXPLICIT))

    with pytest.raises(AttributeError):
        through.item = adult  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError):
        through.place = adult_place()  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(through, item=adult)


def test_a_copy_is_of_the_same_thing_in_the_same_place():
    through = clear(passage(), open_place(), EVERYTHING)
    copied = copy.copy(through)

    assert copied.item is through.item
    assert copied.place is through.place


def test_no_other_module_reaches_for_the_seal_or_makes_its_own():
    offenders = [
        f"{file.relative_to(BOT)}:{node.lineno} {what}"
        for file in sorted(BOT.rglob("*.py"))
        if file != Path(access.__file__)
        for node, what in makes_cleared(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert offenders == []


def makes_cleared(tree: ast.AST):
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("Cleared") | ast.Attribute(attr="Cleared")):
                yield node, "calls Cleared"
            case ast.Call(args=[ast.Name("Cleared") | ast.Attribute(attr="Cleared"), *_]) if ast.unparse(
                node.func
            ).endswith("__new__"):
                yield node, "makes a Cleared without its constructor"
            case ast.Attribute(attr="_SEAL") | ast.Name("_SEAL"):
                yield node, "reaches for the seal"
            case ast.ImportFrom(names=names) if any(alias.name == "_SEAL" for alias in names):
                yield node, "imports the seal"
            case ast.ClassDef(bases=bases) if any("Cleared" in ast.unparse(base) for base in bases):
                yield node, "derives from Cleared"
            case _:
                continue


@pytest.mark.parametrize(
    "forged",
    [
        "Cleared(item, place, seal)",
        "access.Cleared(item, place, seal)",
        "object.__new__(Cleared)",
        "from bot.domain.access import _SEAL",
        "access._SEAL",
        "class Mine(Cleared[Passage]): ...",
    ],
)
def test_the_search_above_sees_every_way_of_forging(forged: str):
    assert list(makes_cleared(ast.parse(forged)))
