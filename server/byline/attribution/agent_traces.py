"""Agent Trace records that a work tree keeps in `.agent-trace/`, by the commits that they speak of.

A record names the revision that was checked out while the agent wrote, so it may be a commit's own or its parent's.
What it says is at most *probable*, and every other note is trusted more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from byline.attribution.work_tree import read_inside
from byline.formats import BadNote, Note, agent_trace
from byline.formats.limits import MAX_BYTES
from byline.git.commit import commit_infos
from byline.git.files import stamp
from byline.git.repository import Repository

FILE = ".agent-trace/traces.jsonl"


class AgentTraces:
    """The records of one work tree, read again when their file changes."""

    def __init__(self, repository: Repository) -> None:
        """A bare repository has none."""
        self._repository = repository
        self._read_at: object = None
        self._notes: Mapping[str | None, Note] = {}
        self.problem: str | None = None  # why the file was skipped

    def stamp(self) -> object:
        """Changes whenever the records may have."""
        return None if self._repository.work_tree is None else stamp(self._repository.work_tree / FILE)

    def notes(self, commits: Iterable[str]) -> Mapping[str, Note]:
        """What the records say of each of `commits`. Blocks on git, if there are any records at all."""
        self._refresh()
        if not self._notes:
            return {}
        found: dict[str, Note] = {}
        for info in commit_infos(self._repository, list(commits)):
            named = [self._notes[oid] for oid in (info.oid, *info.parents) if oid in self._notes]
            if named:
                found[info.oid] = named[0]
        return found

    def _refresh(self) -> None:
        current = self.stamp()
        if current == self._read_at:
            return
        self._read_at, self._notes, self.problem = current, {}, None
        root = self._repository.work_tree
        text = read_inside(root, FILE, MAX_BYTES["agent-trace"]) if root else None
        if text is None:
            return
        try:
            self._notes = agent_trace.decode(text.encode("utf-8", "surrogateescape"))
        except BadNote as problem:
            self.problem = str(problem)
