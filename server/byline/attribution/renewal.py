"""A journal that was lost is begun anew while files are open: what is known of them is recorded in it again."""

from __future__ import annotations

from collections.abc import Iterator

from byline.attribution.live import LiveDocument
from byline.attribution.owners import owners_in
from byline.attribution.project import Project
from byline.journal.records import Document, Edit, EvidenceOf, Row
from byline.provenance.origin import Channel


def renewed(project: Project, name: str, live: LiveDocument) -> Iterator[Row]:
    """What a new journal must have before a snapshot of the open file `name` makes sense there."""
    now = int(project.clock())
    yield Document(live.identity, project.worktree, name, now)
    edits, bases = owners_in(live.document.marks)
    yield from project.owners.known_bases(bases)
    for edit in sorted(edits):
        evidence = project.owners.evidence(edit)
        channel = evidence[-1].channel if evidence else Channel.RELOAD
        yield Edit(edit, live.identity, live.version, channel.value, now)
        yield from (EvidenceOf(edit, one) for one in evidence)
