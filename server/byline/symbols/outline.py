"""The outline of a text: which symbols it has, and on which lines."""

from __future__ import annotations

import importlib
import logging
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, cast

from byline.symbols.languages import CONTAINER_KINDS, TYPE_KINDS, Language, SymbolKind, language_of

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar
    from tree_sitter import Node, Query, Tree

log = logging.getLogger(__name__)

MAX_LENGTH = 2 * 1024 * 1024
"""Texts with more characters get no outline."""

MAX_NAME = 120
"""Longer names are cut."""

MIN_BLOCK_LINES = 3
"""Shorter runs of lines are no block."""

MAX_SECONDS = 1.0
"""A text that keeps the parser busy for longer is outlined by blocks. Processor time, so that load does not matter: two
megabytes of ordinary code take a quarter of it, while a few thousand `<` can take a parser minutes."""

MAX_OPEN_BRACKETS = 2_000
"""A text with more brackets open at once is outlined by blocks: what a parser does about them when it meets the end of
the text takes time in the square of their number, and cannot be stopped."""

_BRACKET = re.compile(r"<<|<=|[-=]>|[<>()\[\]{}]")
_OPENS = dict.fromkeys("<([{", 1) | dict.fromkeys(">)]}", -1)
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Symbol:
    """One function, class or block.

    `start` and `end` are 0-based lines, both inclusive; a line ends at `\\n` only. `depth` counts the symbols around
    it. `container` is true for kinds that are there to hold other symbols.
    """

    name: str
    kind: SymbolKind
    start: int
    end: int
    depth: int
    container: bool


def outline(text: str, language: str | None, path: str) -> list[Symbol]:
    """The symbols of `text` in the order in which they start, outer ones before inner ones.

    `language` is the editor's language id; where it says nothing, the extension of `path` decides. A language without
    a grammar is outlined by blocks: runs of at least three non-blank lines that begin at the left margin. Never raises;
    a text of more than `MAX_LENGTH` characters has no symbols.
    """
    if len(text) > MAX_LENGTH:
        return []
    known = language_of(language, path)
    symbols = _by_grammar(text, known) if known else None
    return list(_blocks(text)) if symbols is None else symbols


def _by_grammar(text: str, language: Language) -> list[Symbol] | None:
    """The symbols that the grammar finds, or None where there is no grammar or it takes too long."""
    loaded = _load(language)
    if loaded is None:
        return None
    grammar, query = loaded
    source = text.encode("utf-8", "replace")
    tree = None if _too_many_brackets(text) else _parse(source, grammar)
    if tree is None:
        return None
    return list(_nest(_bare_symbols(_captures(tree, query, len(source)), source)))


@cache
def _load(language: Language) -> tuple[Grammar, Query] | None:
    """The grammar from its wheel and our query for it, or None where the wheel is missing or does not fit."""
    try:
        from tree_sitter import Language as Grammar
        from tree_sitter import Query

        grammar = Grammar(getattr(importlib.import_module(language.module), language.factory)())
        return grammar, Query(grammar, language.query)
    except (ImportError, AttributeError, ValueError) as error:
        log.warning("No outline by grammar: %s cannot be used (%s); reinstall Byline to get it", language.module, error)
        return None


def _too_many_brackets(text: str) -> bool:
    brackets = (bracket for piece in _pieces(text) for bracket in _BRACKET.findall(piece))
    return max(accumulate(_OPENS.get(bracket, 0) for bracket in brackets), default=0) > MAX_OPEN_BRACKETS


