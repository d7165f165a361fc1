"""A commitlint configuration in JavaScript or TypeScript, read without running it.

The file is parsed, and what it exports is followed as long as it is plain data: objects, lists, texts, numbers,
constants of the file, what well-known packages export, spread and parts of those. Everything else is UNKNOWN where it
stands. A file that does anything but declare and export is not read at all, because what it does could change any
value.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from tree_sitter import Language, Node, Parser

from byline.commit_messages.configuration.javascript_literals import number, regex, string, text_of, unescaped
from byline.commit_messages.configuration.javascript_names import Names, exports, required, without_comments
from byline.commit_messages.configuration.problem import MAX_BYTES, UNKNOWN, Partly, Unknown, Unreadable

_SEVERITIES: Mapping[str, int] = MappingProxyType({"Disabled": 0, "Warning": 1, "Error": 2})
_WORDS: Mapping[str, object] = MappingProxyType({"true": True, "false": False, "null": None, "undefined": None})

_HARMLESS = frozenset(
    {
        "comment",
        "empty_statement",
        "hash_bang_line",
        "interface_declaration",
        "type_alias_declaration",
        "variable_declaration",
    }
)
_WRAPPERS = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})
_TYPE_FIRST = "type_assertion"
_MAX_DEPTH = 40
_MAX_VALUES = 50_000
_MAX_ITEMS = 10_000


Packages = Mapping[str, object]
"""What packages export, by their names."""


def exported(source: bytes, *, typed: bool, packages: Packages = MappingProxyType({})) -> object:
    """What a module exports (`module.exports =` or `export default`); `typed` for TypeScript.

    `packages` are those whose content is known. Lists, dictionaries (Partly where some entries are not known), texts,
    numbers, Regex, and UNKNOWN for what is not plain data. Raises Unreadable for a file that does not parse, exports
    nothing of the kind, or does more than declare and export.
    """
    if len(source) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES} bytes")
    tree = Parser(_language(typed)).parse(source)
    if tree.root_node.has_error:
        raise Unreadable("it does not parse")
    return _Module(tree.root_node, packages).value()


class _Module:
    """The declarations of one file."""

    def __init__(self, root: Node, packages: Packages) -> None:
        self._packages = packages
        self._export: Node | None = None
        self._names = Names()
        self._touched: set[str] = set()
        self._reading: set[str] = set()
        self._read_values = 0
        for statement in root.named_children:
            self._declare(statement)
        for statement in root.named_children:
            self._touched |= set(self._names.touched(statement))

    def value(self) -> object:
        if self._export is None:
            raise Unreadable("it exports nothing that can be read")
        return self._read(self._export, 0)

    def _declare(self, statement: Node) -> None:
        match statement.type:
            case "lexical_declaration" if statement.children[0].type == "const":
                for declarator in without_comments(statement):
                    self._names.declare_constant(declarator)
            case "lexical_declaration":  # `let` may change: what it names is not known
                return
            case "function_declaration":
                self._names.declare_function(statement)
            case "import_statement":
                self._names.declare_import(statement)
            case "export_statement":
                self._declare_export(statement)
            case "expression_statement":
                self._declare_expression(statement)
            case kind if kind not in _HARMLESS:
                raise _does_more(statement)

    def _declare_expression(self, statement: Node) -> None:
        expression = without_comments(statement)[0]
        if exports(expression):
            self._set_export(expression.child_by_field_name("right"))
        elif expression.type != "string":
            raise _does_more(statement)

    def _declare_export(self, statement: Node) -> None:
        if value := statement.child_by_field_name("value"):
            self._set_export(value)
        elif declaration := statement.child_by_field_name("declaration"):
            if any(child.type == "default" for child in statement.children):
                raise Unreadable("it exports a function")
            self._declare(declaration)
        elif any(child.type == "=" for child in statement.children):  # TypeScript's `export = value`
            self._set_export(without_comments(statement)[0])

    def _set_export(self, value: Node | None) -> None:
        if self._export is not None:
            raise Unreadable("it exports twice")
        self._export = value

    def _read(self, node: Node, depth: int) -> object:
        self._read_values += 1
        if depth > _MAX_DEPTH or self._read_values > _MAX_VALUES:
            raise Unreadable("it is nested too deeply, or has too many values")
        if node.type in _WRAPPERS or node.type == _TYPE_FIRST:
            inner = without_comments(node)
            return self._read(inner[-1 if node.type == _TYPE_FIRST else 0], depth + 1)
        reader = _READERS.get(node.type)
        return reader(self, node, depth + 1) if reader else UNKNOWN

    def _object(self, node: Node, depth: int) -> object:
        value: dict[str, object] = {}
        for entry in without_comments(node):
            if entry.type == "spread_element":
                spread = self._read(entry.named_children[0], depth)
                if isinstance(spread, dict) and not isinstance(spread, Partly):
                    value |= spread
                else:  # it may set anything that stands before it
                    value = Partly(spread if isinstance(spread, Partly) else {})
                continue
            name, entry_value = self._entry(entry, depth)
            if name is None or name == "__proto__":
                return UNKNOWN
            value[name] = entry_value
        return value

    def _entry(self, entry: Node, depth: int) -> tuple[str | None, object]:
        if entry.type == "shorthand_property_identifier":
            return text_of(entry), self._constant(entry, depth)
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
            return text_of(node)
        if node.type == "string":
            return string(node)
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
        name = text_of(node)
        if name in _WORDS:
            return _WORDS[name]
        if name == "Infinity":
            return float("inf")
        if name in self._touched or name in self._reading:
            return UNKNOWN
        if name in self._names.packages:
            return self._package(self._names.packages[name])
        if name not in self._names.constants:
            return UNKNOWN
        self._reading.add(name)
        value = self._read(self._names.constants[name], depth)
        self._reading.discard(name)
        return value

    def _package(self, name: str) -> object:
        return self._packages.get(name, UNKNOWN)

    def _call(self, node: Node, depth: int) -> object:
        if given := self._names.given_back(node):
            return self._read(given, depth)
        package = required(node)
        return self._package(package) if package else UNKNOWN

    def _member(self, node: Node, depth: int) -> object:
        severity = text_of(node).removeprefix("RuleConfigSeverity.")
        if severity in _SEVERITIES and "RuleConfigSeverity" not in self._names.constants:
            return _SEVERITIES[severity]
        whole, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        return _part(self._read(whole, depth), text_of(name)) if whole and name else UNKNOWN

    def _subscript(self, node: Node, depth: int) -> object:
        whole, index = node.child_by_field_name("object"), node.child_by_field_name("index")
        return _part(self._read(whole, depth), self._read(index, depth)) if whole and index else UNKNOWN

    def _function(self, node: Node, depth: int) -> object:
        """Commitlint calls a function that stands for a rule; one without parameters that only gives a list is read."""
        body, parameters = node.child_by_field_name("body"), node.child_by_field_name("parameters")
        if not body or body.type != "array" or not parameters or parameters.named_children:
            return UNKNOWN
        return self._read(body, depth)

    def _template(self, node: Node, depth: int) -> object:
        if any(child.type == "template_substitution" for child in node.named_children):
            return UNKNOWN
        return unescaped(text_of(node)[1:-1])

    def _negative(self, node: Node, depth: int) -> object:
        argument = node.child_by_field_name("argument")
        value = self._read(argument, depth) if argument else UNKNOWN
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return -value if number and text_of(node).startswith("-") else UNKNOWN  # type: ignore[operator]


def _does_more(statement: Node) -> Unreadable:
    return Unreadable(f"line {statement.start_point.row + 1} does more than declare and export")


def _part(whole: object, key: object) -> object:
    """What stands in an object or a list under a key; what those inherit is not known."""
    if isinstance(whole, dict) and isinstance(key, str):
        return whole.get(key, UNKNOWN)
    if isinstance(whole, list) and isinstance(key, int) and 0 <= key < len(whole):
        return whole[key]
    return UNKNOWN


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
        "string": lambda module, node, depth: string(node),
        "number": lambda module, node, depth: number(node),
        "regex": lambda module, node, depth: regex(node),
        "template_string": _Module._template,
        "unary_expression": _Module._negative,
        "member_expression": _Module._member,
        "subscript_expression": _Module._subscript,
        "call_expression": _Module._call,
    }
)


@functools.lru_cache(maxsize=2)
def _language(typed: bool) -> Language:
    if typed:
        import tree_sitter_typescript

        return Language(tree_sitter_typescript.language_typescript())
    import tree_sitter_javascript

    return Language(tree_sitter_javascript.language())
