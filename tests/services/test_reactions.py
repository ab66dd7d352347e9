"""What readers felt at each scene."""

from __future__ import annotations

import pytest

from bot.domain.access import EVERYTHING, Released, scope
from bot.domain.story import Owner, Rating, SceneId
from bot.services.reactions import TOP, Reactions
from tests.support.builders import (
    CHANNEL,
    GUILD,
    NOON,
    OTHER_GUILD,
    adult_place,
    heading,
    moved_scene,
    open_place,
    terms,
)
from tests.support.fakes import Clock, FakeMarkStore

MESSAGE = 500
ANN, BEN = 1, 2


@pytest.fixture
def store() -> FakeMarkStore:
    return FakeMarkStore()


@pytest.fixture
async def reactions(store: FakeMarkStore) -> Reactions:
    service = Reactions(store, Clock())
    await service.remember(MESSAGE, open_place(), SceneId(21))
    return service


async def test_a_message_is_remembered_with_its_place_and_time(reactions: Reactions, store: FakeMarkStore):
    assert store.posted == {MESSAGE: (GUILD, CHANNEL, SceneId(21), NOON)}


async def test_what_was_added_and_taken_away_again_is_gone(reactions: Reactions, store: FakeMarkStore):
    await reactions.add(MESSAGE, ANN, "❤️")
    await reactions.add(MESSAGE, ANN, "❤️")
    await reactions.add(MESSAGE, BEN, "😭")
    await reactions.remove(MESSAGE, ANN, "❤️")

    assert store.marks == {(MESSAGE, BEN, "😭", False)}


async def test_a_burst_is_a_mark_of_its_own(reactions: Reactions, store: FakeMarkStore):
    await reactions.add(MESSAGE, ANN, "❤️")
    await reactions.add(MESSAGE, ANN, "❤️", burst=True)
    assert len(store.marks) == 2
    await reactions.remove(MESSAGE, ANN, "❤️", burst=True)

    assert store.marks == {(MESSAGE, ANN, "❤️", False)}


async def test_a_moderator_clears_one_emoji_or_all(reactions: Reactions, store: FakeMarkStore):
    for emoji in ("❤️", "😭"):
        for reader in (ANN, BEN):
            await reactions.add(MESSAGE, reader, emoji)

    await reactions.clear(MESSAGE, "❤️")
    assert {emoji for _, _, emoji, _ in store.marks} == {"😭"}
    await reactions.clear(MESSAGE)
    assert store.marks == set()


async def test_a_deleted_message_keeps_what_was_felt(reactions: Reactions, store: FakeMarkStore):
    await reactions.add(MESSAGE, ANN, "❤️")
    await reactions.message_gone(MESSAGE)

    assert store.gone == {MESSAGE}
    assert store.marks == {(MESSAGE, ANN, "❤️", False)}


async def test_a_deleted_channel_takes_its_messages_with_it_and_nothing_that_was_felt(
    reactions: Reactions, store: FakeMarkStore
):
    await reactions.remember(MESSAGE + 1, open_place(channel_id=CHANNEL + 1), SceneId(22))
    await reactions.add(MESSAGE, ANN, "❤️")
    await reactions.channel_gone(CHANNEL)

    assert store.gone == {MESSAGE}
    assert store.marks == {(MESSAGE, ANN, "❤️", False)}


async def test_the_top_holds_back_what_may_not_be_shown_here():
    teen = moved_scene("Shown.")
    hidden = [
        (moved_scene("Adult.", terms=terms(Rating.MATURE)), EVERYTHING),
        (moved_scene("Foreign.", terms=terms(owner=Owner(OTHER_GUILD))), EVERYTHING),
        (moved_scene("Withdrawn.", terms=terms(withdrawn=True)), EVERYTHING),
        (moved_scene("Unreleased.", heading=heading(scene_id=9)), Released(False, frozenset({SceneId(8)}))),
    ]
    store = FakeMarkStore(*hidden, (teen, EVERYTHING))
    top = Reactions(store, Clock()).top

    assert [c.item.opening for c in await top(open_place())] == ["Shown."]
    assert [c.item.opening for c in await top(adult_place())] == ["Adult.", "Shown."]
    assert store.scopes == [scope(open_place()), scope(adult_place())]


async def test_the_top_is_short():
    store = FakeMarkStore(*[(moved_scene(f"{n}."), EVERYTHING) for n in range(TOP + 3)])
    assert len(await Reactions(store, Clock()).top(open_place())) == TOP
