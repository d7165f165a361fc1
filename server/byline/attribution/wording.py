"""How attribution is put into words, the same in an editor and in a terminal. Plain text: no markup, one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from byline.git.blame import BlameCommit
from byline.provenance.attribution import LineState, State, Summary
from byline.provenance.origin import Kind, Origin

SIGNS = {State.AI: "●", State.AI_MODIFIED: "◐", State.HUMAN: "○", State.ORIGINAL: "·", State.UNKNOWN: "·"}
"""A sign for each state, so that colour is never all that tells them apart."""

_TOOLS = {
    "claude-code": "Claude Code",
    "claude": "Claude Code",
    "codex": "Codex",
    "gemini-cli": "Gemini CLI",
    "opencode": "OpenCode",
    "copilot": "Copilot",
    "github-copilot": "Copilot",
    "copilot-cli": "Copilot CLI",
    "cursor": "Cursor",
    "aider": "Aider",
    "cline": "Cline",
    "windsurf": "Windsurf",
    "continue": "Continue",
    "amp": "Amp",
    "droid": "Droid",
    "byline": "Byline",
}

_REASONS = {
    "mark": "a person said so",
    "declaration": "the agent declared it, and its text is there",
    "transcript": "matches an edit in the agent's transcript",
    "server": "Byline made this edit itself",
    "shape": "it came in as keystrokes do",
    "typing": "the editor saw it being typed",
    "paste": "it was pasted",
    "inlineAccept": "an inline suggestion was accepted",
    "chatApply": "an answer of the chat was applied",
    "agent": "the editor saw the agent make this edit",
    "snippet": "a snippet was inserted",
    "suggest": "a completion was accepted",
    "reload": "the file changed on disk",
    "format": "a formatter wrote it",
    "refactor": "a refactoring wrote it",
    "trailer": "the commit itself names an AI",
    "conflict": "equally good evidence names different tools",
    "other": "the editor could not say where it came from",
    "undo": "an undo brought it",
    "redo": "a redo brought it",
}

_UNITS = (
    (31_536_000, "year"),
    (2_592_000, "month"),
    (604_800, "week"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
)


def tool_name(tool: str | None) -> str:
    """A tool's name as its makers write it; an unknown one as it calls itself; "AI" where it is not known."""
    return _TOOLS.get(tool or "", tool or "AI")


def ago(time: int, now: float) -> str:
    """How long ago a moment was, in its largest unit."""
    passed = max(0, int(now) - time)
    for size, unit in _UNITS:
        if passed >= size:
            count = passed // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def who(state: LineState, commit: BlameCommit | None, me: str) -> str:
    """Who wrote a line, in a few words. `me` is the e-mail address that is called "you"."""
    person = _person(commit, me)
    if state.state is State.AI:
        return tool_name(state.origin.tool)
    if state.state is State.AI_MODIFIED:
        by = person if state.modified_by is Kind.HUMAN else "somebody"
        return f"{tool_name(state.origin.tool)}, changed by {by}"
    if state.state is State.HUMAN:
        return person
    if commit is not None:
        return person
    return "unknown"


def why(origin: Origin) -> str | None:
    """Why we say so: the best reason and its level; None where nothing is known."""
    if not origin.evidence:
        return None
    reason = _REASONS.get(origin.evidence[0], origin.evidence[0])
    if "conflict" in origin.evidence or origin.conflict:
        reason = _REASONS["conflict"]
    return f"{reason} ({origin.level.word})" if origin.level else reason


def shares(summary: Summary) -> str:
    """The shares of a summary: `62 % AI · 30 % human · 8 % unknown`. Empty where nothing is known."""
    parts = (
        (summary.ai, "AI"),
        (summary.ai_modified, "AI, then changed"),
        (summary.human, "human"),
        (summary.unknown + summary.original, "unknown"),
    )
    if not summary.total or summary.ai + summary.ai_modified + summary.human == 0:
        return ""
    return " · ".join(f"{percent(count, summary.total)} {word}" for count, word in parts if count)


def percent(count: int, total: int) -> str:
    """A share for people: never 0 % of something, never 100 % of less than all."""
    if count == total:
        return "100 %"
    return f"{min(99, max(1, round(100 * count / total)))} %"


def sources(lines: Iterable[LineState]) -> str:
    """The AIs behind lines: `Claude Code, 3 prompts`, the one with most lines first. Empty where there is none."""
    origins = [line.origin for line in lines if line.kind is Kind.AI]
    tools = Counter(tool_name(origin.tool) for origin in origins)
    prompts = {origin.prompt for origin in origins if origin.prompt}
    if not tools:
        return ""
    names = [name for name, _ in tools.most_common(2)]
    if len(tools) > len(names):
        names.append(f"{len(tools) - len(names)} more")
    counted = f"{len(prompts)} prompt{'s' if len(prompts) > 1 else ''}"
    return ", ".join([*names, counted] if prompts else names)


def authors(commits: Sequence[BlameCommit], now: float, me: str) -> str:
    """Git's authors and the newest change: `Ann and 2 others, 3 days ago`. Empty where nothing is committed."""
    if not commits:
        return ""
    newest = max(commits, key=lambda commit: commit.time)
    people = Counter(_person(commit, me) for commit in commits)
    first = _person(newest, me)
    others = len(people) - 1
    names = first if not others else f"{first} and {others} other{'s' if others > 1 else ''}"
    return f"{names}, {ago(newest.time, now)}"


def title(states: Sequence[LineState], commits: Sequence[BlameCommit], now: float, me: str) -> str:
    """The title of a file's lens: what is recorded, else what git knows, else that nothing is."""
    recorded = shares(Summary.of(state.state for state in states))
    if not recorded:
        return authors(commits, now, me) or "not committed yet"
    newest = max((commit.time for commit in commits), default=None)
    parts = (sources(states), ago(newest, now) if newest is not None else "")
    tail = ", ".join(part for part in parts if part)
    return f"{recorded} — {tail}" if tail else recorded


def container_title(
    states: Sequence[LineState], commits: Sequence[BlameCommit], prompt: str | None, now: float, me: str
) -> str:
    """The title of a function's or class's lens: `AI, then you (4 of 18 lines) — “add rate limiting”`."""
    summary = Summary.of(state.state for state in states)
    written = summary.ai + summary.ai_modified
    if not written and not summary.human:
        return authors(commits, now, me) or "not committed yet"
    if not written:
        return f"human ({summary.human} of {summary.total} lines)"
    touched = summary.ai_modified + summary.human
    head = f"AI ({written} of {summary.total} lines)"
    if touched:
        head = f"AI, then {_later(states, commits, me)} ({touched} of {summary.total} lines)"
    return f"{head} — “{clip(prompt, 50)}”" if prompt else head


def _later(states: Sequence[LineState], commits: Sequence[BlameCommit], me: str) -> str:
    """Who came after an AI: "you" only where it cannot have been anybody else."""
    by_a_person = all(state.modified_by in (None, Kind.HUMAN) for state in states)
    return "you" if by_a_person and all(_person(commit, me) == "you" for commit in commits) else "changed"


def clip(text: str, length: int) -> str:
    """The first line of `text`, at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _person(commit: BlameCommit | None, me: str) -> str:
    if commit is None or (me and commit.mail.strip("<>").lower() == me.lower()):
        return "you"
    return commit.author
