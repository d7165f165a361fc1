"""Templates: a form of one's own for messages, in a small and harmless part of Jinja2's language.

`commit.j2` is looked for in `.byline/templates` of a repository, if the person trusts it, and in the templates folder
of the person's own configuration; the repository's wins. A template sees the names of `Parts` and may branch, loop over
the files once, and use a few filters. What could run something, or take long, or grow without bounds (calls,
assignments, arithmetic, loops in loops, includes) is refused when the template is read.

Git's own `commit.template` is another thing: git puts it into the editor, where it stands as text that was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from byline.git.files import is_regular, read_small

if TYPE_CHECKING:
    import jinja2

FOLDER = ".byline/templates"
"""Where a repository's templates are, from the root of its work tree."""

NAME = "commit.j2"
"""The template for commit messages."""

_LARGEST = 16 << 10
_LONGEST_MESSAGE = 16 << 10
_FILTERS = frozenset({"capitalize", "default", "first", "join", "last", "length", "lower", "title", "trim", "upper"})
_NODES = frozenset({
    "Template", "Output", "TemplateData", "Name", "Const", "Getattr", "Getitem", "If", "For", "Filter", "Test",
    "Compare", "Operand", "And", "Or", "Not", "CondExpr", "Concat", "List", "Tuple",
})  # fmt: skip


class BadTemplate(ValueError):  # noqa: N818 - a property of the template
    """A template that cannot be used; the text says why and what to do."""


class Lines(tuple[str, ...]):
    """What a template sees of several lines: it can loop over them, and they are printed one below the other."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(self)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a template sees. A part that there is not is an empty text.

    `header` is the whole first line as it would be without a template, `subject` the part of it behind type and scope;
    `issue` the key that the branch names; `files` the paths of the changed files, `trailers` whole lines.
    """

    header: str = ""
    type: str = ""
    scope: str = ""
    subject: str = ""
    body: str = ""
    trailers: tuple[str, ...] = ()
    issue: str = ""
    branch: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was checked. Made by `Template.of`; `file` is where it stands."""

    source: str
    file: str = NAME

    @classmethod
    def of(cls, source: str, file: str = NAME) -> Template:
        """The template that `source` is. Raises BadTemplate."""
        _compiled(source)
        return cls(source, file)

    def render(self, parts: Parts) -> str:
        """The message that the template makes of `parts`, without blank lines at its edges.

        Raises BadTemplate, also where that is nothing.
        """
        import jinja2

        pieces: list[str] = []
        length = 0
        try:
            for piece in _compiled(self.source).generate(**_seen(parts)):
                length += len(piece)
                if length > _LONGEST_MESSAGE:
                    raise BadTemplate(
                        f"The template makes a message of over {_LONGEST_MESSAGE} characters; shorten it."
                    )
                pieces.append(piece)
        except (jinja2.TemplateError, TypeError, ValueError) as error:
            raise BadTemplate(f"The template cannot be filled in ({error}); mend it, or remove it.") from error
        message = "".join(pieces).strip("\n")
        if not message.strip():
            raise BadTemplate("The template makes no text at all of a message; mend it, or remove it.")
        return message


def _seen(parts: Parts) -> dict[str, object]:
    return {name: Lines(value) if isinstance(value, tuple) else value for name, value in asdict(parts).items()}


def template_of(root: Path, own_folder: Path | None, *, trusted: bool) -> Template | None:
    """The template that holds in a work tree: the repository's, where `trusted`, else the person's own, else None.

    `own_folder` is where the person's own templates are. Raises BadTemplate for one that is there and cannot be used.
    """
    folders = [*([root / FOLDER] if trusted else []), *([own_folder] if own_folder else [])]
    for folder in folders:
        file = folder / NAME
        data = read_small(file, _LARGEST)
        if data is None and is_regular(file):
            raise BadTemplate(f"{file}: The template has over {_LARGEST >> 10} KiB, or cannot be read; shorten it.")
        if data is not None:
            try:
                return Template.of(data.decode("utf-8"), str(file))
            except (BadTemplate, UnicodeDecodeError) as error:
                raise BadTemplate(f"{file}: {error}") from error
    return None


@lru_cache(maxsize=16)
def _compiled(source: str) -> jinja2.Template:
    import jinja2
    from jinja2 import nodes

    if len(source) > _LARGEST:
        raise BadTemplate(f"The template has over {_LARGEST} characters; shorten it.")
    environment = _environment()
    try:
        tree = environment.parse(source)
        _check(tree, nodes.For, loops=0)
        return environment.from_string(source)
    except (jinja2.TemplateError, RecursionError) as error:
        raise BadTemplate(f"The template is not understood ({error}); mend it, or remove it.") from error


def _environment() -> jinja2.Environment:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(autoescape=False, keep_trailing_newline=False, trim_blocks=True)
    environment.globals.clear()
    kept: dict[str, Callable[..., Any]] = {n: f for n, f in environment.filters.items() if n in _FILTERS}
    environment.filters.clear()
    environment.filters.update(kept)
    return environment


def _check(node: Any, loop: type, loops: int) -> None:
    """Refuse what is not in the small language. Raises BadTemplate."""
    name = type(node).__name__
    loops += isinstance(node, loop)
    is_inside = str(getattr(node, "attr", "")).startswith("_")
    if name not in _NODES or loops > 1 or is_inside or getattr(node, "recursive", False):
        what = "a loop in a loop" if name == "For" else name
        raise BadTemplate(f"Line {getattr(node, 'lineno', 1)} uses what templates may not ({what}); use plain parts.")
    for child in node.iter_child_nodes():
        _check(child, loop, loops)
