"""The measures, and how sure they are."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_ROUNDS = 1_000
_BINS = 10


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured on one case. `types` and `scopes` are ranked, likeliest first; `confidence` is the first's."""

    type: str
    scope: str
    types: Sequence[str]
    scopes: Sequence[str]
    confidence: float
    offered: Sequence[str]
    majority: str
    neighbour: str
    majority_scope: str
    neighbour_scope: str
    valid: int
    made: int
    ungrounded: Sequence[str]
    milliseconds: float


Measure = Callable[[Sequence[Result]], float]


def share(test: Callable[[Result], bool]) -> Measure:
    """The share of results of which `test` holds, in per cent."""
    return lambda results: 100 * sum(map(test, results)) / max(len(results), 1)


def macro_f1(results: Sequence[Result]) -> float:
    """The mean over the types of F1, in per cent, each type that people chose counting the same."""
    right = Counter(r.type for r in results if r.types[0] == r.type)
    said, chosen = Counter(r.types[0] for r in results), Counter(r.type for r in results)
    scores = [2 * right[name] / (said[name] + chosen[name]) for name in chosen]
    return 100 * sum(scores) / max(len(scores), 1)


def calibration_error(results: Sequence[Result]) -> float:
    """By how much confidence and accuracy differ on average (expected calibration error in ten bins), in points."""
    bins: dict[int, list[Result]] = {}
    for result in results:
        bins.setdefault(min(int(result.confidence * _BINS), _BINS - 1), []).append(result)
    gaps = (abs(sum(r.confidence for r in group) - sum(r.types[0] == r.type for r in group)) for group in bins.values())
    return 100 * sum(gaps) / max(len(results), 1)


def coverage(results: Sequence[Result], accuracy: float = 0.9) -> float:
    """The largest share of the results, the most confident first, of which `accuracy` are right; in per cent."""
    ranked = sorted(results, key=lambda r: -r.confidence)
    right = best = 0
    for count, result in enumerate(ranked, 1):
        right += result.types[0] == result.type
        if right >= accuracy * count:
            best = count
    return 100 * best / max(len(results), 1)


def interval(by_repository: Mapping[str, Sequence[Result]], measure: Measure) -> tuple[float, float]:
    """The 95 % interval of `measure` over repositories and commits, both drawn again and again (bootstrap)."""
    chance = random.Random(1)
    names = sorted(by_repository)
    found = []
    for _ in range(_ROUNDS):
        drawn = [
            chance.choice(by_repository[name])
            for name in chance.choices(names, k=len(names))
            for _ in by_repository[name]
        ]
        found.append(measure(drawn))
    found.sort()
    return found[int(0.025 * _ROUNDS)], found[int(0.975 * _ROUNDS)]
