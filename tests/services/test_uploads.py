"""Attached files wait to be accepted: for whom, how many, and what a second press finds."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot import strings
from bot.domain.access import Place
from bot.domain.corrections import Correction
from bot.domain.errors import BadInput, UserFacingError
from bot.domain.stated import Stated
from bot.domain.story import Manuscript, Owner, Problem, Rating, Severity
from bot.services.library import Library
from bot.services.proofs import Proofs
from bot.services.uploads import Said, Uploads
from tests.support.builders import GUILD, manuscript
from tests.support.fakes import Clock, FakeImportStore

HERE = Place(GUILD, 5, age_restricted=True)
ELSEWHERE = Place(GUILD + 1, 6, age_restricted=True)
MODERATOR, ANOTHER = 71, 72
STORY = manuscript(["The river remembers every oar that ever broke in it."], rating=Rating.TEEN)


class NothingStored:
    """No corrections and no stories."""

    said = Stated()

    async def stated(self, owner: Owner, slug: str) -> Stated:
        return self.said

    async def corrections(self, owner: Owner, slug: str) -> list[Correction]:
        return []

    async def manuscript(self, owner: Owner, slug: str) -> Manuscript | None:
        return None

    async def about(self, owner: Owner, slug: str) -> Manuscript | None:
        return None

    async def slugs(self, owner: Owner) -> list[str]:
        return []


class Desk:
    """Files as they are read; what was stored; how often the index was renewed."""

    def __init__(self, stories: Sequence[Manuscript] = (STORY,)) -> None:
        self.store = FakeImportStore()
        self.refreshed = 0
        nothing = self.nothing = NothingStored()

        async def refresh() -> None:
            self.refreshed += 1

        self.uploads = Uploads(
            lambda data, name: list(stories),
            Proofs(self.store, nothing, nothing, nothing),
            Library(self.store, Clock()),
            refresh,
        )

    async def offered(self, name: str = "oars.txt", said: Said | None = None) -> str:
        return (await self.uploads.offer(b"text", name, said or Said(), HERE, MODERATOR)).token

    @property
    def owners(self) -> list[Owner]:
        return [owner for _, owner, _, _ in self.store.stored]


async def test_nothing_is_stored_until_it_is_accepted_and_then_for_this_server():
    desk = Desk()
    token = await desk.offered()
    assert (desk.owners, desk.refreshed) == ([], 0)
    added, called = await desk.uploads.accept(token, HERE, MODERATOR)
    assert (added.new, called) == (True, "The Salt Door")
    assert (desk.owners, desk.refreshed) == ([Owner(GUILD)], 1)


async def test_two_presses_at_once_store_it_once():
    desk = Desk()
    token = await desk.offered()
    first, second = await asyncio.gather(
        desk.uploads.accept(token, HERE, MODERATOR),
        desk.uploads.accept(token, HERE, MODERATOR),
        return_exceptions=True,
    )
    assert not isinstance(first, BaseException)
    assert isinstance(second, UserFacingError)
    assert second.key == "upload_accepted"
    assert len(desk.owners) == 1


@pytest.mark.parametrize(("place", "who"), [(HERE, ANOTHER), (ELSEWHERE, MODERATOR)], ids=["person", "server"])
async def test_it_waits_for_the_one_who_attached_it_where_they_did(place: Place, who: int):
    desk = Desk()
    token = await desk.offered()
    with pytest.raises(UserFacingError) as refused:
        await desk.uploads.accept(token, place, who)
    assert refused.value.key == "upload_gone"
    with pytest.raises(UserFacingError):
        desk.uploads.discard(token, place, who)
    await desk.uploads.accept(token, HERE, MODERATOR)


async def test_the_oldest_of_a_server_gives_way_to_its_fifth():
    desk = Desk()
    tokens = [await desk.offered(f"{n}.txt") for n in range(5)]
    with pytest.raises(UserFacingError) as refused:
        desk.uploads.discard(tokens[0], HERE, MODERATOR)
    assert refused.value.key == "upload_gone"
    assert desk.uploads.discard(tokens[1], HERE, MODERATOR) == "1.txt"


async def test_what_one_server_attaches_takes_nothing_from_another():
    desk = Desk()
    token = await desk.offered()
    for n in range(20):
        await desk.uploads.offer(b"text", f"{n}.txt", Said(), ELSEWHERE, MODERATOR)
    added, _ = await desk.uploads.accept(token, HERE, MODERATOR)
    assert added.new


async def test_where_too_much_waits_the_server_with_most_of_it_gives_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.services.uploads._WAITING_BYTES", 4_000)
    desk = Desk()
    small = await desk.offered("small.txt")
    large = [
        (await desk.uploads.offer(random.Random(n).randbytes(1_500), f"{n}.txt", Said(), ELSEWHERE, MODERATOR)).token
        for n in range(3)
    ]
    with pytest.raises(UserFacingError):
        desk.uploads.discard(large[0], ELSEWHERE, MODERATOR)
    assert desk.uploads.discard(large[1], ELSEWHERE, MODERATOR) == "1.txt"
    assert desk.uploads.discard(large[2], ELSEWHERE, MODERATOR) == "2.txt"
    assert desk.uploads.discard(small, HERE, MODERATOR) == "small.txt"


async def test_a_file_larger_than_all_that_may_wait_still_waits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.services.uploads._WAITING_BYTES", 1)
    desk = Desk()
    await desk.offered("first.txt")
    assert desk.uploads.discard(await desk.offered("second.txt"), HERE, MODERATOR) == "second.txt"


async def test_what_was_discarded_waits_no_longer():
    desk = Desk()
    token = await desk.offered()
    assert desk.uploads.discard(token, HERE, MODERATOR) == "oars.txt"
    with pytest.raises(UserFacingError) as refused:
        await desk.uploads.accept(token, HERE, MODERATOR)
    assert refused.value.key == "upload_gone"
    assert desk.owners == []


@pytest.mark.parametrize("count", [0, 2])
async def test_a_file_is_one_story(count: int):
    with pytest.raises(BadInput) as refused:
        await Desk([STORY] * count).offered("shelf.zip")
    assert (refused.value.key, refused.value.values) == ("upload_several", {"file": "shelf.zip", "count": count})


STATED_SAID_KEPT = [
    (Rating.EXPLICIT, Rating.GENERAL, Rating.EXPLICIT),
    (Rating.EXPLICIT, Rating.UNRATED, Rating.EXPLICIT),
    (Rating.MATURE, Rating.TEEN, Rating.MATURE),
    (Rating.TEEN, Rating.GENERAL, Rating.TEEN),
    (Rating.TEEN, Rating.UNRATED, Rating.UNRATED),
    (Rating.TEEN, Rating.EXPLICIT, Rating.EXPLICIT),
    (Rating.GENERAL, Rating.GENERAL, Rating.GENERAL),
    (Rating.UNRATED, Rating.GENERAL, Rating.GENERAL),
    (Rating.UNRATED, Rating.EXPLICIT, Rating.EXPLICIT),
    (Rating.MATURE, None, Rating.MATURE),
]


@pytest.mark.parametrize(("stated", "said", "counts"), STATED_SAID_KEPT)
async def test_a_moderators_rating_may_only_raise_what_the_file_states(
    stated: Rating, said: Rating | None, counts: Rating
):
    desk = Desk([replace(STORY, rating=stated)])
    offer = await desk.uploads.offer(b"text", "oars.txt", Said(rating=said), HERE, MODERATOR)
    assert (offer.rating, offer.kept_rating) == (counts, said is not None and counts is not said)
    added, _ = await desk.uploads.accept(offer.token, HERE, MODERATOR)
    assert added.rating is counts


async def test_a_title_is_named_by_the_rating_that_counts_and_not_by_the_one_asked_for():
    desk = Desk([replace(STORY, rating=Rating.EXPLICIT)])
    open_channel = Place(GUILD, 5, age_restricted=False)
    offer = await desk.uploads.offer(b"text", "oars.txt", Said(rating=Rating.GENERAL), open_channel, MODERATOR)
    assert (offer.called, offer.named, offer.kept_rating) == ("oars.txt", False, True)


async def test_what_a_moderator_says_stands_in_the_place_of_what_the_file_says():
    desk = Desk()
    token = await desk.offered(said=Said(title="Leeks", rating=Rating.MATURE))
    added, called = await desk.uploads.accept(token, HERE, MODERATOR)
    assert (added.title, added.rating, called) == ("Leeks", Rating.MATURE, "Leeks")


async def test_what_was_said_at_an_earlier_offer_holds_and_is_remembered_with_what_is_said_now():
    desk = Desk()
    desk.nothing.said = Stated(title="Leeks", rating=Rating.MATURE)
    offer = await desk.uploads.offer(b"text", "oars.txt", Said(title="Oars"), HERE, MODERATOR)
    assert (offer.called, offer.rating) == ("Oars", Rating.MATURE)
    await desk.uploads.accept(offer.token, HERE, MODERATOR)
    ((story, *_),) = desk.store.stored
    assert (story.title, story.rating) == ("Oars", Rating.MATURE)
    assert desk.store.remembered == Stated(title="Oars", rating=Rating.MATURE)


async def test_a_report_does_not_say_unrated_of_a_story_that_a_moderator_rates():
    unknown = strings.PROBLEMS["rating_unknown"].format(value="nonsense")
    other = strings.PROBLEMS["quote_marks_removed"]
    doubts = tuple(Problem(Severity.WARNING, "oars.txt", 1, message) for message in (unknown, other))
    desk = Desk([replace(STORY, rating=Rating.UNRATED, problems=doubts)])
    offer = await desk.uploads.offer(b"text", "oars.txt", Said(rating=Rating.TEEN), HERE, MODERATOR)
    assert (offer.rating, offer.problems, offer.problem_count) == (Rating.TEEN, (other,), 1)
    offer = await desk.uploads.offer(b"text", "oars.txt", Said(), HERE, MODERATOR)
    assert (offer.rating, offer.problem_count) == (Rating.UNRATED, 2)
