"""What is found in code that holds no secrets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from byline.privacy import redact

_SOURCES = frozenset(
    [
        ".c",
        ".cc",
        ".cfg",
        ".css",
        ".go",
        ".h",
        ".html",
        ".ini",
        ".java",
        ".js",
        ".json",
        ".jsx",
        ".lock",
        ".md",
        ".mjs",
        ".cjs",
        ".ps1",
        ".py",
        ".pyi",
        ".rb",
        ".rs",
        ".rst",
        ".sh",
        ".sql",
        ".toml",
        ".ts",
        ".tsx",
        ".txt",
        ".xml",
        ".yaml",
        ".yml",
    ]
)
_SKIPPED = frozenset({"node_modules", "site-packages", ".git", ".venv", "__pycache__", "dist", ".hypothesis"})
_LARGEST = 2 << 20
_PLACEHOLDER = re.compile(r"«secret:([a-z0-9-]+):[0-9a-f]{8}»")
_SHOWN = 160


@dataclass(slots=True)
class Found:
    """`kinds` counts what was found in `lines` lines; `examples` are kinds, with file and line as they stood there."""

    lines: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)

    def rate(self, kind: str | None = None) -> float:
        """How many were found in 100,000 lines, of one kind or of all."""
        count = self.kinds[kind] if kind else self.kinds.total()
        return 100_000 * count / self.lines if self.lines else 0.0


def sources(folder: Path) -> Iterator[Path]:
    """The text files below `folder` (which may itself be one of those that are skipped further down), in order."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name in _SKIPPED:
            continue
        if path.is_dir():
            yield from sources(path)
        elif path.suffix in _SOURCES and path.stat().st_size <= _LARGEST:
            yield path


def found(paths: Iterable[Path]) -> Found:
    """What is found in these files."""
    result = Found()
    for path in paths:
        text = path.read_bytes().decode("utf-8", "replace")
        result.lines += text.count("\n") + 1
        clean = redact(text).text
        if clean == text:
            continue
        before = Counter(_PLACEHOLDER.findall(text))
        result.kinds.update(Counter(_PLACEHOLDER.findall(clean)) - before)
        result.examples += _examples(path, text, clean)
    return result


def _examples(path: Path, text: str, clean: str) -> Iterator[tuple[str, str]]:
    """Each line that changed, as it was; of a file in which lines were lost, the new ones."""
    old, new = text.split("\n"), clean.split("\n")
    pairs = zip(old, new, strict=True) if len(old) == len(new) else ((line, line) for line in new)
    for number, (before, after) in enumerate(pairs, 1):
        if match := _PLACEHOLDER.search(after):
            if before == after and len(old) == len(new):
                continue
            start = max(0, match.start() - _SHOWN // 2)
            yield match[1], f"{path.name}:{number}: {before[start : start + _SHOWN].strip()}"
