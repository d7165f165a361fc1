"""The description of a change in a few words: what was done (a verb), to what (names that stand in the change)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from byline.commit_messages.digest.digest import Digest, FileDigest
from byline.commit_messages.digest.symbols import Became, SymbolChange
from byline.commit_messages.kinds import FileKind
from byline.commit_messages.offline.names import listed, safe_name, safe_names
from byline.commit_messages.offline.versions import raised

_VERBS = {
    "feat": "extend", "fix": "correct", "perf": "improve", "refactor": "rework", "style": "reformat",
    "docs": "update", "test": "extend", "revert": "revert",
}  # fmt: skip
_OF_TYPE = {
    "docs": (FileKind.DOCS,), "test": (FileKind.TEST,), "ci": (FileKind.CI,), "build": (FileKind.BUILD,),
}  # fmt: skip
_WORDS_FOR = {
    FileKind.DOCS: "documentation",
    FileKind.TEST: "tests",
    FileKind.CI: "workflows",
    FileKind.LOCK: "lock files",
}
_REARRANGING = frozenset({"refactor", "chore", "style"})
_MAIN = 0.25  # a symbol with fewer lines than this share of the largest one's is not worth naming


@dataclass(frozen=True, slots=True)
class Phrase:
    """`verb` in its plain form, and what stands after it."""

    verb: str
    object: str


class Phrases:
    """What can be said of a change. The phrases of a type come from the most telling to the shortest."""

    def __init__(self, digest: Digest) -> None:
        """For one change."""
        self._digest = digest

    def of(self, type_: str) -> Iterator[Phrase]:
        """The phrases for a change of `type_`, none of which says more than the change shows."""
        files = self._about(type_)
        if type_ not in _OF_TYPE or type_ in ("build", "ci"):
            yield from self._versions
        yield from _moved(files)
        if type_ in _REARRANGING:
            yield from _moved_symbols(self._digest)
        if type_ == "style" or all(file.is_spacing for file in files):
            yield from _on_files("reformat", files)
        else:
            yield from _on_symbols(type_, files)
            yield from _on_files(_file_verb(type_, files), files)
        yield from _in_general(type_, files)

    def _about(self, type_: str) -> Sequence[FileDigest]:
        """The files that a change of this type is about: tests that come with a fix are not what was fixed."""
        telling = self._digest.telling
        wanted = _OF_TYPE.get(type_)
        if wanted:
            return [file for file in telling if file.kind in wanted] or telling
        return [file for file in telling if file.kind is FileKind.SOURCE] or telling

    @cached_property
    def _versions(self) -> list[Phrase]:
        found = raised(self._digest.files)
        if not found:
            return []
        others = [file for file in self._digest.telling if file.kind is FileKind.SOURCE]
        if others:
            return []
        if len(found) == 1:
            one = found[0]
            return [
                Phrase("update", f"{one.name} from {one.old} to {one.new}"),
                Phrase("update", f"{one.name} to {one.new}"),
            ]
        return [Phrase("update", listed([one.name for one in found])), Phrase("update", "dependencies")]


def _moved(files: Sequence[FileDigest]) -> Iterator[Phrase]:
    renames = [file for file in files if file.status == "R" and file.old_path]
    if not renames or len(renames) < len(files):
        return
    first = renames[0]
    old_folder, _, old_name = (first.old_path or "").rpartition("/")
    folder, _, name = first.path.rpartition("/")
    verb, old, new = ("rename", old_name, name) if folder == old_folder else ("move", old_name, folder or ".")
    if len(renames) == 1 and safe_name(old) and safe_name(new):
        yield Phrase(verb, f"{safe_name(old)} to {safe_name(new)}")
    elif len({file.path.rpartition("/")[0] for file in renames}) == 1 and safe_name(folder):
        yield Phrase("move", f"{len(renames)} files to {safe_name(folder)}")


def _moved_symbols(digest: Digest) -> Iterator[Phrase]:
    """The symbols that moved, if all went to one file and they are most of what changed in code."""
    files = {move.path for move in digest.moves}
    lines = sum(move.lines for move in digest.moves)
    removed = sum(file.removed for file in digest.files if file.kind is FileKind.SOURCE)
    if len(files) != 1 or lines * 2 < removed:
        return
    place = safe_name(next(iter(files)).rpartition("/")[2])
    names = safe_names(move.name for move in digest.moves)
    for most in (2, 1):
        if place and names:
            yield Phrase("move", f"{listed(names, most)} to {place}")


def _on_symbols(type_: str, files: Sequence[FileDigest]) -> Iterator[Phrase]:
    """The symbols that most lines changed in, all of one fate."""
    symbols = [symbol for file in files for symbol in file.symbols]
    outer = _without_inner(symbols)
    if not outer:
        return
    largest = max(symbol.lines for symbol in outer)
    main = [symbol for symbol in outer if symbol.lines >= largest * _MAIN]
    main.sort(key=lambda symbol: (symbol.short_name.startswith("_"), -symbol.lines, symbol.name))
    fate = _fate(type_, main)
    chosen = [symbol for symbol in main if symbol.became is fate]
    if fate is Became.RENAMED:
        yield from _renamed(chosen)
        return
    verb = {Became.ADDED: "add", Became.REMOVED: "remove"}.get(fate) or _VERBS.get(type_, "change")
    names = safe_names(symbol.short_name if fate is not Became.CHANGED else symbol.name for symbol in chosen)
    short = safe_names(symbol.short_name for symbol in chosen)
    place = _place(files)
    for words, most in ((names, 2), (short, 2), (names, 1), (short, 1)):
        if words and place:
            yield Phrase(
                verb, f"{listed(words, most)} in {place}" if verb != "add" else f"{listed(words, most)} to {place}"
            )
        if words:
            yield Phrase(verb, listed(words, most))


def _fate(type_: str, main: Sequence[SymbolChange]) -> Became:
    """What is worth saying of these symbols: what is new in a feature, what was changed in a fix, else the most."""
    first = {"feat": Became.ADDED, "test": Became.ADDED, "fix": Became.CHANGED, "perf": Became.CHANGED}.get(type_)
    if any(symbol.became is first for symbol in main):
        return first or main[0].became
    return max(main, key=lambda symbol: symbol.lines).became


def _without_inner(symbols: Sequence[SymbolChange]) -> list[SymbolChange]:
    """Without the members of what was added, removed or renamed as a whole."""
    whole = {symbol.name for symbol in symbols if symbol.became is not Became.CHANGED}
    return [symbol for symbol in symbols if symbol.name.rpartition(".")[0] not in whole]


def _renamed(symbols: Sequence[SymbolChange]) -> Iterator[Phrase]:
    first = symbols[0]
    old, new = safe_name((first.old_name or "").rpartition(".")[2]), safe_name(first.short_name)
    if old and new:
        yield Phrase("rename", f"{old} to {new}")


def _place(files: Sequence[FileDigest]) -> str | None:
    """The one file that it is in, or the one folder."""
    if len(files) == 1:
        return safe_name(files[0].name)
    return None


def _file_verb(type_: str, files: Sequence[FileDigest]) -> str:
    statuses = {file.status for file in files}
    if statuses == {"A"}:
        return "add"
    if statuses == {"D"}:
        return "remove"
    return _VERBS.get(type_, "update")


def _on_files(verb: str, files: Sequence[FileDigest]) -> Iterator[Phrase]:
    largest = sorted(files, key=lambda file: (-(file.added + file.removed), file.path))
    counts = Counter(file.name for file in files)
    names = safe_names(file.name if counts[file.name] == 1 else file.path for file in largest)
    for most in (2, 1):
        if names and (len(files) <= 3 or most == 1):
            yield Phrase(verb, listed(names, most))
    folder = _common_folder(files)
    if folder and len(files) > 1:
        yield Phrase(verb, f"{len(files)} files in {folder}")


def _common_folder(files: Sequence[FileDigest]) -> str | None:
    parts = [file.path.split("/")[:-1] for file in files]
    shared: list[str] = []
    for level in zip(*parts):  # noqa: B905 - as deep as the shallowest
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return safe_name("/".join(shared)) if shared else None


def _in_general(type_: str, files: Sequence[FileDigest]) -> Iterator[Phrase]:
    """What can always be said: no name at all, only what sort of files, and how many."""
    kinds = {file.kind for file in files}
    verb = _file_verb(type_, files)
    if len(kinds) == 1 and (word := _WORDS_FOR.get(next(iter(kinds)))):
        yield Phrase(verb, word)
    yield Phrase(verb, "1 file" if len(files) == 1 else f"{len(files)} files")
