"""What git itself wrote into the buffer of a commit message about the commit that it will make.

Git's words are translated, so only the structure counts: comment lines with a tab list files, section by section; below
the scissors line of `commit --verbose` stands the diff; a comment line that ends with a date names an author's date,
which git adds when it amends a commit or takes over another's message (wt-status.c, builtin/commit.c).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from byline.commit_messages.buffer.help_lines import SCISSORS
from byline.git.oid import path_from_git

_LABEL = re.compile(r"[^\s:：/\\\"][^:：/\\\"\t]{0,60}[:：]\s+(?=\S)")
_DATE = re.compile(r":\s+\w{1,12} \w{1,12} {1,2}\d{1,2} \d{2}:\d{2}:\d{2} \d{4} [+-]\d{4}$")
_HEADER = re.compile(r"^diff --git (?P<quote>\"?)[a-z]/.*[ \"](?:\"?)[a-z]/(?P<path>.+?)\"?$", re.MULTILINE)
_REVERTED = re.compile(r"^This reverts commit [0-9a-f]{40,64}\b", re.MULTILINE)
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What a buffer tells of its commit.

    `names` are the last components of the paths of the files that git listed as staged, sorted, with repetition; None
    where it listed none. `has_author_date` is true when git took over an author's date; `is_revert` when the text is
    the one of a reverting commit; `text` is all that is no comment, without white space at its edges.
    """

    names: tuple[str, ...] | None
    has_author_date: bool
    is_revert: bool
    text: str


def mentioned(buffer: str, comment: str = "#") -> Mentioned:
    """Read `buffer` as git made it, with the `comment` prefix in force. Never raises; what is unclear is left out."""
    text = buffer[:_LONGEST]
    message, cut, diff = text.partition(comment + SCISSORS)
    comments = [line[len(comment) :] for line in message.splitlines() if line.startswith(comment)]
    verbose = _diff_names(diff) if cut else []
    names = verbose or _listed(comments)
    return Mentioned(
        tuple(sorted(names)) or None,
        any(_DATE.search(line) for line in comments),
        _REVERTED.search(message) is not None,
        "\n".join(line for line in message.splitlines() if not line.startswith(comment)).strip(),
    )


def _listed(comments: list[str]) -> list[str]:
    """The files of the first section that has any: what is to be committed comes first."""
    names: list[str] = []
    for line in comments:
        if line.startswith("\t"):
            names.append(_name(line[1:]))
        elif names:
            break
    return names


def _name(entry: str) -> str:
    """The last component of the (new) path in `modified:   path` or `renamed:    old -> new`."""
    label = _LABEL.match(entry)
    path = entry[label.end() :] if label else entry
    path = path.rpartition(" -> ")[2] or path
    return last_component(path_from_git(path.encode("utf-8", "surrogateescape")))


def _diff_names(diff: str) -> list[str]:
    """The files of the verbose diff; of `-vv`, whose second part is about what is not staged, the first part's."""
    names: list[str] = []
    for match in _HEADER.finditer(diff):
        if match[0].startswith(("diff --git i/", 'diff --git "i/')):
            break
        quoted = f'"{match["path"]}"' if match[0].endswith('"') else match["path"]
        names.append(last_component(path_from_git(quoted.encode("utf-8", "surrogateescape"))))
    return names


def last_component(path: str) -> str:
    """The name of a file without its folders; of a folder with a slash at its end, the folder's."""
    return path.rstrip("/").rpartition("/")[2]
