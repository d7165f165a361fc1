"""A second look at text of unknown author: is it in a known version, was it declared? It takes place aside."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from math import inf

from byline.attribution.claims import NO_CLAIMS, Claimed, claim_declared
from byline.attribution.open_file import OpenFile, Recording
from byline.attribution.opening import known_spans
from byline.git.errors import GitError
from byline.provenance.document import Document

log = logging.getLogger(__name__)

_JUST_NOW = 10.0  # seconds that it may take until what another process declared is noticed


@dataclass(frozen=True, slots=True)
class Review:
    """A second look: at which revision, the spans found, and what declarations claimed."""

    recording: Recording
    revision: int
    document: Document
    head: str | None  # where HEAD was when that text came in
    reasons: frozenset[object]  # what it was that called for it
    claimed: Claimed = NO_CLAIMS


def call_for(file: OpenFile, reason: object) -> None:
    """Something about `file` deserves a second look."""
    file.unreviewed.add(reason)
    file.head_then = None
    if file.project is not None:
        try:
            file.head_then = file.project.repository.head().oid
        except GitError as problem:  # then no commit explains the text
            log.info("where HEAD is cannot be told: %s", problem)


def begin(file: OpenFile) -> Review | None:
    """A second look at the file as it is now; None if it is not recorded."""
    if file.recording is None:
        return None
    document = file.live.document.copy()
    return Review(file.recording, file.live.revision, document, file.head_then, frozenset(file.unreviewed))


def look(review: Review) -> Review:
    """What there is to be found. Blocks; for any thread."""
    project, name, document = review.recording.project, review.recording.name, review.document
    document = Document(document.lines, list(known_spans(project, name, document, review.head)))
    now = project.clock()
    is_declared = any(not isinstance(reason, int) for reason in review.reasons)
    # Another process may have let it claim the file on the disk already: that is this text, or becomes it.
    claimed = claim_declared(project, name, document, now, again_from=now - _JUST_NOW if is_declared else inf)
    # Once more: what was declared may have found its text on the disk meanwhile, and claims only once.
    document = Document(document.lines, list(known_spans(project, name, document, review.head)))
    return replace(review, document=document, claimed=claimed)
