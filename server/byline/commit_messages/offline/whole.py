"""What can be said of a change that its lines do not show: files moved, made executable, submodules, line endings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from byline.commit_messages.digest.digest import FileDigest, Turned
from byline.commit_messages.offline.names import listed, safe_name, safe_names
from byline.commit_messages.offline.phrase import Phrase

_MOST_NAMED = 2
_TURNED = {
    Turned.EXECUTABLE: ("make", "executable", "executable"),
    Turned.NOT_EXECUTABLE: ("make", "non-executable", "non-executable"),
    Turned.LINK: ("turn", "into a symbolic link", "into symbolic links"),
    Turned.FILE: ("turn", "into a regular file", "into regular files"),
    Turned.SUBMODULE: ("turn", "into a submodule", "into submodules"),
}
_SUBMODULES = {"A": "add", "D": "remove"}


def as_a_whole(files: Sequence[FileDigest]) -> Iterator[Phrase]:
    """What is true of all of `files` and says everything; nothing where their lines have more to say."""
    for phrases in (_submodules(files), _turned(files), _line_ends(files)):
        yield from phrases
    if files and all(file.status == "R" and file.is_untouched for file in files):
        yield from moved(files)
        yield Phrase("rename", _counted(files))


def moved(files: Sequence[FileDigest]) -> Iterator[Phrase]:
    """Where `files`, all of them renamed, went to."""
    if len(files) == 1:
        yield from _one_moved(files[0])
        return
    names = {_parts(file.old_path or "")[1] == _parts(file.path)[1] for file in files}
    folders = {_parts(file.old_path or "")[0] == _parts(file.path)[0] for file in files}
    before, after = common_folder([file.old_path or "" for file in files]), common_folder([f.path for f in files])
    if folders == {True}:
        yield from ([Phrase("rename", f"{_counted(files)} in {after}")] if after else [])
        yield Phrase("rename", _counted(files))
    elif folders == {False}:
        if after and after != before and names == {True}:
            yield Phrase("move", f"{_counted(files)} to {after}")
        yield Phrase("move", _counted(files))


def common_folder(paths: Sequence[str]) -> str | None:
    """The folder that all of `paths` are in, as deep as can be; None for the root, or where it cannot be written."""
    shared: list[str] = []
    for level in zip(*(path.split("/")[:-1] for path in paths)):  # noqa: B905 - as deep as the shallowest
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return safe_name("/".join(shared)) if shared else None


def _one_moved(file: FileDigest) -> Iterator[Phrase]:
    old_folder, old_name = _parts(file.old_path or "")
    folder, name = _parts(file.path)
    verb, new = ("rename", name) if folder == old_folder else ("move", folder or ".")
    old, new = safe_name(old_name) or "", (new if new == "." else safe_name(new) or "")
    if old and new and new != ".":
        yield Phrase(verb, f"{old} to {new}")
    elif old and new:
        yield Phrase(verb, f"{old} to the top folder")


def _submodules(files: Sequence[FileDigest]) -> Iterator[Phrase]:
    found = [file for file in files if file.is_submodule and file.status != "T"]
    if not found or any(not file.is_submodule and file.path != ".gitmodules" for file in files):
        return
    statuses = {file.status for file in found}
    verb = _SUBMODULES.get(found[0].status, "update") if len(statuses) == 1 else "update"
    noun = "submodule" if len(found) == 1 else "submodules"
    for names in (safe_names(file.path for file in found), safe_names(file.name for file in found)):
        if len(names) == len(found):
            yield Phrase(verb, f"{noun} {listed(names, _MOST_NAMED)}")
    yield Phrase(verb, f"{len(found)} {noun}")


def _turned(files: Sequence[FileDigest]) -> Iterator[Phrase]:
    first = files[0].turned if files else None
    if first is None or any(file.turned is not first for file in files):
        return
    verb, one, many = _TURNED[first]
    for names in _named(files):
        yield Phrase(verb, f"{names} {one if len(files) == 1 else many}")


def _line_ends(files: Sequence[FileDigest]) -> Iterator[Phrase]:
    ends = {file.line_ends for file in files}
    end = next(iter(ends), None)
    if len(ends) == 1 and end:
        for names in _named(files):
            yield Phrase("convert", f"line endings of {names} to {end}")


def _named(files: Sequence[FileDigest]) -> Iterator[str]:
    names = safe_names(file.name for file in files)
    if len(names) == len(files) <= _MOST_NAMED:
        yield listed(names, _MOST_NAMED)
    yield _counted(files)


def _counted(files: Sequence[FileDigest]) -> str:
    return "1 file" if len(files) == 1 else f"{len(files)} files"


def _parts(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name
