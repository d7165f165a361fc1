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
_FEWEST_SEEN = 3  # examples that a feature has to be seen in: of fewer it would be learned by heart
_SMALL = 0.02  # an error, squared, from which there is little to learn
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
            return cls(tuple(classes), _Lesson(known, classes).learned(known))
        lesson = _Lesson(known, classes)
        first = cls(tuple(classes), lesson.learned(known[:-held_back]))
        temperature = fitted_temperature([(first.scores(f), first.classes.index(c)) for f, c in known[-held_back:]])
        return cls(tuple(classes), lesson.learned(known[-held_back:]), temperature)

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


class _Lesson:
    """What is being learned: weights that each part of the examples makes a little better."""

    def __init__(self, examples: Sequence[Example], classes: Sequence[str]) -> None:
        """Of all `examples`, to know which features there are."""
        seen = Counter(name for features, _ in examples for name in features)
        self._classes = {name: at for at, name in enumerate(classes)}
        self._rows = {name: [0.0] * len(classes) for name, times in seen.items() if times >= _FEWEST_SEEN}
        self._squares = dict.fromkeys(self._rows, 1e-6)

    def learned(self, examples: Sequence[Example]) -> dict[str, list[float]]:
        """The weights after `examples`, some of all, were passed over."""
        rows = self._rows
        told = [
            ([(rows[name], name, x) for name, x in features.items() if name in rows], self._classes[name_of_class])
            for features, name_of_class in examples
        ]
        for _ in range(_ROUNDS):
            for terms, right in told:
                self._learn(terms, right)
        return rows

    def _learn(self, terms: Sequence[tuple[list[float], str, float]], right: int) -> None:
        scores = [0.0] * len(self._classes)
        for row, _, x in terms:
            scores = [s + w * x for s, w in zip(scores, row)]  # noqa: B905 - half of the time learning takes
        top = max(scores)
        odds = [exp(s - top) for s in scores]
        total = sum(odds)
        errors = [p / total for p in odds]
        errors[right] -= 1.0
        size = sum(e * e for e in errors)
        if size < _SMALL:
            return
        squares = self._squares
        for row, name, x in terms:
            squares[name] += size * x * x
            length = _STEP * x / sqrt(squares[name])
            row[:] = [w - length * e for w, e in zip(row, errors)]  # noqa: B905
