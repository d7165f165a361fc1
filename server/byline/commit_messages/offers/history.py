"""The history of what was offered in one work tree, and what became of it. It stays on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence

from byline.attribution.project import Project
from byline.commit_messages.changes import Change
from byline.commit_messages.offers.file import OfferFile
from byline.commit_messages.offers.offer import OFFLINE, Fate, Offer, Outcome, outcome, tree_of
from byline.commit_messages.writer import WRITTEN_BY_GIT, Candidate
from byline.git.changes import changes_of_many
from byline.git.commit import CommitInfo, commit_info
from byline.git.errors import GitError
from byline.journal import directory
from byline.journal.errors import JournalError
from byline.privacy import RedactionUnavailable, redact

_LONGEST = 5_000

log = logging.getLogger(__name__)


class History:
    """What was offered in a project. Thread-safe; all of it blocks."""

    def __init__(self, project: Project) -> None:
        """Nothing is read yet."""
        self._project = project

    @property
    def is_kept(self) -> bool:
        """Whether anything is kept: the person may not want it."""
        return self._project.config.commit.history

    def keep(self, change: Change, candidates: Sequence[Candidate], provider: str = OFFLINE) -> None:
        """Keep that `candidates`, the best first, were offered for `change` just now; `provider` wrote them.

        Nothing is kept where the person does not want it, for commits that git words, and where it cannot be written:
        that is logged, and never an error.
        """
        project = self._project
        if not self.is_kept or project.journal.read_only or change.operation in WRITTEN_BY_GIT:
            return
        now = int(project.clock())
        try:
            offers = list(_offers(project, change, candidates, provider, now))
            OfferFile(project.journal.location).add(offers, self._since(now))
        except (OSError, JournalError, RedactionUnavailable) as problem:
            log.warning("what was offered is not kept: %s", problem)

    def outcomes(self) -> list[Outcome]:
        """What was offered for each commit of this work tree, and what became of it, newest first.

        Raises JournalError, GitError.
        """
        repository = self._project.repository
        refuge = directory.default_fallback(repository.common_dir)
        place = directory.find(repository.common_dir, refuge, read_only=True)
        kept = OfferFile(place.directory).offers(self._since(int(self._project.clock()))) if place.exists else []
        offers = [offer for offer in kept if offer.worktree == self._project.worktree]
        if not offers:
            return []
        made = self._made(offers)
        by_commit: dict[tuple[str | None, str], list[Offer]] = {}
        for offer in offers:
            by_commit.setdefault((offer.base, offer.tree), []).append(offer)
        found = [_outcome(group, made.get(key)) for key, group in by_commit.items()]
        return sorted(found, key=lambda each: -each.offers[0].time)

    def _since(self, now: int) -> int:
        return int(self._project.config.record.since(now))

    def _made(self, offers: Sequence[Offer]) -> Mapping[tuple[str | None, str], CommitInfo]:
        """The newest commit that was made for each base and tree for which something was offered."""
        bases = {offer.base for offer in offers}
        recent = ((info, next(iter(info.parents), None)) for info in self._recent(min(offer.time for offer in offers)))
        likely = [(info, base) for info, base in recent if base in bases]
        changed = changes_of_many(self._project.repository, [(info.oid, base) for info, base in likely])
        found: dict[tuple[str | None, str], CommitInfo] = {}
        for (info, base), files in zip(likely, changed, strict=True):
            found.setdefault((base, tree_of(files)), info)
        return found

    def _recent(self, since: int) -> Iterator[CommitInfo]:
        """The commits that HEAD came to since then, newest first."""
        shallow = self._project.repository.shallow_commits()  # what these were made from is not here
        entries = reversed(self._project.head_log.after(since))
        for oid in dict.fromkeys(entry.new for entry in entries if entry.new not in shallow):
            try:
                yield commit_info(self._project.repository, oid)
            except GitError:  # no commit any more, or all zeros
                continue


def _offers(
    project: Project, change: Change, candidates: Iterable[Candidate], provider: str, now: int
) -> Iterator[Offer]:
    tree = tree_of(change.files)
    for rank, candidate in enumerate(candidates):
        by = f"plugin:{candidate.plugin}" if candidate.plugin else provider
        message = redact(candidate.message[:_LONGEST]).text
        yield Offer(now, project.worktree, change.base, tree, rank, by, message)


def _outcome(offers: Sequence[Offer], made: CommitInfo | None) -> Outcome:
    if made is None:
        return Outcome(tuple(offers), Fate.OPEN)
    return outcome(offers, made.oid, made.message)
