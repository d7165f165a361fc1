"""The measures of `python -m tests.quality`, on cases that can be worked out by hand."""

from __future__ import annotations

import pytest

from quality.measures import Result, calibration_error, coverage, interval, macro_f1, share


def result(chosen: str, said: str, confidence: float = 0.5) -> Result:
    return Result(chosen, "", [said], [""], confidence, [said], "", "", "", "", 1, 1, [], 1.0)


@pytest.mark.parametrize(
    ("pairs", "accuracy", "f1"),
    [
        ([("fix", "fix"), ("feat", "feat")], 100.0, 100.0),
        ([("fix", "fix"), ("feat", "fix")], 50.0, 100 * (2 / 3) / 2),
        ([("fix", "docs"), ("feat", "docs")], 0.0, 0.0),
        ([("fix", "fix")] * 3 + [("feat", "feat"), ("docs", "feat")], 80.0, 100 * (1 + 2 / 3 + 0) / 3),
    ],
)
def test_accuracy_and_macro_f1(pairs: list[tuple[str, str]], accuracy: float, f1: float) -> None:
    results = [result(chosen, said) for chosen, said in pairs]
    assert share(lambda r: r.types[0] == r.type)(results) == pytest.approx(accuracy)
    assert macro_f1(results) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("cases", "error", "covered"),
    [
        ([(True, 1.0)] * 4, 0.0, 100.0),
        ([(False, 1.0)] * 4, 100.0, 0.0),
        ([(True, 0.95)] * 10 + [(False, 0.15)] * 10, 10.0, 55.0),
    ],
)
def test_confidence(cases: list[tuple[bool, float]], error: float, covered: float) -> None:
    results = [result("fix", "fix" if right else "feat", confidence) for right, confidence in cases]
    assert calibration_error(results) == pytest.approx(error)
    assert coverage(results) == pytest.approx(covered)


def test_an_interval_is_wider_where_repositories_differ() -> None:
    right, wrong = [result("fix", "fix")] * 20, [result("fix", "feat")] * 20
    accuracy = share(lambda r: r.types[0] == r.type)
    assert interval({"a": right, "b": right}, accuracy) == (100.0, 100.0)
    low, high = interval({"a": right, "b": wrong}, accuracy)
    assert (low, high) == (0.0, 100.0)
