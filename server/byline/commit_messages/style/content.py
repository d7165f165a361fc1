"""What the changed lines of a change say of it: how much of what form, and which words came and went.

The same is known of an earlier commit, from its patch, as of a change that is staged. So what a word stands for is
learned from the repository's own history: nothing of it comes along.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from math import sqrt
from typing import Protocol

from byline.commit_messages.kinds import NOISE, FileKind, kind_of
from byline.commit_messages.style.features import Features
from byline.git.patches import patches
from byline.git.repository import Repository

_MOST_LINES = 300  # of each side
_LONGEST_LINE = 400  # characters
_MOST_WORDS = 60
_FORM = 0.4  # what a form weighs beside a path, and what all words weigh together:
_WORDS = 1.4  # there are so many of them that each alone would be learned by heart

_WORD = re.compile(r"[A-Z]?[a-z]{1,19}|[A-Z]{2,20}|\?[.?]|&&|\|\||[=!]=|->|=>")
_COMMENT = ("#", "//", "/*", "*", "--", ";;", "<!--", '"""', "'''")
_NO_COMMENT = ("#[", "#include", "#!", "#if", "#end", "#def", "--[", "*=")
_IMPORT = ("import", "from", "use", "require", "export*", "#include")
_NUMBER = re.compile(r"\d+")
_ISSUE = re.compile(r"#\d{2,6}\b|issues?/\d{2,6}\b")

_SAID = {
    "guard": "null none nil undefined ?. ?? && || optional default fallback ensure valid invalid empty missing",
    "branch": "if elif else unless match switch case when",
    "failure": "try catch except rescue raise throw throws error errors err panic exception recover fail failed",
    "exit": "return break continue yield",
    "opening": "export pub public class def func fn function interface struct enum trait impl",
    "test": "test tests it describe expect assert should mock fixture",
    "parting": "deprecated deprecate legacy obsolete unused",
    "haste": "cache cached memo lazy pool perf performance fast faster alloc capacity batch",
}  # fmt: skip
_SORT_OF = {word: sort for sort, words in _SAID.items() for word in words.split()}

_NOTE = re.compile(
    r"(?:^|/)(?:\.?changesets?|\.?changes|\.?changelogs?|newsfragments?|news|releasenotes|release-notes|unreleased)/"
    r"|(?:^|/)(?:changelog|changes|history|news|release[-_]?notes)[^/]*$",
    re.IGNORECASE,
)
_NOTED = {
    "fix": ("fix", "bug", "patch"),
    "feat": ("feat", "enhance", "minor", "added"),
    "perf": ("perf",),
    "break": ("break", "major", "remov", "deprecat"),
    "inside": ("intern", "misc", "chore", "refactor"),
}


class ReplacedLines(Protocol):
    """Neighbouring lines, as they were and as they are."""

    @property
    def old(self) -> Sequence[str]: ...  # noqa: D102

    @property
    def new(self) -> Sequence[str]: ...  # noqa: D102


class ChangedText(Protocol):
    """A file, and which of its lines changed."""

    @property
    def path(self) -> str: ...  # noqa: D102

    @property
    def hunks(self) -> Sequence[ReplacedLines]: ...  # noqa: D102


def past_contents(repository: Repository, commits: Sequence[str]) -> Mapping[str, Features]:
    """The features of what earlier commits (ids, newest first) changed, as far as it can be read. Raises GitError."""
    return {commit: content_features(files) for commit, files in patches(repository, commits).items()}


