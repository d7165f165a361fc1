"""What was declared of a file, by an agent itself or by its transcript, claims the text that it speaks of.

Only text of unknown author is claimed, and only where it really stands. A declaration claims once: the same text,
pasted later, is not the agent's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import inf

from byline.attribution.match import Hunk, claim
from byline.attribution.owners import OwnerIndex, owners_in
from byline.attribution.project import Project
from byline.journal.records import Declaration, Edit, EvidenceOf, Row, Spent
from byline.provenance.document import Document
from byline.provenance.origin import CHAIN, Evidence, Kind, Source

_DECLARED_FOR = 24 * 3600  # seconds that a declaration waits for its text
_SLACK = 60  # seconds that the clocks of an agent and of an editor, or of a commit, may be apart
_VERSIONS = 4  # committed and recorded ones each, that a chain of edits may lead from and to


@dataclass(frozen=True, slots=True)
class Claimed:
    """What declarations claimed: rows that explain it, and the ids of those declarations."""

    rows: tuple[Row, ...] = ()
    declarations: frozenset[int] = frozenset()

    @property
    def for_good(self) -> tuple[Row, ...]:
        """The rows, and that those declarations shall not claim again."""
        return (*self.rows, *map(Spent, sorted(self.declarations)))


NO_CLAIMS = Claimed()


def claim_declared(
    project: Project,
    name: str,
    document: Document,
    until: float,
    *,
    again_from: float = inf,
    unrecorded: frozenset[int] = frozenset(),
) -> Claimed:
    """Let what was declared for `name`, up to the time `until`, claim its text in `document`, which is changed.

    Declarations from `again_from` on do so even if they have claimed already, in another text that was this file. What
    was declared later claims no text of the edits `unrecorded`, of which nobody saw how it came in.
    """
    declared = [
        row
        for row in project.journal.declarations(project.worktree, name, int(until) - _DECLARED_FOR)
        if (row.time >= again_from or not row.spent) and not _is_later(row, until)
    ]
    if not declared:
        return NO_CLAIMS
    proven = _in_a_chain(project, name, declared, document.text)
    rows: list[Row] = []
    found: set[int] = set()
    for row in declared:
        evidence = replace(row.evidence, proof=CHAIN) if row.id in proven else row.evidence
        older = unrecorded if row.time > until else frozenset()
        if row.evidence.source is Source.TRANSCRIPT:
            older = _older_than(project, row, document)
        claimed = claim(document, Hunk(row.old, row.new), evidence, project.owners, row.id, older=older)
        if claimed is None:
            continue
        for splice in claimed.splices:
            document.apply(splice)
        found.add(row.id)
        if claimed.disputed:  # both are kept, and neither is named
            rows += _disputed(project.owners, claimed.disputed, evidence)
            continue
        rows += _explained(project.owners, row, (*_known_before(project.owners, claimed.absorbed), evidence))
    return Claimed(tuple(rows), frozenset(found))


def _explained(owners: OwnerIndex, row: Declaration, evidence: Iterable[Evidence]) -> list[Row]:
    """What is new about the edit that a declaration tells of; it has the declaration's id wherever it is found."""
    known = owners.evidence(row.id)
    news = [one for one in dict.fromkeys(evidence) if one not in known]
    owners.add(row.id, news)
    rows: list[Row] = [EvidenceOf(row.id, one) for one in news]
    return rows if known else [Edit(row.id, None, None, row.evidence.channel.value, row.time), *rows]


def _is_later(row: Declaration, until: float) -> bool:
    """Whether what a transcript tells was done only after the text was there."""
    return row.evidence.source is Source.TRANSCRIPT and row.time > until + _SLACK


def _older_than(project: Project, row: Declaration, document: Document) -> frozenset[int]:
    """The edits in `document` that were made before what `row` tells of: their text is not its."""
    edits = project.journal.edits(edit for edit in owners_in(document.marks)[0])
    return frozenset(edit.id for edit in edits.values() if edit.time < row.time - _SLACK)


def _in_a_chain(project: Project, name: str, declared: Sequence[Declaration], text: str) -> frozenset[int]:
    """The transcripts' declarations that, one after the other, lead from a known version to exactly `text`.

    Or to another version that is known: the person may have gone on since.
    """
    told = [row for row in declared if row.evidence.source is Source.TRANSCRIPT]
    if not told:
        return frozenset()
    recorded = [_unix(version.text) for version in islice(project.versions.recorded(name), _VERSIONS)]
    commits = project.head_log.recent(_VERSIONS)
    committed = [version.text for oid in commits if (version := project.versions.committed(oid, name)) is not None]
    goals = {_unix(text), *recorded}
    return frozenset().union(*(_links(told, start, goals) for start in dict.fromkeys(("", *committed, *recorded))))


def _links(told: Sequence[Declaration], start: str, goals: set[str]) -> frozenset[int]:
    """Those of `told` with which a text that begins as `start` has become one of `goals`."""
    used: list[int] = []
    proven = 0
    state = start
    for row in told:
        old, new = _unix(row.old or ""), _unix(row.new)
        if old and old in state:
            state = state.replace(old, new, 1)
        elif not old and not state:
            state = new
        else:
            continue
        used.append(row.id)
        if state in goals:
            proven = len(used)
    return frozenset(used[:proven])


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def _disputed(owners: OwnerIndex, edits: Iterable[int], evidence: Evidence) -> list[Row]:
    news = [edit for edit in edits if evidence not in owners.evidence(edit)]
    for edit in news:
        owners.add(edit, (evidence,))
    return [EvidenceOf(edit, evidence) for edit in news]


def _known_before(owners: OwnerIndex, edits: Sequence[int]) -> Iterable[Evidence]:
    """What was known already of text that is claimed, if all of it was an AI's: the claim adds to that."""
    if any(owners.origin(edit).kind is not Kind.AI for edit in edits):
        return ()
    return (evidence for edit in edits for evidence in owners.evidence(edit))
