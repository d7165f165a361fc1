"""What is recorded at all: files of the repository that neither git nor `.byline-ignore` ignores, up to a size."""

from __future__ import annotations

import fnmatch
from pathlib import Path

from byline.config import Config
from byline.git.repository import Repository

IGNORE_FILE = ".byline-ignore"
_MOST_IGNORE_RULES = 1_000


class Scope:
    """Decides which paths of a repository are recorded. Blocks on git."""

    def __init__(self, repository: Repository, config: Config) -> None:
        """The ignore file is read when first asked, and again when it changes."""
        self._repository = repository
        self._config = config
        self._stamp: tuple[int, int] | None = None
        self._rules: tuple[str, ...] = ()

    def refuses(self, path: str) -> str | None:
        """Why the file at `path` (relative, posix) is not recorded, or None if it is."""
        if not self._config.record.enabled:
            return "recording is switched off (record.enabled)"
        if self.is_named_to_ignore(path):
            return f"{IGNORE_FILE} names it"
        if path in self._repository.ignored([path]):
            return "git ignores it"
        return None

    def is_too_large(self, text: str) -> bool:
        """Whether `text` is beyond the bounds of what is recorded."""
        record = self._config.record
        return len(text) > record.max_bytes or text.count("\n") > record.max_lines

    def is_named_to_ignore(self, path: str) -> bool:
        """Whether `.byline-ignore` names `path`: one glob a line, `#` comments, `!` brings back, as in .gitignore."""
        self._reload()
        named = False
        for rule in self._rules:
            brings_back = rule.startswith("!")
            if _matches(rule.removeprefix("!"), path):
                named = not brings_back
        return named

    def _reload(self) -> None:
        file = self._repository.root / IGNORE_FILE
        try:
            status = file.lstat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                self._rules = _rules(file)
                self._stamp = stamp
        except OSError:
            self._stamp, self._rules = None, ()


def _rules(file: Path) -> tuple[str, ...]:
    if file.is_symlink():
        return ()
    lines = (line.strip() for line in file.read_text("utf-8", "replace").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))[:_MOST_IGNORE_RULES]


def _matches(rule: str, path: str) -> bool:
    """A rule with a slash is anchored at the root; one without names a file or folder at any depth."""
    pattern = rule.strip("/")
    if "/" in rule.rstrip("/"):
        return fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, pattern + "/*")
    parts = path.split("/")
    candidates = parts[:-1] if rule.endswith("/") else parts
    return any(fnmatch.fnmatchcase(part, pattern) for part in candidates)
