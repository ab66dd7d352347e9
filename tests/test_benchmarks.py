"""What the lookup benchmark counts, on answers whose figures are known."""

from __future__ import annotations

import pytest

from benchmarks.lookup import Result
from benchmarks.remembered import Question, generated


def figures(result: Result) -> list[str]:
    return [cell.strip() for cell in result.row().split("|")]


def test_every_question_is_answered_by_its_lines_and_those_of_no_line_by_none():
    lines, questions = generated(3_000, 3, seed=5)
    assert len(lines) == 3_000
    for question in questions:
        assert bool(question.answers) == (question.kind != "neg")
        if question.kind == "exact":
            words = question.words.lower().split()
            assert all(word in lines[at].lower() for word in words for at in question.answers)
    assert generated(3_000, 3, seed=5) == (lines, questions)


def test_recall_is_the_mean_over_kinds_and_only_sure_answers_count_beside_the_unanswerable():
    result = Result()
    asked = Question("exact", "x", frozenset({1}))
    for score, line in ((0.9, 1), (0.8, 1), (0.2, 1), (0.9, 2)):
        result.take(asked, [(line, score)], 0.001)
    result.take(Question("typo", "x", frozenset({7})), [(7, 0.9)], 0.001)
    result.take(Question("prefix", "x", frozenset({7})), [(8, 0.9)], 0.001)
    for _ in range(20):
        result.take(Question("neg", "x", frozenset()), [(3, 0.5)], 0.001)
    asked_in_all, recall, sure, area, _ = figures(result)
    assert asked_in_all == "26"
    assert float(recall) == pytest.approx((3 / 4 + 1) / 2, abs=0.001)
    assert float(sure) == pytest.approx(3 / 5)
    assert float(area) == pytest.approx(4 / 5)


def test_no_answer_at_all_is_wrong_and_as_unsure_as_can_be():
    result = Result()
    result.take(Question("exact", "x", frozenset({1})), [], 0.001)
    result.take(Question("neg", "x", frozenset()), [], 0.001)
    assert figures(result)[1:4] == ["0.000", "0.000", "0.500"]
