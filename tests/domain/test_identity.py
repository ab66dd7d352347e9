"""Which scenes and lines of a re-import are the stored ones."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.identity import generated, judge
from bot.domain.identity import match_lines, match_scenes
from bot.domain.story import LineId, SceneId
from tests.support.laws import LAW
from tests.support.revisions import EDITS, revise

WORDS = (
    "river oar lantern salt bread ledger gate fog bell piano road bridge clay rope winter candle boat "
    "tide stone door captain baker clerk sister horse letter window kettle garden ladder the a and of to "
    "in he she it was had not but ran stood sang took gave lost found broke carried counted whispered"
).split()
NEW_WORDS = "meteor syntax carbon galaxy neutron vector plasma quasar matrix proton orbit comet laser".split()

TEXTS = [" ".join(random.Random(n).choices(WORDS, k=4 + n % 9)) for n in range(60)]
sentences = st.sampled_from([*TEXTS, *(text + "!" for text in TEXTS[:10])])
unique = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12, unique=True)


def scenes(texts: list[str]) -> list[tuple[SceneId, str]]:
    return [(SceneId(100 + n), text) for n, text in enumerate(texts)]


def lines(texts: list[str]) -> list[tuple[LineId, str]]:
    return [(LineId(100 + n), text) for n, text in enumerate(texts)]


def scene(seed: int, words: int = 120) -> str:
    pick = random.Random(seed)
    return " ".join(pick.choice(WORDS) + str(pick.randrange(40)) for _ in range(words))


def edited(text: str, seed: int, share: float) -> str:
    """Every word replaced, dropped or doubled with a third of the chance each."""
    pick = random.Random(seed)
    out: list[str] = []
    for word in text.split():
        fate = pick.random()
        if fate < share / 3:
            continue
        out.append(pick.choice(NEW_WORDS) if fate < share * 2 / 3 else word)
        if share * 2 / 3 <= fate < share:
            out.append(pick.choice(NEW_WORDS))
    return " ".join(out)


@LAW
@given(st.lists(sentences, max_size=12))
def test_what_did_not_change_keeps_every_id(texts: list[str]):
    assert match_scenes(scenes(texts), texts).ids == [found for found, _ in scenes(texts)]
    assert match_lines(lines(texts), texts).ids == [found for found, _ in lines(texts)]


@LAW
@given(unique, st.randoms(use_true_random=False))
def test_what_moved_keeps_its_id(texts: list[str], pick: random.Random):
    old = scenes(texts)
    moved = pick.sample(old, len(old))
    assert match_scenes(old, [text for _, text in moved]).ids == [found for found, _ in moved]
    assert match_lines(lines(texts), [text for _, text in moved]).ids == [LineId(found) for found, _ in moved]


@LAW
@given(unique, st.data())
def test_what_stays_keeps_its_id_whatever_is_taken_away_or_put_in(texts: list[str], data: st.DataObject):
    old = lines(texts)
    kept = [line for line in old if data.draw(st.booleans())]
    new = [text for _, text in kept]
    at = data.draw(st.integers(0, len(new)))
    new[at:at] = ["Meteor syntax carbon galaxy neutron vector plasma quasar."]
    expected: list[LineId | None] = [found for found, _ in kept]
    expected[at:at] = [None]
    assert match_lines(old, new).ids == expected


@LAW
@given(st.lists(sentences, max_size=10), st.lists(sentences, max_size=10))
def test_an_id_goes_to_one_text_at_most_and_is_an_old_one(before: list[str], after: list[str]):
    for found in (match_scenes(scenes(before), after).ids, match_lines(lines(before), after).ids):
        assert len(found) == len(after)
        kept = [one for one in found if one is not None]
        assert len(kept) == len(set(kept))
        assert set(kept) <= {100 + n for n in range(len(before))}


@LAW
@given(st.integers(0, 1000), st.floats(0, 0.3))
def test_a_scene_that_was_edited_and_moved_keeps_its_id(seed: int, share: float):
    texts = [scene(seed + n) for n in range(6)]
    old = scenes(texts)
    moved = random.Random(seed).sample(old, len(old))
    new = [edited(text, seed + n, share) for n, (_, text) in enumerate(moved)]
    assert match_scenes(old, new).ids == [found for found, _ in moved]


@LAW
@given(st.integers(0, 1000))
def test_no_id_goes_to_a_scene_of_the_same_words_in_another_order(seed: int):
    texts = [scene(seed + n) for n in range(4)]
    new = [" ".join(random.Random(seed).sample(text.split(), len(text.split()))) for text in texts]
    assert match_scenes(scenes(texts), new).ids == [None] * 4


def test_a_split_keeps_the_id_on_the_larger_piece_and_a_merge_keeps_the_larger_ones():
    first, second = scene(1, 200), scene(2, 120)
    words = first.split()
    larger, smaller = " ".join(words[:130]), " ".join(words[130:])
    assert match_scenes(scenes([first]), [larger, smaller]).ids == [100, None]
    assert match_scenes(scenes([first, second]), [f"{first} {second}"]).ids == [100]
    thirds = [" ".join(words[at : at + 67]) for at in (0, 67, 134)]
    assert match_scenes(scenes([first]), thirds).ids == [100, None, None]


def test_curly_marks_and_commas_change_no_identity():
    old = lines(['"Go," she said.', "He didn't."])
    assert match_lines(old, ["“Go!” she said", "He didn’t."]).ids == [100, 101]


def test_a_line_that_was_corrected_keeps_its_id():
    old = lines(["The river rembers every oar that broke it.", "Nothing else does."])
    assert match_lines(old, ["The river remembers every oar that broke it.", "Nothing else does."]).ids == [
        100,
        101,
    ]


def test_lines_that_say_the_same_are_told_apart_by_their_neighbours():
    old = lines(["“No.”", "He wept.", "“No.”", "She laughed.", "“No.”"])
    new = ["He wept.", "“No.”", "She laughed.", "“No.”"]
    assert match_lines(old, new).ids == [101, 102, 103, 104]


def test_short_lines_that_share_words_are_not_the_same():
    old = lines(["“I find it dirty.”", "He raised his hand.", "“It will rain.”"])
    new = ["“How shall I find it?”", "She raised her glass.", "“It will be a fine day.”"]
    assert match_lines(old, new).ids == [None] * 3


# Revisions by a generator that knows what became of every scene; benchmarks/identity.py measures more


@settings(LAW, max_examples=6)
@given(st.integers(0, 10_000), st.sampled_from([0.35, 0.9]))
def test_whatever_an_author_does_ids_stay_with_their_scenes(seed: int, rate: float):
    story, author, anew = generated(seed, 60)
    count = judge(story, revise(story, author.pick, author.word, anew, rate=rate))
    assert count["kept"] >= 0.99 * count["should"] > 0
    assert (count["wrong"], count["strayed"]) == (0, 0)
    assert count["split kept"] == count["split"]
    assert count["merged kept"] == count["aliases"] == count["merged"]


@pytest.mark.parametrize("kind", EDITS)
def test_each_kind_of_edit_keeps_ids(kind: str):
    story, author, anew = generated(7, 60)
    count = judge(story, revise(story, author.pick, author.word, anew, [kind], 0.5))
    assert count["kept"] == count["should"]
    assert (count["wrong"], count["strayed"]) == (0, 0)


def test_where_text_went_is_told():
    one, two, three = scene(1, 200), scene(2, 120), scene(3, 150)
    merged = match_scenes(scenes([one, two, three]), [f"{one} {two}", three])
    assert (merged.ids, merged.aliases, merged.holds) == ([100, 102], [(101, 100)], [(0, 101)])
    words = one.split()
    split = match_scenes(scenes([one, two]), [" ".join(words[:120]), " ".join(words[120:]), two])
    assert (split.ids, split.aliases) == ([100, None, 101], [])
    assert (split.holds, split.pieces) == ([(1, 100)], {1})
    moved = match_scenes(scenes([one, two]), [" ".join(words[:160]), f"{' '.join(words[160:])} {two}"])
    assert (moved.ids, moved.aliases, moved.holds, moved.pieces) == ([100, 101], [], [(1, 100)], frozenset())
    gone = match_scenes(scenes([one, two, three]), [one, scene(9, 120), three])
    assert (gone.ids, gone.aliases, gone.holds, gone.pieces) == ([100, None, 102], [], [], frozenset())


def with_words_kept(run: int, pairs: int) -> tuple[str, str]:
    """Two texts of a hundred words: a run of them stands in both, and so many pairs, in the same order."""
    before, after = [f"here{n}" for n in range(run)], [f"here{n}" for n in range(run)]
    for n in range(pairs):
        before += [f"old{n}", f"one{n}", f"two{n}"]
        after += [f"new{n}", f"one{n}", f"two{n}"]
    before += [f"rest{n}" for n in range(100 - len(before))]
    after += [f"other{n}" for n in range(100 - len(after))]
    return " ".join(before), " ".join(after)


# Of 98 phrases of three words, 10 stand in both in the first two and 18 in the last two.
@pytest.mark.parametrize(
    ("run", "pairs", "likeness", "same"),
    [(12, 28, 0.68, True), (13, 27, 0.67, False), (20, 20, 0.60, True), (19, 20, 0.59, False)],
)
def test_how_alike_two_scenes_must_be(run: int, pairs: int, likeness: float, same: bool):
    before, after = with_words_kept(run, pairs)
    words = before.split()
    assert len(words) == len(after.split()) == 100
    assert len(set(words) & set(after.split())) == round(100 * likeness)
    assert match_scenes(scenes([before]), [after]).ids == [100 if same else None]


def test_short_scenes_are_known_by_their_place():
    old = scenes([scene(1), "He did not answer her.", scene(2)])
    assert match_scenes(old, [scene(1), "He did not answer them.", scene(2)]).ids == [100, 101, 102]
    assert match_scenes(old, [scene(1), "Snow fell.", scene(2)]).ids == [100, None, 102]


def test_a_line_that_was_joined_to_its_neighbour_becomes_an_alias():
    old = lines(["She came in from the harbour late.", "It rained.", "Nobody spoke."])
    found = match_lines(old, ["She came in from the harbour late, and it rained.", "Nobody spoke."])
    assert (found.ids, found.aliases) == ([100, 102], [(101, 100)])
