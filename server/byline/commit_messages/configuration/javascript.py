"""A commitlint configuration in JavaScript or TypeScript, read without running it.

The file is parsed, and what it exports is followed as long as it is plain data: objects, lists, texts, numbers,
constants of the file, spread of those. Everything else is UNKNOWN where it stands. A file that does anything but
declare and export is not read at all, because what it does could change any value.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from tree_sitter import Language, Node, Parser

from byline.commit_messages.configuration.problem import MAX_BYTES, UNKNOWN, Regex, Unknown, Unreadable

_SEVERITIES: Mapping[str, int] = MappingProxyType({"Disabled": 0, "Warning": 1, "Error": 2})
_WORDS: Mapping[str, object] = MappingProxyType({"true": True, "false": False, "null": None, "undefined": None})
_ESCAPES: Mapping[str, str] = MappingProxyType(
    {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)

_HARMLESS = frozenset(
    {
        "comment",
        "empty_statement",
        "import_statement",
        "hash_bang_line",
        "interface_declaration",
        "type_alias_declaration",
        "function_declaration",
        "variable_declaration",
    }
)
_DOING = frozenset(
    {
        "call_expression",
        "new_expression",
        "assignment_expression",
        "augmented_assignment_expression",
        "update_expression",
        "function_declaration",
        "function_expression",
        "arrow_function",
        "method_definition",
        "class_declaration",
        "class",
    }
)
_WRAPPERS = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})
_MAX_DEPTH = 40
_MAX_VALUES = 50_000
_MAX_ITEMS = 10_000


def exported(source: bytes, *, typed: bool) -> object:
    """What a module exports (`module.exports =` or `export default`); `typed` for TypeScript.

    Lists, dictionaries, texts, numbers, Regex, and UNKNOWN for what is not plain data. Raises Unreadable for a file
    that does not parse, exports nothing of the kind, or does more than declare and export.
    """
    if len(source) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES} bytes")
    tree = Parser(_language(typed)).parse(source)
    if tree.root_node.has_error:
        raise Unreadable("it does not parse")
    return _Module(tree.root_node).value()


class _Module:
    """The declarations of one file."""

    def __init__(self, root: Node) -> None:
        self._export: Node | None = None
        self._constants: dict[str, Node] = {}
        self._touched: set[str] = set()
        self._reading: set[str] = set()
        self._read_values = 0
        for statement in root.named_children:
            self._declare(statement)
        for statement in root.named_children:
            self._touched |= set(_touched(statement, self._export))

    def value(self) -> object:
        if self._export is None:
            raise Unreadable("it exports nothing that can be read")
        return self._read(self._export, 0)

    def _declare(self, statement: Node) -> None:
        if statement.type in _HARMLESS:
            return
        if statement.type == "lexical_declaration" and statement.children[0].type == "const":
            for declarator in statement.named_children:
                name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
                if name and value and name.type == "identifier":
                    self._constants[_text(name)] = value
        elif statement.type == "lexical_declaration":  # `let` may change: what it names is not known
            return
        elif statement.type == "export_statement":
            self._declare_export(statement)
        elif statement.type == "expression_statement" and self._exports(statement.named_children[0]):
            self._set_export(statement.named_children[0].child_by_field_name("right"))
        elif not (statement.type == "expression_statement" and statement.named_children[0].type == "string"):
            raise Unreadable(f"line {statement.start_point.row + 1} does more than declare and export")

    def _declare_export(self, statement: Node) -> None:
        if value := statement.child_by_field_name("value"):
            self._set_export(value)
        elif declaration := statement.child_by_field_name("declaration"):
            if any(child.type == "default" for child in statement.children):
                raise Unreadable("it exports a function")
            self._declare(declaration)

    def _set_export(self, value: Node | None) -> None:
        if self._export is not None:
            raise Unreadable("it exports twice")
        self._export = value

    @staticmethod
    def _exports(expression: Node) -> bool:
        if expression.type != "assignment_expression":
            return False
        left = expression.child_by_field_name("left")
        return left is not None and _text(left) == "module.exports"

    def _read(self, node: Node, depth: int) -> object:
        self._read_values += 1
        if depth > _MAX_DEPTH or self._read_values > _MAX_VALUES:
            raise Unreadable("it is nested too deeply, or has too many values")
        if node.type in _WRAPPERS:
            return self._read(node.named_children[0], depth + 1)
        reader = _READERS.get(node.type)
        return reader(self, node, depth + 1) if reader else UNKNOWN

    def _object(self, node: Node, depth: int) -> object:
        value: dict[str, object] = {}
        for entry in node.named_children:
            if entry.type == "comment":
                continue
            if entry.type == "spread_element":
                spread = self._read(entry.named_children[0], depth)
                if not isinstance(spread, dict):
                    return UNKNOWN
                value |= spread
                continue
            name, entry_value = self._entry(entry, depth)
            if name is None or name == "__proto__":
                return UNKNOWN
            value[name] = entry_value
        return value

    def _entry(self, entry: Node, depth: int) -> tuple[str | None, object]:
        if entry.type == "shorthand_property_identifier":
            return _text(entry), self._constant(entry, depth)
        if entry.type == "method_definition":
            name = entry.child_by_field_name("name")
            return (self._key(name) if name else None), UNKNOWN
        key, value = entry.child_by_field_name("key"), entry.child_by_field_name("value")
        if not key or not value:
            return None, UNKNOWN
        read = self._function if value.type == "arrow_function" else self._read
        return self._key(key), read(value, depth)

    def _key(self, node: Node) -> str | None:
        if node.type == "property_identifier":
            return _text(node)
        if node.type == "string":
            return _string(node)
        return None

    def _array(self, node: Node, depth: int) -> object:
        value: list[object] = []
        kinds = [child.type for child in node.children if child.type != "comment"]
        if any(kind == "," and before in (",", "[") for before, kind in pairwise(kinds)):
            return UNKNOWN
        for element in node.named_children:
            if element.type == "comment":
                continue
            if element.type == "spread_element":
                spread = self._read(element.named_children[0], depth)
                if not isinstance(spread, list):
                    return UNKNOWN
                value += spread
                if len(value) > _MAX_ITEMS:
                    raise Unreadable(f"a list in it has more than {_MAX_ITEMS} values")
            else:
                value.append(self._read(element, depth))
        return UNKNOWN if any(isinstance(element, Unknown) for element in value) else value

    def _constant(self, node: Node, depth: int) -> object:
        name = _text(node)
        if name in _WORDS:
            return _WORDS[name]
        if name == "Infinity":
            return float("inf")
        if name not in self._constants or name in self._touched or name in self._reading:
            return UNKNOWN
        self._reading.add(name)
        value = self._read(self._constants[name], depth)
        self._reading.discard(name)
        return value

    def _member(self, node: Node, depth: int) -> object:
        severity = _text(node).removeprefix("RuleConfigSeverity.")
        if severity in _SEVERITIES and "RuleConfigSeverity" not in self._constants:
            return _SEVERITIES[severity]
        return UNKNOWN

    def _function(self, node: Node, depth: int) -> object:
        """Commitlint calls a function that stands for a rule; one without parameters that only gives a list is read."""
        body, parameters = node.child_by_field_name("body"), node.child_by_field_name("parameters")
        if not body or body.type != "array" or not parameters or parameters.named_children:
            return UNKNOWN
        return self._read(body, depth)

    def _template(self, node: Node, depth: int) -> object:
        if any(child.type == "template_substitution" for child in node.named_children):
            return UNKNOWN
        return _unescaped(_text(node)[1:-1])

    def _negative(self, node: Node, depth: int) -> object:
        argument = node.child_by_field_name("argument")
        value = self._read(argument, depth) if argument else UNKNOWN
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return -value if number and _text(node).startswith("-") else UNKNOWN  # type: ignore[operator]


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _string(node: Node) -> str:
    return _unescaped(_text(node)[1:-1])


def _unescaped(text: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
        if match[4] in "123456789":
            raise Unreadable("a text in it has an octal escape")
        return "" if match[4] in ("\n", "\r\n", "\r") else _ESCAPES.get(match[4], match[4])

    return _ESCAPE.sub(replaced, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number(node: Node) -> object:
    text = _text(node).replace("_", "")
    if not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", text):
        return UNKNOWN
    return float(text) if "." in text else int(text)


def _regex(node: Node) -> Regex:
    pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
    return Regex(_text(pattern) if pattern else "", _text(flags) if flags else "")


def _touched(statement: Node, export: Node | None) -> Iterator[str]:
    """The names that some expression could change: whatever is mentioned in a call, an assignment or a function."""
    stack = [(statement, False)]
    while stack:
        node, doing = stack.pop()
        if node.type == "identifier" and doing:
            yield _text(node)
        assigns_export = node.type == "assignment_expression" and _Module._exports(node)
        inside = doing or (node.type in _DOING and not assigns_export)
        stack += ((child, inside) for child in node.named_children)


_Reader = Callable[[_Module, Node, int], Any]

_READERS: Mapping[str, _Reader] = MappingProxyType(
    {
        "object": _Module._object,
        "array": _Module._array,
        "identifier": _Module._constant,
        "undefined": lambda module, node, depth: None,
        "true": lambda module, node, depth: True,
        "false": lambda module, node, depth: False,
        "null": lambda module, node, depth: None,
        "string": lambda module, node, depth: _string(node),
        "number": lambda module, node, depth: _number(node),
        "regex": lambda module, node, depth: _regex(node),
        "template_string": _Module._template,
        "unary_expression": _Module._negative,
        "member_expression": _Module._member,
    }
)


@functools.lru_cache(maxsize=2)
def _language(typed: bool) -> Language:
    if typed:
        import tree_sitter_typescript

        return Language(tree_sitter_typescript.language_typescript())
    import tree_sitter_javascript

    return Language(tree_sitter_javascript.language())
