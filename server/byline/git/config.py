"""Git's configuration as git itself reads it, and when it has to be read again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from byline.git.files import Stamp, expanded, stamp

LIST = ("config", "--list", "--show-origin", "-z")
"""The command whose output `Config.parse` takes."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings that hold in a repository.

    Keys are git's: section and variable in lower case, the part between as it was written. `watched` are the files,
    existing or not, whose change could change a setting; HEAD is among them, as `includeIf "onbranch:…"` follows it.
    """

    values: Mapping[str, tuple[str, ...]]
    watched: Mapping[Path, Stamp | None]

    @classmethod
    def parse(cls, listing: bytes, known: Iterable[Path]) -> Config:
        """From the output of `LIST` and the files that are `known` to matter."""
        values: dict[str, list[str]] = {}
        files = dict.fromkeys(known)
        fields = listing.split(b"\0")
        for origin, setting in zip(fields[::2], fields[1::2], strict=False):
            key, _, value = os.fsdecode(setting).partition("\n")
            kind, _, name = os.fsdecode(origin).partition(":")
            if kind == "command line":
                continue
            values.setdefault(key, []).append(value)
            if kind == "file":
                files[Path(name)] = None
                if _is_include(key):
                    files[Path(name).parent / expanded(value)] = None
        return cls({k: tuple(v) for k, v in values.items()}, {file: stamp(file) for file in files})

    def is_current(self) -> bool:
        """Whether none of the watched files has changed since."""
        return all(stamp(file) == before for file, before in self.watched.items())

    def get(self, key: str) -> str | None:
        """The value of `key` that wins, or None."""
        return self.values[key][-1] if key in self.values else None


def known_files(git_dir: Path, common_dir: Path) -> list[Path]:
    """Where configuration is looked for, whether or not it is there today."""
    home = expanded("~")
    own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config", "git", "config")
    chosen = [Path(os.environ[name]) for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM") if os.environ.get(name)]
    return [common_dir / "config", git_dir / "config.worktree", git_dir / "HEAD", home / ".gitconfig", own, *chosen]


def _is_include(key: str) -> bool:
    return key == "include.path" or (key.startswith("includeif.") and key.endswith(".path"))
