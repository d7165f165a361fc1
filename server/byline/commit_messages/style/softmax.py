"""A linear classifier with calibrated probabilities, small enough to be learned anew for each HEAD.

Multinomial logistic regression by stochastic gradient descent with AdaGrad's step sizes (Duchi et al. 2011), and a
temperature that is fitted on examples which were held back (Guo et al. 2017). Learning is deterministic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from byline.commit_messages.style.features import Features

Example = tuple[Features, str]
"""What is known of something, and what it was."""

_ROUNDS = 2
_STEP = 0.12
_KEEP = 0.15  # of the examples, to fit the temperature on
_FEWEST_KEPT = 20
_TEMPERATURES = tuple(0.7 + 0.1 * n for n in range(24))


@dataclass(frozen=True, slots=True)
class Softmax:
    """What was learned: a row of weights, one for each of `classes`, for each feature."""

    classes: tuple[str, ...]
    rows: dict[str, list[float]]
    temperature: float = 1.0

    @classmethod
    def learned(cls, examples: Sequence[Example], classes: Sequence[str]) -> Softmax:
        """From `examples` in the order in which they happened; those of other classes are left out."""
        known = [example for example in examples if example[1] in set(classes)]
        held_back = int(len(known) * _KEEP)
        if held_back < _FEWEST_KEPT:
            return cls.trained(known, classes)
        first = cls.trained(known[:-held_back], classes)
        temperature = fitted_temperature([(first.scores(f), first.classes.index(c)) for f, c in known[-held_back:]])
        return cls.trained(known, classes, temperature=temperature)

    @classmethod
    def trained(
        cls,
        examples: Sequence[Example],
        classes: Sequence[str],
        *,
        rounds: int = _ROUNDS,
        step: float = _STEP,
        temperature: float = 1.0,
    ) -> Softmax:
        """From all `examples`, each of one of the `classes`, passing over them `rounds` times."""
        return cls(tuple(classes), _rows(examples, classes, rounds, step), temperature)

    def scores(self, features: Features) -> list[float]:
        """A score for each class, without bounds."""
        total = [0.0] * len(self.classes)
        for name, weight in features.items():
            row = self.rows.get(name)
            if row is not None:
                total = [score + w * weight for score, w in zip(total, row, strict=True)]
        return total

    def log_odds(self, features: Features) -> dict[str, float]:
        """The logarithm of each class's probability."""
        return dict(zip(self.classes, log_softmax([s / self.temperature for s in self.scores(features)]), strict=True))


def log_softmax(scores: Sequence[float]) -> list[float]:
    """`scores` as logarithms of probabilities that add up to 1."""
    top = max(scores)
    total = top + log(sum(exp(score - top) for score in scores))
    return [score - total for score in scores]


def fitted_temperature(cases: Sequence[tuple[Sequence[float], int]]) -> float:
    """The temperature at which scores explain best which class it was; each case is scores and the class's index."""

    def loss(temperature: float) -> float:
        return -sum(log_softmax([s / temperature for s in scores])[right] for scores, right in cases)

    return min(_TEMPERATURES, key=loss)


def _rows(examples: Sequence[Example], classes: Sequence[str], rounds: int, step: float) -> dict[str, list[float]]:
    count = len(classes)
    number = {name: at for at, name in enumerate(classes)}
    seen = Counter(name for features, _ in examples for name in features)
    rows = {name: [0.0] * count for name, times in seen.items() if times > 1}  # what was seen once teaches nothing
    squares = dict.fromkeys(rows, 0.0)
    prepared = [
        ([(rows[name], name, x) for name, x in features.items() if name in rows], number[c]) for features, c in examples
    ]
    for _ in range(rounds):
        for terms, right in prepared:
            scores = [0.0] * count
            for row, _, x in terms:
                scores = [s + w * x for s, w in zip(scores, row)]  # noqa: B905 - half of the time learning takes
            top = max(scores)
            odds = [exp(s - top) for s in scores]
            total = sum(odds)
            errors = [p / total for p in odds]
            errors[right] -= 1.0
            size = sum(e * e for e in errors)
            if size < 1e-4:
                continue
            for row, name, x in terms:
                squares[name] += size * x * x
                length = step * x / sqrt(squares[name] + 1e-6)
                row[:] = [w - length * e for w, e in zip(row, errors)]  # noqa: B905
    return rows
