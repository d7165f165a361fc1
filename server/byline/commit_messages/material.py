"""All that a commit message is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from byline.commit_messages.assistance import Assistance
from byline.commit_messages.changes import Change
from byline.commit_messages.completion import Completion, Words, completions
from byline.commit_messages.digest.digest import Digest
from byline.commit_messages.issue_key import issue_key
from byline.commit_messages.message import Message
from byline.commit_messages.offline.names import safe_names
from byline.commit_messages.plugins.plugins import NO_PLUGINS, Plugins
from byline.commit_messages.rules import Rules
from byline.commit_messages.split import Part
from byline.commit_messages.style.style import Style
from byline.commit_messages.templates import Template
from byline.commit_messages.writer import Candidate, Ranking, ranking


@dataclass(frozen=True, slots=True)
class Material:
    """A change in its digest, and what the repository asks of messages and is used to.

    `author` is `name <mail>` as git would commit; `branch` the full ref of HEAD where it may be looked at, else None.
    `withheld` are the paths whose content leaves this machine in no case. `offline` are the finished candidates, the
    likeliest first; `parts` are the commits that the change falls into, empty where it is one thing;
    `template` is the form that messages get, None for the usual one. `problems` are sentences about what of the
    repository's or the person's own files could not be used. `plugins` are those that may be asked about this change.
    `unkept` are the rules for which nothing is offered: only a person can keep them.
    """

    digest: Digest
    style: Style
    rules: Rules
    author: str
    branch: str | None
    assistance: Assistance
    language: str
    withheld: frozenset[str]
    offline: tuple[Candidate, ...]
    parts: tuple[Part, ...] = ()
    template: Template | None = None
    problems: tuple[str, ...] = ()
    plugins: Plugins = NO_PLUGINS
    unkept: tuple[str, ...] = ()

    @property
    def change(self) -> Change:
        """What the commit will change."""
        return self.digest.change

    @property
    def is_typed(self) -> bool:
        """Whether a message here begins with a type."""
        return self.rules.conventional or self.style.habits.conventional

    def ranking(self) -> Ranking:
        """How likely each type and scope is."""
        return ranking(self.digest, self.style, self.rules, self.branch, author=self.author)

    def scopes(self) -> tuple[str, ...]:
        """What can stand as a scope, the likeliest first: what is in use or allowed, else the names of what changed."""
        used = [scope for scope in self.ranking().scopes if scope]
        if self.rules.scopes or used:
            return tuple(dict.fromkeys((*used, *self.rules.scopes)))
        paths = (PurePosixPath(file.path) for file in self.digest.telling)
        return tuple(safe_names(name for path in paths for name in (path.stem, path.parent.name)))

    def why(self, type_: str) -> tuple[str, ...]:
        """What speaks for a type, in sentences; that nothing does, where that is so."""
        for candidate in self.offline:
            if candidate.type == type_ and candidate.plugin is None:
                return candidate.reasons
        count = self.style.last_types(self.digest.files)[type_]
        files = len(self.digest.files)
        said = f"{count or 'none'} of {files} changed {'file' if files == 1 else 'files'} last had {type_}"
        return (said,)

    def completions(self, message: Message, offset: int) -> tuple[Completion, ...]:
        """What can be inserted into `message` at `offset`, the likeliest first."""
        ranked = self.ranking()
        key = issue_key(self.branch)
        words = Words(
            tuple(ranked.types) if self.is_typed else (),
            tuple(filter(None, ranked.scopes)) if self.is_typed else (),
            (key,) if key else (),
            self.style.habits.trailers,
            self.style.authors,
        )
        return completions(message, offset, self.rules, words)
