"""Messages that commitlint lets through by default: merges, reverts, fix-ups, releases (@commitlint/is-ignored)."""

from __future__ import annotations

import re

from byline.commit_messages.grammar import LINE_ENDS, WHITE_SPACE

_STARTS = (
    "Revert ",
    "revert ",
    "Reapply ",
    "reapply ",
    "amend!",
    "fixup!",
    "squash!",
    "Merge remote-tracking branch",
    "Automatic merge",
)
_LINE_STARTS = ("Merge pull request", "Merge branch ", "Merge tag ")

_RELEASE_TYPE = re.compile(r"chore(\([^)]+\))?:")
_NO_BUILD = (
    re.compile(rf"\[(skip|ci)[-{WHITE_SPACE}](ci|skip)\]", re.IGNORECASE | re.ASCII),
    re.compile(rf"\((skip|ci)[-{WHITE_SPACE}](ci|skip)\)", re.IGNORECASE | re.ASCII),
)
_NUMBER = r"(?:0|[1-9][0-9]{0,15})"
_LABEL = rf"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|{_NUMBER})"
_VERSION = re.compile(
    rf"v?(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER})"
    rf"(?:-{_LABEL}(?:\.{_LABEL})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_MAX_VERSION = 256
_MAX_SAFE = 2**53 - 1


def is_ignored(text: str) -> bool:
    """Whether commitlint would not look at this message at all."""
    if text.startswith(_STARTS) or _is_release(text):
        return True
    first, *others = LINE_ENDS.split(text)
    return _is_merge_report(first) or any(_is_merge(line) for line in (first, *others))


def _is_merge(line: str) -> bool:
    return line.startswith(_LINE_STARTS) or (line.startswith("Merge ") and " into " in line[len("Merge ") :])


def _is_merge_report(line: str) -> bool:
    if line.startswith("Merged "):
        rest = line[len("Merged ") :]
        return "in " in rest or "into " in rest or (rest.startswith("PR ") and ": " in rest[len("PR ") :])
    return line.startswith("Auto-merged ") and " into " in line[len("Auto-merged ") :]


def _is_release(text: str) -> bool:
    """Whether the first line is a version (https://semver.org), perhaps after `chore(release):`."""
    line = text.split("\n", 1)[0]
    if released := _RELEASE_TYPE.match(line):
        line = line[released.end() :]
    for pattern in _NO_BUILD:
        line = pattern.sub("", line, count=1)
    line = line.strip(WHITE_SPACE)
    match = _VERSION.fullmatch(line) if len(line) <= _MAX_VERSION else None
    return bool(match and all(int(number) <= _MAX_SAFE for number in match.groups()))
