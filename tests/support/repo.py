"""A real repository for tests: fixed people, a clock that steps, nothing of the machine's own configuration."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Self

START = 1_767_225_600  # 2026-01-01 in UTC
STEP = 60

Content = str | bytes | Sequence[str]
"""Text, bytes, or lines without their line breaks."""


class Repo:
    """A repository and its work tree at `root`. Every commit is a minute younger than the one before."""

    def __init__(self, root: Path, clock: list[int] | None = None) -> None:
        """For a repository that is there already; see `init`. `clock` is shared between repositories of one story."""
        self.root = root
        self.clock = clock or [START]

    @classmethod
    def init(cls, root: Path, *options: str) -> Self:
        """A new repository with the branch `main`; `options` are those of `git init`."""
        root.mkdir(parents=True, exist_ok=True)
        repo = cls(root)
        repo.git("init", "--quiet", "--initial-branch=main", *options)
        return repo

    def git(self, *args: str, stdin: Content = b"", ok: Collection[int] = (0,), **env: str) -> str:
        """The output of a git command without the last line break; bytes that are not UTF-8 become surrogates."""
        return self.git_bytes(*args, stdin=stdin, ok=ok, **env).removesuffix(b"\n").decode("utf-8", "surrogateescape")

    def git_bytes(self, *args: str, stdin: Content = b"", ok: Collection[int] = (0,), **env: str) -> bytes:
        """The output of a git command, as it is."""
        done = subprocess.run(
            ["git", *args], cwd=self.root, env=self.environment() | env, input=as_bytes(stdin), capture_output=True
        )
        assert done.returncode in ok, f"git {args}: {done.returncode} {done.stderr.decode('utf-8', 'replace')}"
        return done.stdout

    def environment(self) -> Mapping[str, str]:
        """What git sees: Ann at the clock's time."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        date = f"{self.clock[0]} +0100"
        person = {"NAME": "Ann", "EMAIL": "ann@example.org", "DATE": date}
        people = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
        return {**kept, **people, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}

    def write(self, path: str, content: Content) -> Path:
        """Write a file, with the folders that it needs; a path may have surrogates for bytes that are not UTF-8."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(as_bytes(content))
        return file

    def commit(self, files: Mapping[str, Content | None] | None = None, message: str = "change", *options: str) -> str:
        """Write `files` (None: delete), commit everything that is not ignored, and return the commit's id."""
        for path, content in (files or {}).items():
            if content is None:
                (self.root / path).unlink()
            else:
                self.write(path, content)
        self.git("add", "--all")
        self.clock[0] += STEP
        self.git("commit", "--quiet", "--allow-empty", "--message", message, *options)
        return self.head

    def merge(self, branch: str, message: str = "merge", files: Mapping[str, Content] | None = None) -> str:
        """Merge `branch`; where that conflicts, ours is kept; `files` are written into the merge commit."""
        self.clock[0] += STEP
        self.git("merge", "--quiet", "--no-commit", "--no-ff", "-X", "ours", branch, ok=(0, 1))
        return self.commit(files, message)

    @property
    def head(self) -> str:
        """The id of the commit that is checked out."""
        return self.git("rev-parse", "HEAD")

    def configure(self, **values: str) -> None:
        """Set configuration; in a name, `__` stands for the dot."""
        for name, value in values.items():
            self.git("config", name.replace("__", "."), value)


def as_bytes(content: Content) -> bytes:
    """What stands in a file with this content."""
    if isinstance(content, bytes):
        return content
    text = content if isinstance(content, str) else "".join(line + "\n" for line in content)
    return text.encode("utf-8", "surrogateescape")
