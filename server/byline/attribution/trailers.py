"""AI authors that a commit names itself, as author or in a `Co-authored-by` trailer.

A name in a commit proves nothing about a single line; it is shown beside `unknown`, never instead of it.
"""

from __future__ import annotations

import re

from byline.git.commit import CommitInfo

_TRAILER = re.compile(r"^(?:co-authored-by|assisted-by|generated-by):\s*(.+)$", re.IGNORECASE | re.MULTILINE)

_AUTHORS: tuple[tuple[str, str], ...] = (
    ("noreply@anthropic.com", "claude-code"),
    ("+copilot@users.noreply.github.com", "copilot"),
    ("copilot-swe-agent[bot]", "copilot"),
    ("cursoragent@cursor.com", "cursor"),
    ("codex@openai.com", "codex"),
    ("aider@aider.chat", "aider"),
    ("(aider)", "aider"),
    ("gemini-code-assist[bot]", "gemini-cli"),
    ("gemini-cli", "gemini-cli"),
    ("amp@ampcode.com", "amp"),
    ("droid@factory.ai", "droid"),
    ("factory-droid[bot]", "droid"),
    ("noreply@opencode.ai", "opencode"),
    ("devin-ai-integration[bot]", "devin"),
    ("google-labs-jules[bot]", "jules"),
)


def ai_named_in(commit: CommitInfo) -> str | None:
    """The tool that the author, the committer or a trailer of `commit` names, or None."""
    people = [f"{person.name} <{person.mail}>" for person in (commit.author, commit.committer)]
    for person in (*people, *_TRAILER.findall(commit.message)):
        lowered = person.lower()
        for mark, tool in _AUTHORS:
            if mark in lowered:
                return tool
    return None
