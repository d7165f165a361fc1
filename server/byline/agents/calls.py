"""What most tools have in common: a call names a file, and what is to be replaced by what, or the whole new text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from byline.agents.fields import Record, absolute, as_record, as_records, name_at, text_at
from byline.agents.patch import patches_in
from byline.agents.record import AgentEdit, EditKind, Hunk

PATHS = ("filePath", "file_path", "path", "absolutePath", "absolute_path", "target_file", "filepath")
_OLD = ("old_string", "oldString", "old_str", "oldText", "old_text")
_NEW = ("new_string", "newString", "new_str", "newText", "new_text")
_CONTENTS = ("content", "contents", "file_text", "fileText", "text")
_PATCHES = ("input", "patch", "patchText", "patch_text")
_LISTS = ("edits", "replacements")


@dataclass(frozen=True, slots=True)
class Change:
    """What a call did, or was to do, to the file at `path`; see `AgentEdit` for the rest."""

    path: str
    kind: EditKind
    hunks: tuple[Hunk, ...]
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call and all that is known of it but its changes; see `AgentEdit`."""

    tool: str
    session: str
    model: str | None
    prompt: str | None
    call: str | None
    time: float | None
    cwd: str | None
    succeeded: bool
    changed_by_user: bool = False

    def edit(self, change: Change) -> AgentEdit:
        """The record of `change`, made by this call."""
        return AgentEdit(
            tool=self.tool,
            session=self.session,
            model=self.model,
            prompt=self.prompt,
            call=self.call,
            time=self.time,
            path=change.path,
            cwd=self.cwd,
            before=change.before,
            after=change.after,
            hunks=change.hunks,
            kind=change.kind,
            changed_by_user=self.changed_by_user,
            succeeded=self.succeeded,
        )


def asked(arguments: object, cwd: str | None, *, creates: bool = False) -> Iterator[Change]:
    """The changes that a call's `arguments` ask for: an object, or the text of an `apply_patch` patch.

    A whole text is a new file's only if the call `creates` files; otherwise what was there before is not known.
    """
    if isinstance(arguments, str):
        yield from patched(arguments, cwd)
        return
    record = as_record(arguments)
    patch = next((text for key in _PATCHES if (text := text_at(record, key)) and "*** Begin Patch" in text), None)
    if patch is not None:
        yield from patched(patch, cwd)
        return
    path = absolute(name_at(record, *PATHS), cwd)
    parts = next((found for key in _LISTS if (found := as_records(record.get(key)))), None)
    if parts is not None:
        yield from _several(path, parts, cwd)
    elif path is not None:
        hunk, content = replacement(record), text_at(record, *_CONTENTS)
        if hunk is not None:
            yield replaced(path, (hunk,))
        elif content is not None:
            yield written(path, content, creates=creates)


def replacement(record: Record) -> Hunk | None:
    """What `record` replaces by what."""
    old, new = text_at(record, *_OLD), text_at(record, *_NEW)
    return None if old is None or new is None else Hunk(old, new)


def replaced(path: str, hunks: tuple[Hunk, ...], before: str | None = None, after: str | None = None) -> Change:
    """Replacements in a file; one of nothing in no file creates it."""
    if hunks and not hunks[0].old and not before:
        return Change(path, "create", hunks, None, after)
    return Change(path, "edit", hunks, before, after)


def written(path: str, content: str, *, creates: bool, before: str | None = None) -> Change:
    """A whole text, of a new file or in place of `before`, as far as that is known."""
    if creates:
        return Change(path, "create", (Hunk("", content),), None, content)
    return Change(path, "edit", () if before is None else (Hunk(before, content),), before, content)


def patched(text: str, cwd: str | None) -> Iterator[Change]:
    """The changes of all `apply_patch` patches in `text`."""
    for patch in patches_in(text):
        path = absolute(patch.moved_to or patch.path, cwd)
        if path is not None:
            after = patch.hunks[0].new if patch.kind == "create" and patch.hunks else None
            yield Change(path, patch.kind, patch.hunks, None, after)


def _several(path: str | None, parts: list[Record], cwd: str | None) -> Iterator[Change]:
    """Replacements in a row, in one file or each in its own; none at all where one of them is not understood."""
    found: dict[str, list[Hunk]] = {}
    for part in parts:
        where, hunk = absolute(name_at(part, *PATHS), cwd) or path, replacement(part)
        if where is None or hunk is None:
            return
        found.setdefault(where, []).append(hunk)
    for where, hunks in found.items():
        yield replaced(where, tuple(hunks))