def _pieces(text: str) -> Iterator[str]:
    """`text` in pieces of whole lines: other threads stand still while a pattern runs over one."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start + _CHUNK) + 1 or len(text)
        yield text[start:stop]
        start = stop


def _parse(source: bytes, grammar: Grammar) -> Tree | None:
    """The syntax tree, or None where that takes longer than `MAX_SECONDS`."""
    from tree_sitter import Parser

    deadline = time.thread_time() + MAX_SECONDS

    def too_late(_offset: int, _has_error: bool) -> bool:
        return time.thread_time() > deadline

    def read(offset: int, _point: object) -> memoryview:
        return views.enter_context(whole[offset : offset + _CHUNK])

    try:
        # The binding never lets go of what it was given to read: a view that was released holds no text any more.
        with memoryview(source) as whole, ExitStack() as views:
            return Parser(grammar).parse(read, encoding="utf8", progress_callback=too_late)
    except ValueError:  # this is how tree-sitter says that the callback stopped it
        log.info("No outline by grammar: %d bytes take more than %.1f s to parse", len(source), MAX_SECONDS)
        return None


def _captures(tree: Tree, query: Query, size: int) -> list[tuple[Node, str]]:
    """The nodes that the query finds, each once, in pieces of the text of `size` bytes: see `_pieces`."""
    from tree_sitter import QueryCursor

    cursor = QueryCursor(query)
    found: dict[tuple[int, str], Node] = {}
    for start in range(0, size, _CHUNK):
        cursor.set_byte_range(start, start + _CHUNK)
        for kind, nodes in cursor.captures(tree.root_node).items():
            found.update(((node.id, kind), node) for node in nodes)  # one that reaches further comes again
    return [(node, kind) for (_, kind), node in found.items()]


def _bare_symbols(found: Iterable[tuple[Node, str]], source: bytes) -> Iterator[Symbol]:
    """Symbols without their place in the nesting, of the nodes that have a name; a wrapper lends its first line."""
    wrapper: Node | None = None
    for node, kind in sorted(found, key=lambda item: (item[0].start_byte, -item[0].end_byte)):
        if kind == "wrapper":
            if wrapper is None or wrapper.end_byte != node.end_byte:
                wrapper = node
        elif name := _name(node, source):
            start, end = _lines(node)
            if wrapper is not None and source[node.end_byte : wrapper.end_byte] in (b"", b";"):
                start = wrapper.start_point.row
                wrapper = None
            yield Symbol(name, cast(SymbolKind, kind), start, end, 0, kind in CONTAINER_KINDS)


def _name(node: Node, source: bytes) -> str:
    """What the node calls itself: its name, or, in C, what its declarators lead to; empty where it has none."""
    fields = ("name", "property", "declarator", "type")
    inner = next((child for field in fields if (child := node.child_by_field_name(field))), None)
    while inner is not None and (deeper := inner.child_by_field_name("declarator")):
        inner = deeper
    return _first_line(source[inner.start_byte : inner.end_byte].decode("utf-8", "replace")) if inner else ""


def _lines(node: Node) -> tuple[int, int]:
    """First and last line; a node that ends at the very start of a line does not reach that line."""
    (start, _), (end, column) = node.start_point, node.end_point
    return start, max(start, end if column else end - 1)


def _nest(bare: Iterable[Symbol]) -> Iterator[Symbol]:
    """The symbols in order with their depths; a function right inside a type becomes a method."""
    around: list[Symbol] = []
    for symbol in sorted(bare, key=lambda s: (s.start, -s.end)):
        while around and around[-1].end < symbol.end:
            around.pop()
        parent = around[-1] if around else None
        if parent and (parent.start, parent.end, parent.kind) == (symbol.start, symbol.end, symbol.kind):
            continue  # `typedef struct node { … } node_t;` is one symbol
        is_method = symbol.kind == "function" and parent is not None and parent.kind in TYPE_KINDS
        symbol = replace(symbol, kind="method" if is_method else symbol.kind, depth=len(around))
        yield symbol
        around.append(symbol)


def _blocks(text: str) -> Iterator[Symbol]:
    """Runs of non-blank lines of which the first stands at the left margin."""
    lines = text.split("\n")
    start = 0
    for number, line in enumerate([*lines, ""]):
        if line.strip():
            continue
        if number - start >= MIN_BLOCK_LINES and not lines[start][0].isspace():
            yield Symbol(_first_line(lines[start]), "block", start, number - 1, 0, False)
        start = number + 1


def _first_line(text: str) -> str:
    return text.partition("\n")[0].strip()[:MAX_NAME]
