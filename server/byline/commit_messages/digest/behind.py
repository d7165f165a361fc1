"""Who is on record for the lines of a change: which AI session wrote them, from which prompt, what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from byline.attribution.lines import file_states
from byline.attribution.project import Project
from byline.attribution.versions import reconcile
from byline.commit_messages.digest.hunks import Lines
from byline.git.changes import FileChange
from byline.git.errors import ObjectTooLarge
from byline.provenance.attribution import LineState, State
from byline.provenance.document import Document
from byline.provenance.memory import Memory
from byline.provenance.origin import Kind

_NOBODY = 1  # the edit that text without a record counts as: no journal gives this id
_MOST_VERSIONS = 3  # that a text is aligned with
_BY_AI = frozenset({State.AI, State.AI_MODIFIED})


@dataclass(frozen=True, slots=True)
class Behind:
    """An AI session, or one prompt of it, behind added lines.

    `tool`, `model` and `session` are as recorded; `prompt` is the prompt's redacted text, None where it is not kept.
    `lines` counts the added lines it wrote, `modified` those among them that a person has changed since.
    """

    tool: str | None
    model: str | None
    session: str | None
    prompt: str | None
    lines: int
    modified: int


class Recorded(Protocol):
    """Who can tell what is on record of added lines."""

    def behind(self, change: FileChange, hunks: Sequence[Lines]) -> tuple[Behind, ...]:
        """What is behind the lines that `hunks` add to a file."""
        ...


class RecordedInJournal:
    """What a project's journal knows of the texts that are staged. Blocks."""

    def __init__(self, project: Project) -> None:
        """For one project; nothing is asked yet."""
        self._project = project

    def behind(self, change: FileChange, hunks: Sequence[Lines]) -> tuple[Behind, ...]:
        """What the journal knows of the staged text, exactly or, where a part is staged, line by line."""
        states = self._states(change)
        added = (states[at] for h in hunks for at in range(h.new_start, h.new_start + len(h.new)) if at < len(states))
        return added_up(self._behind(state) for state in added if state.state in _BY_AI)

    def _states(self, change: FileChange) -> Sequence[LineState]:
        if change.new_oid is None or self._project.scope.is_named_to_ignore(change.path):
            return ()
        try:
            data = self._project.repository.objects.read(change.new_oid, limit=self._project.config.record.max_bytes)
        except ObjectTooLarge:
            return ()
        text = (data or b"").decode("utf-8", "surrogateescape")
        document = self._project.versions.exact(change.path, text) or self._aligned(change, text)
        if document is None:
            return ()
        self._project.owners.load_marks(document.marks)
        return file_states(document, self._project.owners)[0]

    def _aligned(self, change: FileChange, text: str) -> Document | None:
        """A text that was never recorded as a whole, with the spans that its lines have in recorded versions."""
        project = self._project
        recorded = list(islice(project.versions.recorded(change.path, _MOST_VERSIONS), _MOST_VERSIONS))
        if not recorded:
            return None
        base = project.versions.committed(project.repository.head().oid, change.old_path or change.path)
        known = [*recorded, *([base] if base else [])]
        for version in known:
            project.owners.load_marks(version.marks)
        project.owners.add(_NOBODY, ())
        return reconcile(known, text, _NOBODY, project.owners, Memory())

    def _behind(self, state: LineState) -> Behind:
        origin = state.origin
        prompt = self._project.prompts.text(origin.prompt)
        return Behind(origin.tool, origin.model, origin.session, prompt, 1, int(state.modified_by is Kind.HUMAN))


def added_up(parts: Iterable[Behind]) -> tuple[Behind, ...]:
    """`parts` of the same session and prompt as one, most lines first."""
    total: dict[tuple[str | None, ...], Behind] = {}
    for part in parts:
        key = (part.tool, part.model, part.session, part.prompt)
        known = total.get(key)
        total[key] = (
            replace(known, lines=known.lines + part.lines, modified=known.modified + part.modified) if known else part
        )
    return tuple(sorted(total.values(), key=lambda part: (-part.lines, part.tool or "", part.prompt or "")))