def content_features(files: Sequence[ChangedText]) -> Features:
    """The features of what changed in `files`, as far as somebody wrote it."""
    written = [file for file in files if file.hunks and kind_of(file.path) not in NOISE]
    hunks = [hunk for file in written for hunk in file.hunks]
    source = [hunk for file in written if kind_of(file.path) is FileKind.SOURCE for hunk in file.hunks]
    if not hunks:
        return {}
    forms = [*_size("all", hunks), *_notes(written)]
    if source and len(source) < len(hunks):
        forms += _size("source", source)
    old, new = _lines(hunk.old for hunk in hunks), _lines(hunk.new for hunk in hunks)
    gone, come = _words(old), _words(new)
    forms += [*_forms(old, new), *_sorts(gone, come)]
    main = source or hunks
    found = {f"text:{form}": _FORM for form in forms}
    found["text:same words"] = _FORM * (gone & come).total() / max((gone | come).total(), 1)
    found["text:added"] = _FORM * sum(not hunk.old for hunk in main) / len(main)
    found["text:removed"] = _FORM * sum(not hunk.new for hunk in main) / len(main)
    words = _net(gone, come)
    return found | dict.fromkeys(words, _WORDS / sqrt(len(words) or 1))


def _lines(parts: Iterator[Sequence[str]]) -> list[str]:
    return [line[:_LONGEST_LINE] for line in islice(chain.from_iterable(parts), _MOST_LINES)]


def _size(what: str, hunks: Sequence[ReplacedLines]) -> Iterator[str]:
    added, removed = sum(len(hunk.new) for hunk in hunks), sum(len(hunk.old) for hunk in hunks)
    yield f"{what} lines {min((added + removed).bit_length(), 11)}"
    yield f"{what} added {min(added * 5 // (added + removed or 1), 4)}"
    yield f"{what} places {min(len(hunks).bit_length(), 7)}"
    if not removed or not added:
        yield f"{what} only {'added' if added else 'removed'}"


def _forms(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    before, after = ["".join(line.split()) for line in old], ["".join(line.split()) for line in new]
    if "".join(before) == "".join(after):
        yield "spacing"
    said = [line for line in (*before, *after) if line]
    comments = sum(line.startswith(_COMMENT) and not line.startswith(_NO_COMMENT) for line in said)
    if comments:
        yield "comments" if comments == len(said) else "some comments"
    if said and all(line.startswith(_IMPORT) for line in said):
        yield "imports"
    if len(before) == len(after) and _NUMBER.sub("", "\n".join(before)) == _NUMBER.sub("", "\n".join(after)):
        yield "numbers"
    if sorted(before) == sorted(after):
        yield "moved lines"
    if _ISSUE.search("\n".join(new)):
        yield "names an issue"


def _words(lines: Sequence[str]) -> Counter[str]:
    """The words, with the parts of identifiers apart, and a few signs that stand for one."""
    return Counter(map(str.lower, _WORD.findall("\n".join(lines))))


def _sorts(gone: Counter[str], come: Counter[str]) -> Iterator[str]:
    more: Counter[str] = Counter()
    for word in gone.keys() | come.keys():
        if sort := _SORT_OF.get(word):
            more[sort] += come[word] - gone[word]
    for sort, count in more.items():
        if count:
            yield f"{'more' if count > 0 else 'less'} {sort}"
        if count > 0:
            yield f"more {sort} {min(count.bit_length(), 4)}"


def _net(gone: Counter[str], come: Counter[str]) -> list[str]:
    """The words that there are more or less of, those with the greatest difference first."""
    net = {word: come[word] - gone[word] for word in gone.keys() | come.keys() if len(word) > 2}
    told = sorted((word for word, count in net.items() if count), key=lambda word: (-abs(net[word]), word))
    return [("come:" if net[word] > 0 else "gone:") + word for word in told[:_MOST_WORDS]]


def _notes(files: Sequence[ChangedText]) -> Iterator[str]:
    """What a note for the next release calls the change: whoever wrote one has said there what it is."""
    for file in files:
        if _NOTE.search(file.path):
            lines = (line[:_LONGEST_LINE] for hunk in file.hunks for line in hunk.new[:40])
            text = "\n".join((file.path, *lines)).lower()
            yield "noted"
            yield from (f"noted {what}" for what, words in _NOTED.items() if any(word in text for word in words))
