"""The description of a change in a few words: what was done (a verb), to what (names that stand in the change)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from byline.commit_messages.digest.digest import NOT_LOOKED_AT, Digest, FileDigest
from byline.commit_messages.digest.symbols import Became, SymbolChange
from byline.commit_messages.kinds import NOISE, FileKind
from byline.commit_messages.offline.names import listed, safe_name, safe_names
from byline.commit_messages.offline.phrase import Phrase
from byline.commit_messages.offline.versions import raised
from byline.commit_messages.offline.whole import as_a_whole, common_folder, moved
from byline.commit_messages.style.types import known_type

_VERBS = {
    "feat": "extend", "fix": "correct", "perf": "improve", "refactor": "rework", "test": "extend", "revert": "revert",
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
_IN_LINES = frozenset({"docs", "test", "ci", "perf", "style"})  # what a change that moves no line is not, by itself
_MAIN = 0.25  # a symbol with fewer lines than this share of the largest one's is not worth naming
_WORD = re.compile(r"\w+")
_PLACED = {"add": "to", "remove": "from"}
_STYLESHEET = re.compile(r".*\.(?:css|scss|sass|less|styl)")


class Phrases:
    """What can be said of a change. The phrases of a type come from the most telling to the shortest."""

    def __init__(self, digest: Digest) -> None:
        """For one change."""
        self._digest = digest

    def of(self, type_: str) -> Iterator[Phrase]:
        """The phrases for a change of `type_`, none of which says more than the change shows.

        None at all for a type that a change like this cannot be of: what adds a file does not reformat.
        """
        known = known_type(type_) or type_
        if known == "style" and not self._may_be_style:
            return
        if self._as_a_whole:
            if known not in _IN_LINES or any(file.kind in _OF_TYPE.get(known, ()) for file in self._digest.files):
                yield from self._as_a_whole
            return
        files = self._about(known)
        if known not in _OF_TYPE or known in ("build", "ci"):
            yield from self._versions
        renamed = [file for file in files if file.status == "R"]
        if len(renamed) * 2 > len(files):
            yield from moved(renamed)
        if known in _REARRANGING:
            yield from _moved_symbols(self._digest)
        files = [file for file in files if not file.is_untouched] or files
        if all(file.is_spacing for file in files) or (known == "style" and _is_formatting(files)):
            yield from _on_files("reformat", files)
            yield Phrase("reformat", _counted(files))
            return
        left = [file for file in files if file.status != "D"]
        is_whole = not any(file.left_out == NOT_LOOKED_AT for file in self._digest.files)
        if is_whole and _lines(left) * 2 >= _lines(files):
            yield from _on_symbols(known, left)
        files = _alike(known, files)
        yield from _on_files(_file_verb(known, files), files)
        yield from _in_general(known, files)

    def _about(self, type_: str) -> Sequence[FileDigest]:
        """The files that a change of this type is about: tests that come with a fix are not what was fixed."""
        telling = self._digest.telling
        wanted = _OF_TYPE.get(type_)
        if wanted:
            return [file for file in telling if file.kind in wanted] or telling
        return [file for file in telling if file.kind is FileKind.SOURCE] or telling

    @cached_property
    def _as_a_whole(self) -> list[Phrase]:
        return list(as_a_whole(self._digest.files))

    @cached_property
    def _may_be_style(self) -> bool:
        """Whether a change may be one of form only: nothing comes or goes, or all of it is style sheets."""
        files = self._digest.telling
        if all(file.is_spacing for file in files) or all(_STYLESHEET.fullmatch(file.name.lower()) for file in files):
            return True
        came_or_went = [symbol for file in files for symbol in file.symbols if symbol.became is not Became.CHANGED]
        return not came_or_went and all(file.status == "M" and file.hunks for file in files)

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
    verb = {Became.ADDED: "add", Became.REMOVED: "remove"}.get(fate) or _changing(type_, files, "change")
    names = safe_names(symbol.short_name if fate is not Became.CHANGED else symbol.name for symbol in chosen)
    short = safe_names(symbol.short_name for symbol in chosen)
    place = _place(files)
    for words, most in ((names, 2), (short, 2), (names, 1), (short, 1)):
        if words and place:
            yield Phrase(verb, f"{listed(words, most)} {_PLACED.get(verb, 'in')} {place}")
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


def _alike(type_: str, files: Sequence[FileDigest]) -> Sequence[FileDigest]:
    """Those of `files` that one verb is true of: the new ones, the removed ones, or the others.

    A feature is rather in what is new, a fix in what was there; else it is where most lines are.
    """
    fates: dict[str, list[FileDigest]] = {}
    for file in files:
        fates.setdefault(_fate_of_file(file), []).append(file)
    first = {"feat": "add", "fix": "change", "perf": "change"}.get(type_, "")
    return fates.get(first) or max(fates.values(), key=_lines)


def _fate_of_file(file: FileDigest) -> str:
    return {"A": "add", "C": "add", "D": "remove"}.get(file.status, "change")


def _file_verb(type_: str, files: Sequence[FileDigest]) -> str:
    """The verb for files that are all new, all removed, or neither."""
    fate = _fate_of_file(files[0])
    return _changing(type_, files, "update") if fate == "change" else fate


def _changing(type_: str, files: Sequence[FileDigest], otherwise: str) -> str:
    """How what stays is changed, as far as the lines show it: nothing is extended by what only takes away."""
    verb = _VERBS.get(type_, otherwise)
    if not any(file.hunks for file in files) or all(file.kind in NOISE for file in files):
        return otherwise
    if verb == "extend" and not sum(file.added for file in files):
        return otherwise
    if type_ == "test" and not all(file.kind is FileKind.TEST for file in files):
        return otherwise
    return verb


def _is_formatting(files: Sequence[FileDigest]) -> bool:
    """Whether the same words are there as before, in whatever order and between whatever signs."""
    return all(file.hunks and not file.is_begun and _words(file, old=True) == _words(file, old=False) for file in files)


def _words(file: FileDigest, *, old: bool) -> Counter[str]:
    lines = (line for hunk in file.hunks for line in (hunk.old if old else hunk.new))
    return Counter(word for line in lines for word in _WORD.findall(line))


def _on_files(verb: str, files: Sequence[FileDigest]) -> Iterator[Phrase]:
    largest = sorted(files, key=lambda file: (-(file.added + file.removed), file.path))
    counts = Counter(file.name for file in files)
    names = safe_names(file.name if counts[file.name] == 1 else file.path for file in largest)
    for most in (2, 1):
        if names and (len(files) <= 3 or most == 1):
            yield Phrase(verb, listed(names, most))
    folder = common_folder([file.path for file in files])
    if folder and len(files) > 1:
        yield Phrase(verb, f"{len(files)} files in {folder}")


def _in_general(type_: str, files: Sequence[FileDigest]) -> Iterator[Phrase]:
    """What can always be said: no name at all, only what sort of files, and how many."""
    kinds = {file.kind for file in files}
    verb = _file_verb(type_, files)
    if len(kinds) == 1 and (word := _WORDS_FOR.get(next(iter(kinds)))):
        yield Phrase(verb, word)
    yield Phrase(verb, _counted(files))


def _lines(files: Sequence[FileDigest]) -> int:
    return sum(file.added + file.removed for file in files)


def _counted(files: Sequence[FileDigest]) -> str:
    return "1 file" if len(files) == 1 else f"{len(files)} files"
