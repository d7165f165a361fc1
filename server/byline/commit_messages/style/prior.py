"""What the content of a change says of its type in any repository, before anything is known of this one.

The weights are rules of thumb, written by hand: a new source file is more often a feature than a fix, a guard against
a missing value a fix. What a repository's own history teaches soon weighs more (see `style`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log

from byline.commit_messages.style.softmax import Softmax


@dataclass(frozen=True, slots=True)
class Prior:
    """The classifier, and the logarithm of how common each type is taken to be."""

    signs: Softmax
    usual: Mapping[str, float]


_USUAL = {
    "fix": 0.33, "feat": 0.21, "chore": 0.13, "docs": 0.12, "refactor": 0.07,
    "test": 0.05, "ci": 0.04, "build": 0.02, "style": 0.015, "perf": 0.015,
}  # fmt: skip

_SIGNS = {
    # Which files
    "only docs": "docs 4", "only test": "test 4", "only ci": "ci 4", "only lock": "chore 2.5 build 2",
    "only build": "chore 2 build 2", "only config": "chore 1.5 ci 0.3 build 0.3",
    "kinds build+lock": "chore 1.5 build 1.5", "kinds docs+test": "test 1", "kinds docs+source": "docs 0.8 feat 0.4",
    "kinds source+test": "fix 1 feat 0.6 refactor 0.3", "kinds docs+source+test": "feat 1.2",
    "has source": "fix 1 feat 0.8 refactor 0.6 perf 0.3", "has docs": "docs 0.5 feat 0.3", "has ci": "ci 1",
    "has test": "test 0.4 fix 0.3", "has lock": "chore 0.5 build 0.5",
    "A source": "feat 1.2", "A test": "feat 0.3 fix 0.3", "A docs": "docs 0.6 feat 0.3", "A ci": "ci 0.5",
    "D source": "refactor 1 chore 0.4", "D test": "test 0.3 refactor 0.3", "D docs": "docs 0.4",
    "R source": "refactor 1.5",
    # What happened in them
    "lines spacing": "style 3", "lines comments": "docs 2.5", "lines imports": "refactor 0.8 chore 0.5",
    "lines versions": "chore 1.5 build 1",
    "source only added": "feat 0.5", "source only removed": "refactor 1 chore 0.3",
    "symbols added 1": "feat 0.3", "symbols added 2": "feat 0.7", "symbols added 3": "feat 0.9",
    "symbols added 4": "feat 0.9", "symbols only added": "feat 1.2",
    "symbols only changed 1": "fix 0.8", "symbols only changed 2": "fix 0.4", "symbols only changed 3": "refactor 0.4",
    "symbols renamed 1": "refactor 0.8", "symbols renamed 2": "refactor 1.2", "symbols removed 2": "refactor 0.5",
    "symbols removed 3": "refactor 0.7", "symbols removed 4": "refactor 0.7",
    "source lines 1": "fix 0.5 chore 0.3", "source lines 2": "fix 0.6", "source lines 3": "fix 0.6",
    "source lines 4": "fix 0.4",
    "source lines 7": "feat 0.4", "source lines 8": "feat 0.6", "source lines 9": "feat 0.7 refactor 0.3",
    "source lines 10": "feat 0.7 refactor 0.5", "source lines 11": "feat 0.7 refactor 0.6",
    "source files 4": "refactor 0.5", "source files 5": "refactor 0.8", "source files 6": "refactor 1",
    "source added 2": "refactor 0.3", "source added 4": "feat 0.4",
}  # fmt: skip

_WORDS = {
    "fix 0.4": "fix fixes bug issue workaround regression guard fallback missing invalid escape race leak crash panic",
    "fix 0.25": "ensure null none undefined nil catch except error raise throw already instead avoid retry timeout",
    "feat 0.35": "option options flag support enable allow experimental new export public",
    "refactor 0.4": "extract refactor cleanup unused simplify move rename legacy",
    "perf 0.8": "cache fast faster perf performance benchmark lazy memo pool",
    "test 0.2": "expect assert describe mock fixture snapshot",
    "docs 0.4": "typo readme usage",
    "chore 0.5": "bump eslint prettier lint",
    "ci 0.3": "workflow matrix runs",
}


@lru_cache(maxsize=1)
def prior() -> Prior:
    """What comes with Byline."""
    rows = {sign: _row(weights) for sign, weights in _SIGNS.items()}
    rows |= {f"+{word}": _row(weights) for weights, words in _WORDS.items() for word in words.split()}
    rows["always"] = [log(share) for share in _USUAL.values()]
    return Prior(Softmax(tuple(_USUAL), rows), {name: log(share) for name, share in _USUAL.items()})


def _row(weights: str) -> list[float]:
    """A weight for each type from pairs of names and numbers; types that are not named get none."""
    words = weights.split()
    named = dict(zip(words[::2], map(float, words[1::2]), strict=True))
    return [named.get(name, 0.0) for name in _USUAL]
