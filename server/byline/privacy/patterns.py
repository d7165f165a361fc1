"""What secrets look like: one `Pattern` for each kind of credential, and for the ways in which others are written down.

Every pattern is in RE2's syntax (no look-around), marks the secret itself by the group `secret`, and names words of
which one must be in the text, in lower case, before the pattern is tried at all.
"""

from __future__ import annotations

from byline.privacy.assignments import ASSIGNMENTS
from byline.privacy.places import BLOCKS, PLACES
from byline.privacy.tokens import TOKENS

PATTERNS = TOKENS + BLOCKS + PLACES + ASSIGNMENTS
"""The most telling first: where two overlap, the first gives its name."""

KINDS = tuple(dict.fromkeys(pattern.kind for pattern in PATTERNS))
