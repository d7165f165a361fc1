"""A change in a form that can be worded: by file and by symbol, with what nobody wrote folded away."""

from __future__ import annotations
