"""Byline: who wrote each line, a person or which AI, from which prompt, and what was changed afterwards."""

__version__ = "0.1.0"
