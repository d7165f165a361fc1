"""One work tree under Byline's eyes: its repository, its journal, and what is known of both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from cachetools import LRUCache

from byline.attribution.committed import Committed
from byline.attribution.note_store import NoteStore
from byline.attribution.owners import OwnerIndex
from byline.attribution.prompts import Prompts
from byline.attribution.scope import Scope
from byline.attribution.versions import Versions
from byline.config import Config
from byline.git.changes import added_lines
from byline.git.errors import GitError
from byline.git.reflog import HeadLog
from byline.git.repository import Repository
from byline.journal.journal import Journal
from byline.provenance.memory import Memory

_FRAGMENTS = 200


class Project:
    """All that belongs to one work tree, opened once and shared. Thread-safe but for `memory`."""

    def __init__(
        self, repository: Repository, journal: Journal, config: Config, clock: Callable[[], float] = time.time
    ) -> None:
        """Takes over `repository` and `journal` and closes them with `close`."""
        self.repository = repository
        self.journal = journal
        self.config = config
        self.clock = clock
        self.worktree = repository.worktree_name
        self.notes = NoteStore(repository)
        self.committed = Committed(repository, self.notes)
        self.owners = OwnerIndex(journal, self.committed.base_states)
        self.head_log = HeadLog(repository)
        self.versions = Versions(repository, journal, self.head_log.recent, self.owners.know_base)
        self.prompts = Prompts(journal, config.privacy.prompts, clock, self.notes.prompts)
        self.scope = Scope(repository, config)
        self.memory = Memory()
        self._blobs: LRUCache[str, Mapping[str, str]] = LRUCache(200)
        for fragment in reversed(journal.fragments(self.worktree, _FRAGMENTS)):
            self.memory.remember(fragment.text, fragment.spans, "", "")
        self.memory.news()  # none of this is new

    @cached_property
    def me(self) -> str:
        """The e-mail address of the person at this machine, as git would commit with it. Blocks once."""
        return self.repository.committer()[1]

    @property
    def root(self) -> Path:
        """The folder that paths are relative to."""
        return self.repository.root

    def blobs_of(self, commit: str) -> Mapping[str, str]:
        """The files that `commit` added lines to, and the ids of their blobs. Blocks on git once for each commit."""
        if commit not in self._blobs:
            try:
                changes = added_lines(self.repository, commit)
            except GitError:  # it may have been pruned
                changes = {}
            self._blobs[commit] = {path: change.new_oid for path, change in changes.items() if change.new_oid}
        return self._blobs[commit]

    def configure(self, config: Config) -> None:
        """New settings hold from now on."""
        self.config = config
        self.scope = Scope(self.repository, config)
        self.prompts = Prompts(self.journal, config.privacy.prompts, self.clock, self.notes.prompts)

    def problems(self) -> tuple[str, ...]:
        """What is wrong, in sentences."""
        return (*self.journal.problems, *self.config.problems)

    def close(self) -> None:
        """Flush and close the journal, end git's processes."""
        self.journal.close()
        self.repository.close()


class Projects:
    """The open projects, by root. Opening blocks (git, the journal) and may be called from any thread."""

    def __init__(self, config_of: Callable[[Path | None], Config], *, read_only: bool = False) -> None:
        """`config_of` loads the settings of a root, or for None those outside of any; `read_only` journals stay."""
        self.config_of = config_of
        self._read_only = read_only
        self._by_root: dict[Path, Project] = {}
        self._lock = threading.RLock()

    def at(self, path: Path) -> Project:
        """The project that the file or folder `path` belongs to.

        Raises:
            NotARepository: `path` is in no repository.
        """
        with self._lock:
            chosen = self.config_of(None).git.path
            repository = Repository.discover(path, git=Path(chosen) if chosen else None)
            known = self._by_root.get(repository.root)
            if known is not None:
                repository.close()
                return known
            config = self.config_of(repository.root)
            journal = Journal.open(repository.common_dir, read_only=self._read_only)
            project = self._by_root[repository.root] = Project(repository, journal, config)
            return project

    def __iter__(self) -> Iterator[Project]:
        return iter(list(self._by_root.values()))

    def close(self) -> None:
        """Close all projects."""
        with self._lock:
            for project in self._by_root.values():
                project.close()
            self._by_root.clear()
