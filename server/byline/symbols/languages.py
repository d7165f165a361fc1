"""The languages that outlines are known for: one small table each, from syntax patterns to kinds of symbol.

The patterns are tree-sitter queries (https://tree-sitter.github.io/tree-sitter/using-parsers/queries); the node types
are those that each grammar lists in its `node-types.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import Literal

SymbolKind = Literal[
    "class", "struct", "interface", "trait", "enum", "impl", "module", "constructor", "function", "method", "block"
]

TYPE_KINDS: frozenset[SymbolKind] = frozenset({"class", "struct", "interface", "trait", "enum", "impl"})
"""Kinds whose functions are methods."""

CONTAINER_KINDS: frozenset[SymbolKind] = TYPE_KINDS | {"module"}
"""Kinds that are there to hold other symbols."""


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """How to outline one language.

    `module` and `factory` name the grammar's wheel and the function in it. `symbols` maps a pattern to the kind of what
    it matches. `wrapper` is the pattern of a node that belongs to the symbol that it ends with, such as decorators.
    """

    module: str
    symbols: Mapping[str, SymbolKind]
    wrapper: str | None = None
    factory: str = "language"

    @property
    def query(self) -> str:
        """One query for everything, with the kind (or `wrapper`) as the name of each capture."""
        lines = [f"{pattern} @{kind}" for pattern, kind in self.symbols.items()]
        return "\n".join([*lines, f"{self.wrapper} @wrapper"] if self.wrapper else lines)


_PYTHON = Language(
    "tree_sitter_python",
    {"(class_definition)": "class", "(function_definition)": "function"},
    wrapper="(decorated_definition)",
)

_ECMASCRIPT: Mapping[str, SymbolKind] = MappingProxyType(
    {
        "(class_declaration)": "class",
        "(function_declaration)": "function",
        "(generator_function_declaration)": "function",
        "(method_definition)": "method",
        "(variable_declarator value: [(arrow_function) (function_expression) (generator_function)])": "function",
        "(variable_declarator value: (class))": "class",
    }
)
_EXPORT = "(export_statement)"

_JAVASCRIPT = Language(
    "tree_sitter_javascript",
    {**_ECMASCRIPT, "(field_definition value: [(arrow_function) (function_expression)])": "method"},
    _EXPORT,
)

_TYPESCRIPT_SYMBOLS: Mapping[str, SymbolKind] = MappingProxyType(
    {
        **_ECMASCRIPT,
        "(abstract_class_declaration)": "class",
        "(interface_declaration)": "interface",
        "(enum_declaration)": "enum",
        "(internal_module)": "module",
        "(module)": "module",
        "(public_field_definition value: [(arrow_function) (function_expression)])": "method",
    }
)
_TYPESCRIPT = Language("tree_sitter_typescript", _TYPESCRIPT_SYMBOLS, _EXPORT, "language_typescript")
_TSX = Language("tree_sitter_typescript", _TYPESCRIPT_SYMBOLS, _EXPORT, "language_tsx")

_GO = Language(
    "tree_sitter_go",
    {
        "(function_declaration)": "function",
        "(method_declaration)": "method",
        "(type_spec type: (struct_type))": "struct",
        "(type_spec type: (interface_type))": "interface",
    },
)

_RUST = Language(
    "tree_sitter_rust",
    {
        "(function_item)": "function",
        "(struct_item)": "struct",
        "(enum_item)": "enum",
        "(union_item)": "struct",
        "(trait_item)": "trait",
        "(impl_item)": "impl",
        "(mod_item body: (_))": "module",
        "(macro_definition)": "function",
    },
)

_JAVA = Language(
    "tree_sitter_java",
    {
        "(class_declaration)": "class",
        "(record_declaration)": "class",
        "(interface_declaration)": "interface",
        "(annotation_type_declaration)": "interface",
        "(enum_declaration)": "enum",
        "(method_declaration)": "method",
        "(constructor_declaration)": "constructor",
        "(compact_constructor_declaration)": "constructor",
    },
)

_C_SYMBOLS: Mapping[str, SymbolKind] = MappingProxyType(
    {
        "(function_definition)": "function",
        "(type_definition type: [(struct_specifier) (union_specifier)])": "struct",
        "(type_definition type: (enum_specifier))": "enum",
        "(struct_specifier body: (_))": "struct",
        "(union_specifier body: (_))": "struct",
        "(enum_specifier body: (_))": "enum",
    }
)
_C = Language("tree_sitter_c", _C_SYMBOLS)

_CPP = Language(
    "tree_sitter_cpp",
    {**_C_SYMBOLS, "(class_specifier body: (_))": "class", "(namespace_definition)": "module"},
    wrapper="(template_declaration)",
)

_C_SHARP = Language(
    "tree_sitter_c_sharp",
    {
        "(class_declaration)": "class",
        "(record_declaration)": "class",
        "(struct_declaration)": "struct",
        "(interface_declaration)": "interface",
        "(enum_declaration)": "enum",
        "(namespace_declaration)": "module",
        "(method_declaration)": "method",
        "(constructor_declaration)": "constructor",
        "(local_function_statement)": "function",
    },
)

_PHP = Language(
    "tree_sitter_php",
    {
        "(class_declaration)": "class",
        "(interface_declaration)": "interface",
        "(trait_declaration)": "trait",
        "(enum_declaration)": "enum",
        "(namespace_definition body: (_))": "module",
        "(function_definition)": "function",
        "(method_declaration)": "method",
    },
    factory="language_php",
)

_RUBY = Language(
    "tree_sitter_ruby",
    {"(class)": "class", "(module)": "module", "(method)": "method", "(singleton_method)": "method"},
)

_BASH = Language("tree_sitter_bash", {"(function_definition)": "function"})

# Keys: the language ids of LSP, and the file types of Vim where they differ.
_BY_ID: Mapping[str, Language] = MappingProxyType(
    {
        "python": _PYTHON,
        "javascript": _JAVASCRIPT,
        "javascriptreact": _JAVASCRIPT,
        "typescript": _TYPESCRIPT,
        "typescriptreact": _TSX,
        "go": _GO,
        "rust": _RUST,
        "java": _JAVA,
        "c": _C,
        "cpp": _CPP,
        "csharp": _C_SHARP,
        "cs": _C_SHARP,
        "php": _PHP,
        "ruby": _RUBY,
        "shellscript": _BASH,
        "sh": _BASH,
        "bash": _BASH,
    }
)

_EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "python": "py pyi pyw",
        "javascript": "js mjs cjs jsx",
        "typescript": "ts mts cts",
        "typescriptreact": "tsx",
        "go": "go",
        "rust": "rs",
        "java": "java",
        "c": "c h",
        "cpp": "cc cpp cxx hh hpp hxx",
        "csharp": "cs",
        "php": "php",
        "ruby": "rb rake gemspec",
        "shellscript": "sh bash",
    }
)
_BY_EXTENSION: Mapping[str, Language] = MappingProxyType(
    {f".{extension}": _BY_ID[name] for name, extensions in _EXTENSIONS.items() for extension in extensions.split()}
)


def language_of(language_id: str | None, path: str) -> Language | None:
    """The language that the editor names or else, where that is not one of ours, that the file's extension tells."""
    return _BY_ID.get(language_id or "") or _BY_EXTENSION.get(PurePath(path).suffix.lower())
