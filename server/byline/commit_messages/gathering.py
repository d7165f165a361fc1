"""Gathering what a commit message is made of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from byline.attribution.project import Project
from byline.commit_messages.assistance import Assistance
from byline.commit_messages.buffer.blank import is_blank
from byline.commit_messages.buffer.form import Form, form_of
from byline.commit_messages.changes import Change, buffer_change, staged_change
from byline.commit_messages.configuration import rules_of
from byline.commit_messages.digest.behind import RecordedInJournal
from byline.commit_messages.digest.digest import Digest, digest, without_content
from byline.commit_messages.issue_key import issue_key, short_branch
from byline.commit_messages.lint import passes
from byline.commit_messages.material import Material
from byline.commit_messages.message import Message
from byline.commit_messages.offers.history import History
from byline.commit_messages.offline.names import safe_names
from byline.commit_messages.plugins.plugged import with_plugins
from byline.commit_messages.plugins.plugins import NO_PLUGINS, Plugins
from byline.commit_messages.rules import Rules
from byline.commit_messages.split import split
from byline.commit_messages.style.style import Style
from byline.commit_messages.style.styles import Styles
from byline.commit_messages.templates import BadTemplate, Parts, Template, template_of
from byline.commit_messages.writer import WRITTEN_BY_GIT, Candidate, candidates, unkept
from byline.config.layers import user_file
from byline.git.commit import commit_info
from byline.git.files import expanded, read_small, stamp
from byline.git.staged import indexes

_LARGEST = 256 << 10
_GITS_OWN = ("It is git's own message for this operation.",)


class Gatherer:
    """Gathers material in one project. Thread-safe; all of it blocks."""

    def __init__(
        self,
        project: Project,
        styles: Styles,
        env: Mapping[str, str],
        *,
        trusted: bool,
        plugins: Plugins = NO_PLUGINS,
    ) -> None:
        """`styles` are shared, so that a style is learned once for each HEAD; `env` says where the person's own files
        are. Only where the repository is `trusted`, its template is used, and `plugins` are asked.
        """
        self._project = project
        self._styles = styles
        self._env = env
        self._trusted = trusted
        self._plugins = plugins
        self.history = History(project)

    @property
    def plugins(self) -> Plugins:
        """The plug-ins that may be asked here."""
        return self._plugins if self._trusted and self._project.config.commit.plugins else NO_PLUGINS

    @cached_property
    def author(self) -> str:
        """Who commits here: `name <mail>`."""
        return "{} <{}>".format(*self._project.repository.committer())

    def style(self) -> Style:
        """How the repository words its commits. Raises GitError."""
        return self._styles.of(self._project.repository, self._project.journal.location)

    def renew_style(self) -> None:
        """Learn from the newest commits, so that nobody waits for it after the next one. Raises GitError."""
        self._styles.renew(self._project.repository, self._project.journal.location)

    def rules(self) -> Rules:
        """What the repository asks of its messages, as its files in the work tree say now. Raises GitError."""
        root = self._project.root
        style = self.style()
        found = rules_of(
            root,
            partial(read_inside, root),
            conventional=style.habits.conventional,
            types=style.usual_types(),
        )
        return replace(found, author=self.author)

    def form(self, text: str) -> Form:
        """How git will read the buffer that holds `text`. Raises GitError."""
        return form_of(self._project.repository, text)

    def is_untouched(self, text: str, form: Form) -> bool:
        """Whether a person has typed nothing in the buffer that holds `text`: there is at most what git put there.

        Raises GitError.
        """
        return is_blank(form.read(text), form.read(self._template()).text)

    def _template(self) -> str:
        named = self._project.repository.runner.config().get("commit.template")
        data = read_small(self._project.root / expanded(named), _LARGEST) if named else None
        return (data or b"").decode("utf-8", "replace")

    def state(self) -> object:
        """What tells that another commit would be made now: HEAD, and each index that there is. Raises GitError."""
        repository = self._project.repository
        return repository.head(), tuple((index.file, stamp(index.file)) for index in indexes(repository))

    def staged(self, *, amend: bool = False) -> Material:
        """For what `git commit` would commit now. Raises GitError."""
        return self._of(staged_change(self._project.repository, amend=amend))

    def buffer(self, text: str, comment: str) -> Material:
        """For the commit whose message is being written in a buffer with this text. Raises GitError."""
        return self._of(buffer_change(self._project.repository, text, comment))

    def _of(self, change: Change) -> Material:
        project, wanted = self._project, self._project.config.commit
        withheld = frozenset(f.path for f in change.files if project.scope.is_named_to_ignore(f.path))
        told = without_content(digest(project.repository, change, RecordedInJournal(project)), withheld)
        style, rules = self.style(), self.rules()
        branch = change.branch if wanted.issue_key else None
        assistance = Assistance(wanted.trailers)
        template, problems = self._form_of_messages(told, branch)
        found = candidates(told, style, rules, branch, author=self.author, assistance=assistance, template=template)
        offline = (found or self._written_by_git(change, rules))[: wanted.candidates]
        parts = split(told, style, self.author) if found else ()
        material = Material(
            told,
            style,
            rules,
            self.author,
            branch,
            assistance,
            wanted.language,
            withheld,
            offline,
            parts,
            template,
            (*problems, *rules.problems, *change.problems),
            self.plugins,
            () if offline else unkept(told, style, rules, branch, template=template),
        )
        return with_plugins(material, project.root, wanted.candidates)

    def _form_of_messages(self, told: Digest, branch: str | None) -> tuple[Template | None, tuple[str, ...]]:
        """The template that holds here, and what is wrong with one that cannot be used for such a change."""
        beside = user_file(self._env)
        own = beside.with_name("templates") if beside else None
        try:
            template = template_of(self._project.root, own, trusted=self._trusted)
        except BadTemplate as problem:
            return None, (str(problem),)
        try:
            if template is not None:
                template.render(_tried(told, branch))
        except BadTemplate as problem:
            return None, (f"{template.file}: {problem}" if template else str(problem),)
        return template, ()

    def _written_by_git(self, change: Change, rules: Rules) -> tuple[Candidate, ...]:
        """The message that git keeps for a merge, a pick or a revert that is under way, or of a merge that is amended.

        Empty for another operation.
        """
        if change.operation not in WRITTEN_BY_GIT:
            return ()
        repository = self._project.repository
        if change.amended is not None:
            message = Message.of(commit_info(repository, change.amended).message.strip("\n"), rules.grammar)
        else:
            text = (read_small(repository.git_dir / "MERGE_MSG", _LARGEST) or b"").decode("utf-8", "replace")
            message = self.form(text).read(text, rules.grammar)
        if message.empty or not passes(message, rules):
            return ()
        type_, scope = (part.text if part else None for part in (message.type, message.scope))
        return (Candidate(message.text, type_, scope, 1.0, _GITS_OWN),)


def _tried(told: Digest, branch: str | None) -> Parts:
    """What a template gets for a change, with a stand-in for what is still to be written."""
    files = tuple(safe_names(file.path for file in told.files))
    return Parts("fix: x", "fix", "", "x", "", (), issue_key(branch) or "", short_branch(branch), files)


def read_inside(root: Path, path: str) -> bytes | None:
    """A small regular file of a work tree; None for anything else, and for what a link leads to outside of it."""
    real = os.path.realpath(root / path)
    if os.path.commonpath((real, os.path.realpath(root))) != os.path.realpath(root):
        return None
    return read_small(Path(real), _LARGEST + 1)
