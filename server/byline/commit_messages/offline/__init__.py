"""Messages without a model: dull perhaps, but every name in them stands in the change."""

from __future__ import annotations
