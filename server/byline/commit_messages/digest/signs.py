"""Signs of what sort of change it is that lie in the content.

Some mean the same in every repository (`style.prior` says what); what the others mean, the history tells
(`style.content`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from byline.commit_messages.digest.digest import Digest, FileDigest
from byline.commit_messages.digest.symbols import Became
from byline.commit_messages.kinds import NOISE, FileKind
from byline.commit_messages.style.content import content_features
from byline.commit_messages.style.features import Features

_MOST_LINES = 400
_WORD = re.compile(r"[A-Za-z]{3,20}")
_COMMENT = re.compile(r"\s*(?:#(?!include|!)|//|/\*|\*|--|;;|<!--|\"\"\"|''')")
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")
_DEFINED = frozenset({FileKind.SOURCE})

_LISTED = """
    fix fixes bug issue workaround regression error errors raise throw throws catch except null none undefined nil
    ensure guard fallback missing invalid escape race leak crash panic safe already instead avoid should
    option options config flag support enable allow experimental default new export public interface
    deprecated deprecate remove legacy rename move extract refactor cleanup unused simplify
    cache fast faster perf performance benchmark lazy memo alloc pool
    test tests expect assert describe mock fixture snapshot
    typo doc docs example usage readme link https version bump lint eslint prettier ignore format types typing type any
    workflow action uses runs node matrix job await async timeout retry if return const let def func
"""
WORDS = frozenset(_LISTED.split())
"""The words that are looked for among added and removed ones."""


def signs(digest: Digest) -> Features:
    """The signs in the content of a change, as named weights between 0 and 1."""
    files = [file for file in digest.files if file.kind not in NOISE]
    found = dict.fromkeys(_of_files(digest.files), 1.0)
    source = [file for file in files if file.kind in _DEFINED]
    found |= dict.fromkeys(_of_size("all", files), 1.0)
    if source:
        found |= dict.fromkeys(_of_size("source", source), 1.0)
        found |= dict.fromkeys(_of_symbols(source), 1.0)
    found |= dict.fromkeys(_of_lines(source or files), 1.0)
    found |= _of_words(source or files)
    return {**found, **content_features(digest.files)}


def _of_files(files: Iterable[FileDigest]) -> Iterator[str]:
    statuses = Counter((file.status, file.kind) for file in files)
    kinds = sorted({kind.value for _, kind in statuses})
    yield "always"
    yield f"kinds {'+'.join(kinds[:4])}"
    yield from (f"only {kinds[0]}" for _ in kinds[:1] if len(kinds) == 1)
    yield from (f"has {kind}" for kind in kinds)
    yield from (f"{status} {kind.value}" for status, kind in statuses)


def _of_size(what: str, files: list[FileDigest]) -> Iterator[str]:
    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    yield f"{what} lines {min((added + removed).bit_length(), 11)}"
    share = added / (added + removed) if added + removed else -1.0
    yield f"{what} added {'none' if share < 0 else min(int(share * 5), 4)}"
    if added and not removed:
        yield f"{what} only added"
    if removed and not added:
        yield f"{what} only removed"
    yield f"{what} files {min(len(files).bit_length(), 6)}"
    yield f"{what} hunks {min(sum(len(file.hunks) for file in files).bit_length(), 7)}"


def _of_symbols(files: list[FileDigest]) -> Iterator[str]:
    became = Counter(symbol.became for file in files for symbol in file.symbols)
    for what in Became:
        yield f"symbols {what} {min(became[what].bit_length(), 4)}"
    if became[Became.ADDED] and became.total() == became[Became.ADDED] and any(map(_is_public, files)):
        yield "symbols only added"
    if became[Became.CHANGED] and became.total() == became[Became.CHANGED]:
        yield f"symbols only changed {min(became.total().bit_length(), 3)}"


def _is_public(file: FileDigest) -> bool:
    return any(not symbol.short_name.startswith("_") for symbol in file.symbols)


def _of_lines(files: list[FileDigest]) -> Iterator[str]:
    hunks = [hunk for file in files for hunk in file.hunks]
    if not hunks:
        yield from (["lines spacing"] if files and all(file.is_spacing for file in files) else [])
        return
    lines = [line for hunk in hunks for line in (*hunk.old, *hunk.new) if line.strip()]
    if all(hunk.is_spacing for hunk in hunks):
        yield "lines spacing"
    if all(hunk.is_import for hunk in hunks):
        yield "lines imports"
    if lines and all(_COMMENT.match(line) for line in lines):
        yield "lines comments"
    elif any(_COMMENT.match(line) for line in lines):
        yield "lines some comments"
    if all(_is_version(hunk.old, hunk.new) for hunk in hunks):
        yield "lines versions"


def _is_version(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    return len(old) == len(new) and _VERSION.sub("", "".join(old)) == _VERSION.sub("", "".join(new))


def _of_words(files: list[FileDigest]) -> dict[str, float]:
    found: dict[str, float] = {}
    hunks = [hunk for file in files for hunk in file.hunks]
    for side, lines in (("-", (x for h in hunks for x in h.old)), ("+", (x for h in hunks for x in h.new))):
        text = " ".join(line for _, line in zip(range(_MOST_LINES), lines))  # noqa: B905 - as many as are wanted
        words = {word.lower() for word in _WORD.findall(_parted(text))} & WORDS
        found |= {f"{side}{word}": 1.0 for word in words}
    both = {name[1:] for name in found if name[0] == "+"} & {name[1:] for name in found if name[0] == "-"}
    return {name: weight for name, weight in found.items() if name[1:] not in both}


def _parted(text: str) -> str:
    """`text` with the parts of its identifiers apart."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.replace("_", " "))
