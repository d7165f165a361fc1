"""Refs, read from files where that is possible and asked of git where it is not (reftable)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from byline.git.files import Stamp, read_small, stamp
from byline.git.oid import is_oid

if TYPE_CHECKING:
    from byline.git.repository import Repository

_NAME = re.compile(r"refs/(?!.*(?:\.\.|//|@\{|/\.|\.lock(?:/|$)))[^\x00-\x20\x7f~^:?*\[\\]+(?<![/.])")
_PER_WORKTREE = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
_PACKED_LIMIT = 1 << 28
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Head:
    """What HEAD is: the commit, None while there is none, and the branch's full ref, None when detached."""

    oid: str | None
    ref: str | None


def is_ref(name: str) -> bool:
    """Whether `name` is a full ref that git accepts (git-check-ref-format(1)); it is then safe as a path, too."""
    return _NAME.fullmatch(name) is not None


def read_head(repo: Repository) -> Head:
    """The state of HEAD in this worktree."""
    content = (read_small(repo.git_dir / "HEAD") or b"").decode("utf-8", "surrogateescape").strip()
    if is_oid(content):
        return Head(content, None)
    ref = content[4:].strip() if content.startswith("ref:") else ""
    if not is_ref(ref):
        return _ask_head(repo)
    return Head(read_ref(repo, ref), ref)


def read_ref(repo: Repository, name: str) -> str | None:
    """The object id that the full ref `name` has, or None where there is no such ref.

    Raises ValueError for a name that git would not accept.
    """
    if not is_ref(name):
        raise ValueError(f"Not a full ref: {name[:80]!r}. Full refs begin with refs/.")
    if _has_reftable(repo):
        return _ask_ref(repo, name)
    target = name
    for _ in range(_DEEPEST):
        content = (read_small(_loose(repo, target)) or b"").decode("utf-8", "surrogateescape").strip()
        if is_oid(content):
            return content
        if not content.startswith("ref:"):
            return _packed(repo, target)
        target = content[4:].strip()
        if not is_ref(target):
            return None
    return None


def head_stamps(repo: Repository) -> tuple[Stamp | None, ...]:
    """What changes when HEAD moves, whichever way it is stored; only file statistics and one small file are read."""
    head = repo.git_dir / "HEAD"
    content = (read_small(head) or b"").decode("utf-8", "surrogateescape").strip()
    ref = content[4:].strip() if content.startswith("ref:") else ""
    places = [head, repo.common_dir / "packed-refs", repo.git_dir / "reftable" / "tables.list"]
    if is_ref(ref):
        places.append(_loose(repo, ref))
    if repo.common_dir != repo.git_dir:
        places.append(repo.common_dir / "reftable" / "tables.list")
    return tuple(stamp(place) for place in places)


def _loose(repo: Repository, name: str) -> Path:
    base = repo.git_dir if name.startswith(_PER_WORKTREE) else repo.common_dir
    return base / name


def _packed(repo: Repository, name: str) -> str | None:
    content = read_small(repo.common_dir / "packed-refs", _PACKED_LIMIT) or b""
    match = re.search(
        rb"^([0-9a-f]+) " + re.escape(name.encode("utf-8", "surrogateescape")) + rb"$", content, re.MULTILINE
    )
    return match[1].decode() if match and is_oid(match[1].decode()) else None


def _has_reftable(repo: Repository) -> bool:
    return (repo.common_dir / "reftable").is_dir()


def _ask_ref(repo: Repository, name: str) -> str | None:
    said = repo.runner.run(["rev-parse", "--verify", "--quiet", name], ok=(0, 1)).decode().strip()
    return said if is_oid(said) else None


def _ask_head(repo: Repository) -> Head:
    oid = repo.runner.run(["rev-parse", "--verify", "--quiet", "HEAD"], ok=(0, 1)).decode().strip()
    ref = repo.runner.run(["symbolic-ref", "--quiet", "HEAD"], ok=(0, 1)).decode("utf-8", "surrogateescape").strip()
    return Head(oid if is_oid(oid) else None, ref if is_ref(ref) else None)
