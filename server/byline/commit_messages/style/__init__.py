"""How a repository words its commits, learned from its own last thousand."""

from __future__ import annotations
