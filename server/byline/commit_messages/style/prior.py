"""What the content of a change says of its type in any repository: a classifier that comes with Byline.

The weights in `prior.json` were learned from public repositories that use Conventional Commits, by
`python -m tests.quality --learn`; the file names them. They say which signs go with which type and hold nothing of
anybody's text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from byline.commit_messages.style.softmax import Softmax


@dataclass(frozen=True, slots=True)
class Prior:
    """The classifier, and the logarithm of how common each type was where it was learned."""

    signs: Softmax
    usual: Mapping[str, float]


@lru_cache(maxsize=1)
def prior() -> Prior:
    """What comes with Byline; read once."""
    content = json.loads(files(__package__).joinpath("prior.json").read_text("utf-8"))
    return Prior(Softmax(tuple(content["classes"]), content["rows"]), content["usual"])
