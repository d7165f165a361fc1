"""The server's settings in this extension's manifest, made from the server's own schema.

    python scripts/settings.py            write them into package.json
    python scripts/settings.py --check    exit with 1 if they are not what would be written

A repository brings its own `.vscode/settings.json`. So what runs or reads something outside of it, and what is private,
can be set for the machine only; a repository may make it stricter in its `.byline.toml`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from byline.config.definition import Definition, Scope
from byline.config.schema import definitions

MANIFEST = Path(__file__).resolve().parent.parent / "package.json"
TITLE = "Byline's server"
LINK = re.compile(r"\[([^]]+)\]\((?!https?:)[^)]+\)")  # to another page of docs/, which is not where the editor looks


def main() -> int:
    """Write or check; the exit code."""
    before = MANIFEST.read_text("utf-8")
    after = updated(before)
    if "--check" in sys.argv[1:]:
        if before != after:
            sys.stderr.write("package.json has other settings than the server. Run: python scripts/settings.py\n")
        return int(before != after)
    MANIFEST.write_text(after, "utf-8")
    return 0


def updated(manifest: str) -> str:
    """The manifest with the server's settings, and with those that a folder must be trusted for."""
    package = json.loads(manifest)
    ours, *_ = package["contributes"]["configuration"]
    theirs = {"title": TITLE, "properties": properties()}
    package["contributes"]["configuration"] = [ours, theirs]
    machine = [
        key for part in (ours, theirs) for key, value in part["properties"].items() if value["scope"] == "machine"
    ]
    package["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = sorted(machine)
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def properties() -> dict[str, dict[str, object]]:
    """Every setting that is not the editor's own word, as JSON schemas by key."""
    settings = [d for d in definitions().values() if d.about.scope is not Scope.CLIENT]
    return {f"byline.{d.key}": {**_value(d), **_about(d), "order": order} for order, d in enumerate(settings)}


def _about(setting: Definition) -> dict[str, object]:
    machine = setting.about.scope is Scope.USER or setting.about.private
    default = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    return {
        "default": default,
        "scope": "machine" if machine else "window",
        "markdownDescription": LINK.sub(r"\1", setting.about.says),
    }


def _value(setting: Definition) -> dict[str, object]:
    if setting.is_list:
        names = {"type": "array", "items": {"type": "string", "enum": list(setting.choices)}, "uniqueItems": True}
        return {"anyOf": [{"const": "all"}, names]}
    if setting.choices:
        return {"type": "string", "enum": list(setting.choices)}
    if setting.about.bounds:
        least, most = setting.about.bounds
        return {"type": "integer", "minimum": least, "maximum": most}
    return {"type": "string" if setting.about.form else "boolean"}


if __name__ == "__main__":
    sys.exit(main())
