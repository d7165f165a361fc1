"""The page `docs/settings.md`, made from the schema: `python -m byline.config.reference > docs/settings.md`."""

from __future__ import annotations

import inspect
import sys

from byline.config.definition import Definition, Layer, Scope, camel_case, in_toml
from byline.config.schema import definitions, sections

_INTRODUCTION = """\
<!-- Made from server/byline/config/schema.py by `make docs`. Edit that file. -->

# Settings

Everything works without any setting. Values come from four layers:

1. `.byline.toml` at the root of the repository,
2. `$XDG_CONFIG_HOME/byline/config.toml` (`~/.config/byline/config.toml` where that variable is not set),
3. environment variables; one that is empty counts as not set,
4. the editor: the section `byline` of its settings, nested as in TOML.

They are merged key by key, and the later layer wins. Two rules keep a repository that you cloned from deciding for you:

- Its file cannot set what runs or sends anything, or what is read outside of it. Such settings say so below.
- For a *private* setting the strictest layer wins, whichever it is, and the repository's file can only make it stricter
  than the default.

A key that does not exist or a value that is not valid is reported, with the nearest name that exists; everything else
still holds. A private setting whose value is not valid is held at its strictest until that is mended, but for numbers.
`byline config` shows each value and where it comes from. A file may have up to 16 KiB, and no line over 1,000 bytes.

In an editor's settings, give only what should differ from the default: a value that an editor sends hides what the
files and the environment say.
"""


def page() -> str:
    """The whole page, in Markdown."""
    parts = [
        _INTRODUCTION,
        "## All defaults\n",
        "As they would stand in `config.toml`:\n",
        f"```toml\n{_defaults()}```\n",
    ]
    for section, holder in sections().items():
        held = [d for d in definitions().values() if d.section == section]
        title = f"`{camel_case(section)}`" if section else "At the top"
        parts += [f"## {title}\n", f"{inspect.getdoc(holder)}\n" if section else "", *map(_described, held)]
    return "\n".join(filter(None, parts))


def _defaults() -> str:
    lines: list[str] = []
    section = None
    for definition in definitions().values():
        if definition.about.scope is Scope.CLIENT:
            continue
        if definition.section != section:
            section = definition.section
            lines += [""] * bool(lines) + [f"[{camel_case(section)}]"]
        lines.append(f"{definition.key.rpartition('.')[2]} = {in_toml(definition.default)}")
    return "\n".join(lines) + "\n"


def _described(definition: Definition) -> str:
    about = definition.about
    facts = [
        f"default: `{in_toml(definition.default)}`",
        f"value: {definition.expected}",
        f"can be set {about.scope.value}",
    ]
    if about.scope.allows(Layer.ENVIRONMENT):
        facts.insert(2, f"variable: `{definition.variable}`")
    if about.private:
        facts.append("private: the strictest layer wins")
    return f"### `{definition.key}`\n\n{about.says}\n\n" + "\n".join(f"- {fact}" for fact in facts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
