"""What git itself says: commits, files, and the blame of each. Reads only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FILES = ("100644", "100755")
_LOOKED_AT = 8000  # git takes a file for binary that has a NUL in so many bytes at its start


class Line(NamedTuple):
    """A line of a blame: the commit's id, its author as `name <mail>`, the text without its line break."""

    commit: str
    author: str
    text: str


class Git:
    """The git of this machine, in one repository, with no settings but that repository's own."""

    def __init__(self, root: Path) -> None:
        """`root` is a work tree or a bare repository."""
        self.root = root
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
        self._environment = kept | alone

    def run(self, *arguments: str) -> bytes:
        """The output of a command. Raises subprocess.CalledProcessError."""
        command = ["git", "--literal-pathspecs", *arguments]
        return subprocess.run(command, cwd=self.root, env=self._environment, capture_output=True, check=True).stdout

    def commits(self) -> list[str]:
        """HEAD and all commits behind it. Raises subprocess.CalledProcessError where there is none."""
        return self.run("rev-list", "HEAD").decode().split()

    def files(self, commit: str) -> list[str]:
        """The paths of all regular files in a commit; bytes that are not UTF-8 as surrogates."""
        entries = (entry.partition(b"\t") for entry in self.run("ls-tree", "-r", "-z", commit).split(b"\0"))
        return [_decoded(path) for what, _, path in entries if what.decode().startswith(_FILES)]

    def is_text(self, commit: str, path: str) -> bool:
        """Whether git takes a file for text."""
        return b"\0" not in self.run("cat-file", "blob", f"{commit}:{path}")[:_LOOKED_AT]

    def blame(self, commit: str, path: str) -> list[Line]:
        """`git blame --porcelain` of a file."""
        return list(_lines(self.run("blame", "--porcelain", commit, "--", path)))

    def notes_refs(self) -> list[str]:
        """All refs that hold notes."""
        return self.run("for-each-ref", "--format=%(refname)", "refs/notes/").decode().split()

    def journal(self) -> Path:
        """The folder in which a journal of this repository would be."""
        return Path(self.root, _decoded(self.run("rev-parse", "--git-common-dir")).removesuffix("\n"), "byline")


def _lines(porcelain: bytes) -> Iterator[Line]:
    """The lines of `--porcelain` output, which describes each commit once, where it is first named."""
    authors: dict[str, dict[bytes, bytes]] = {}
    commit = ""
    is_head = True
    for row in porcelain.split(b"\n")[:-1]:
        if is_head:
            commit = row.split(b" ", 1)[0].decode()
            is_head = False
        elif row.startswith(b"\t"):
            fields = authors[commit]
            yield Line(commit, _decoded(b"%s %s" % (fields[b"author"], fields[b"author-mail"])), _decoded(row[1:]))
            is_head = True
        else:
            key, _, value = row.partition(b" ")
            authors.setdefault(commit, {})[key] = value


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
