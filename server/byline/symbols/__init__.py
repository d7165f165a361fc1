"""Symbols: the functions and classes of a file, by grammars that come in wheels, and by paragraphs without one."""

from byline.symbols.outline import Symbol, outline

__all__ = ["Symbol", "outline"]
