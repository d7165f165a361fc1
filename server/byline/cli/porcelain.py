"""The format for tools: git's own `--line-porcelain`, with what Byline knows as further headers.

Whatever reads `git blame --line-porcelain` reads this: headers that it does not know are to be passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from byline.attribution.blame import BlameLine, FileBlame
from byline.cli.output import write

_NULL = "0" * 40


def print_porcelain(found: FileBlame, prompt_of: Callable[[str | None], str | None]) -> None:
    """Print `found` in bytes: text and paths as they are, whatever their encoding."""
    for line in found.lines:
        entry = "".join(f"{header}\n" for header in _headers(line, found.path, prompt_of)) + f"\t{line.text}\n"
        write(entry.encode("utf-8", "surrogateescape"))


def _headers(line: BlameLine, path: str, prompt_of: Callable[[str | None], str | None]) -> Iterator[str]:
    commit, origin = line.commit, line.state.origin
    yield f"{commit.oid if commit else _NULL} {line.commit_line or line.line} {line.line} 1"
    yield f"author {_flat(commit.author) if commit else 'Not Committed Yet'}"
    yield f"author-mail <{_flat(commit.mail) if commit else 'not.committed.yet'}>"
    if commit:
        yield f"author-time {commit.time}"
        yield f"author-tz {commit.tz}"
        yield f"summary {_flat(commit.summary)}"
    yield f"byline-state {line.state.state.value}"
    told = {
        "tool": origin.tool,
        "model": origin.model,
        "session": origin.session,
        "prompt": prompt_of(origin.prompt),
        "level": origin.level.word if origin.level else None,
        "evidence": " ".join(origin.evidence),
        "source": line.source,
    }
    for key, value in told.items():
        if value:
            yield f"byline-{key} {_flat(value)}"
    yield f"filename {_quoted(line.commit_path or path)}"


def _flat(text: str) -> str:
    """On one line: nothing in a value can end its header."""
    return " ".join(text.split())


def _quoted(path: str) -> str:
    """A path as git writes it: in quotes, with escapes, where it could be misread."""
    return json.dumps(path, ensure_ascii=False) if any(c in '"\\' or not c.isprintable() for c in path) else path
