"""What the names in a JavaScript module stand for: constants, packages, and functions that only give back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from byline.commit_messages.configuration.javascript_literals import string, text_of

_DEFINING = "defineConfig"
_DEFINED_BY = ("@commitlint/", "commitlint", "cz-git", "czg")
_FREEZE = "Object.freeze"
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


@dataclass
class Names:
    """`constants` by what they are set to; `packages` by the package that is imported under a name.

    `giving_back` are functions that return their only argument: those of the file, and `defineConfig` of packages that
    have it for its type only.
    """

    constants: dict[str, Node] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    giving_back: set[str] = field(default_factory=set)

    def declare_constant(self, declarator: Node) -> None:
        """Know `name = value`, and `{defineConfig} = require(package)`."""
        name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
        if not name or not value:
            return
        if name.type == "object_pattern" and (package := required(value)):
            self._import_names(package, (text_of(child) for child in name.named_children))
        elif name.type == "identifier" and _gives_back(value):
            self.giving_back.add(text_of(name))
        elif name.type == "identifier":
            self.constants[text_of(name)] = value

    def declare_function(self, function: Node) -> None:
        """Know a function that only gives back."""
        name, body = function.child_by_field_name("name"), function.child_by_field_name("body")
        statements = [child for child in body.named_children if child.type != "comment"] if body else []
        returned = statements[0] if len(statements) == 1 and statements[0].type == "return_statement" else None
        if name and returned and returned.named_children and _is_parameter(function, returned.named_children[0]):
            self.giving_back.add(text_of(name))

    def declare_import(self, statement: Node) -> None:
        """Know `import name from package` and `import {defineConfig} from package`."""
        source = statement.child_by_field_name("source")
        clause = next((child for child in statement.named_children if child.type == "import_clause"), None)
        for child in clause.named_children if source and clause else ():
            if child.type == "identifier" and source:
                self.packages[text_of(child)] = string(source)
            elif child.type == "named_imports" and source:
                self._import_names(string(source), (text_of(name) for name in child.named_children))

    def _import_names(self, package: str, names: Iterator[str]) -> None:
        if package.startswith(_DEFINED_BY) and _DEFINING in names:
            self.giving_back.add(_DEFINING)

    def given_back(self, call: Node) -> Node | None:
        """The argument that `call` gives back as it is; None where it may do anything else."""
        function, arguments = call.child_by_field_name("function"), _arguments(call)
        if not function or len(arguments) != 1 or arguments[0].type == "spread_element":
            return None
        name = text_of(function)
        return arguments[0] if name in self.giving_back or name == _FREEZE else None

    def touched(self, statement: Node) -> Iterator[str]:
        """The names that some expression could change: what is mentioned in a call, an assignment or a function."""
        stack = [(statement, False)]
        while stack:
            node, doing = stack.pop()
            if node.type == "identifier" and doing:
                yield text_of(node)
            harmless = exports(node) or self.given_back(node) is not None
            inside = doing or (node.type in _DOING and not harmless)
            stack += ((child, inside) for child in node.named_children)


def exports(expression: Node) -> bool:
    """Whether it is `module.exports = value`."""
    left = expression.child_by_field_name("left") if expression.type == "assignment_expression" else None
    return left is not None and text_of(left) == "module.exports"


def required(call: Node) -> str | None:
    """The package of `require("package")`; None for anything else."""
    function = call.child_by_field_name("function") if call.type == "call_expression" else None
    arguments = _arguments(call) if function and text_of(function) == "require" else []
    return string(arguments[0]) if len(arguments) == 1 and arguments[0].type == "string" else None


def without_comments(node: Node) -> list[Node]:
    """The named children of `node` that are no comments."""
    return [child for child in node.named_children if child.type != "comment"]


def _arguments(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    return without_comments(arguments) if arguments else []


def _gives_back(value: Node) -> bool:
    body = value.child_by_field_name("body") if value.type == "arrow_function" else None
    return body is not None and _is_parameter(value, body)


def _is_parameter(function: Node, returned: Node) -> bool:
    """Whether what is returned is the only parameter."""
    only = function.child_by_field_name("parameter")
    parameters = function.child_by_field_name("parameters")
    if parameters:
        many = without_comments(parameters)
        only = many[0] if len(many) == 1 else None
    if only and only.type == "required_parameter":  # TypeScript's, with its type
        only = only.child_by_field_name("pattern")
    names = [node.type == "identifier" and text_of(node) for node in (only, returned) if node]
    return len(names) == 2 and bool(names[0]) and names[0] == names[1]
