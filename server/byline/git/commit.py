"""A commit object, read from its bytes (gitformat-commit: header lines, an empty line, the message)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from byline.git.errors import UnknownRevision
from byline.git.oid import checked_oid

if TYPE_CHECKING:
    from byline.git.repository import Repository

_TIME = re.compile(rb"-?\d{1,18}")
_ZONE = re.compile(rb"[+-]\d{4}")
# Only encodings of text that decode in linear time; Python knows others under names that a commit could claim.
_ENCODING = re.compile(
    r"(?:utf|us|ascii|iso|latin|cp|windows|gb|big5|euc|shift|sjis|koi8|mac|hz|johab|tis)[\w.-]{0,24}", re.IGNORECASE
)
_LIMIT = 8 << 20


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something to a commit, and when: seconds since 1970, and the time zone as `+hhmm`."""

    name: str
    mail: str
    time: int
    tz: str


@dataclass(frozen=True, slots=True)
class CommitInfo:
    """What a commit says of itself."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.lstrip("\n").partition("\n")[0]


def commit_info(repo: Repository, oid: str) -> CommitInfo:
    """The commit with the id `oid`. Starts no process. Raises UnknownRevision, ObjectTooLarge."""
    return commit_infos(repo, [oid])[0]


def commit_infos(repo: Repository, oids: Sequence[str]) -> list[CommitInfo]:
    """`commit_info` of many, in their order."""
    infos = []
    for oid, found in zip(oids, repo.objects.get_many([checked_oid(oid) for oid in oids], limit=_LIMIT), strict=True):
        if found is None or found[0].type != "commit":
            raise UnknownRevision(f"There is no commit {oid} in {repo.root}; a shallow clone lacks old ones.")
        infos.append(parse_commit(oid, found[1]))
    return infos


def parse_commit(oid: str, content: bytes) -> CommitInfo:
    """The commit whose object has this content. Total: what is missing or broken is empty or 0."""
    head, _, message = content.partition(b"\n\n")
    fields: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        if not line.startswith(b" "):  # the rest of a signature
            key, _, value = line.partition(b" ")
            fields.setdefault(key, []).append(value)
    encoding = fields.get(b"encoding", [b"utf-8"])[0].decode("ascii", "replace")
    return CommitInfo(
        oid,
        fields.get(b"tree", [b""])[0].decode("ascii", "replace"),
        tuple(parent.decode("ascii", "replace") for parent in fields.get(b"parent", [])),
        _person(fields.get(b"author", [b""])[0], encoding),
        _person(fields.get(b"committer", [b""])[0], encoding),
        _text(message, encoding),
    )


def _person(line: bytes, encoding: str) -> Person:
    """`Name <mail> time zone`; what a broken line lacks is empty or 0 (ident.c is as lenient)."""
    before, closed, after = line.rpartition(b">")
    name, _, mail = before.partition(b"<") if closed else (line, b"", b"")
    time, _, tz = after.strip().partition(b" ") if closed else (b"", b"", b"")
    return Person(
        _text(name.strip(), encoding),
        _text(mail.partition(b">")[0], encoding),
        int(time) if _TIME.fullmatch(time) else 0,
        tz.decode() if _ZONE.fullmatch(tz) else "+0000",
    )


def _text(raw: bytes, encoding: str) -> str:
    """Text in the encoding that the commit claims; what does not fit becomes U+FFFD."""
    if _ENCODING.fullmatch(encoding):
        try:
            return raw.decode(encoding, "replace")
        except (LookupError, UnicodeError):
            pass  # an encoding that Python does not know: read as git's default
    return raw.decode("utf-8", "replace")
