"""What clients tell beyond where a change came from: agents at work in the editor, proposals, saves, the disk."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from byline.provenance.origin import Channel, Evidence, Source
from byline.provenance.text import sha256

if TYPE_CHECKING:
    from pathlib import Path

    from byline.attribution.open_file import OpenFile
    from byline.lsp.session import Session

_JUST_NOW = 5.0  # seconds between a change and the word that explains it
_SAVED = Evidence(Source.CLIENT, Channel.FORMAT, "save_bracket")
_RELOADED = Evidence(Source.CLIENT, Channel.RELOAD, "disk_digest")


def edited(session: Session, path: Path, evidence: Evidence, prompt: str | None) -> None:
    """An agent in the editor edited the file `path`, or is about to."""
    file = _open_file(session, path)
    if file is not None and file.is_ready:
        evidence = session.recorder.with_prompt(file, evidence, prompt)
        change = file.unaccounted
        if change and time.monotonic() - change[1] <= _JUST_NOW and not file.unreviewed:
            file.unaccounted = None
            _explained(session, file, file.live.explain(change[0], evidence))
            return
    session.announced.edited(path, evidence)


def explain(session: Session, file: OpenFile) -> None:
    """The last change that nobody accounted for has been looked into: was it announced?"""
    change = file.unaccounted
    if change is None or file.path is None:
        return
    evidence = session.announced.explains(file.path, lambda: file.live.document.text)
    if evidence is not None:
        file.unaccounted = None
        _explained(session, file, file.live.explain(change[0], evidence))


def explain_reopened(session: Session, file: OpenFile, closed: float) -> None:
    """Some editors reload by closing and opening again: what is new then may have been announced."""
    if file.path is None or file.opened_edit is None or time.monotonic() - closed > _JUST_NOW:
        return
    evidence = session.announced.explains(file.path, lambda: file.live.document.text)
    if evidence is not None:
        _explained(session, file, file.live.explain_edits((file.opened_edit,), evidence))


def save_bracket(session: Session, uri: str, before: int, after: int) -> None:
    """What changed between the versions `before` and `after` was changed while saving: a formatter did it."""
    file = session.recorder.files.get(uri)
    if file is None:
        return

    def formatted() -> None:
        for version in file.live.untold(before, after):
            session.recorder.context(file, version, [_SAVED])
        session.learned(file)

    file.when_ready(formatted)


def disk_change(session: Session, uri: str, digest: str | None) -> None:
    """The file changed on the disk and has that SHA-256 there: a buffer that is equal was loaded from it."""
    file = session.recorder.files.get(uri)
    if file is None or digest is None:
        return

    def loaded() -> None:
        version, text = file.live.version, file.live.document.text
        if not file.is_clean and sha256(text) == digest.lower():
            for last in file.live.untold(version - 1, version):
                _explained(session, file, session.recorder.context(file, last, [_RELOADED]))
            session.review_if_needed(file)

    file.when_ready(loaded)


def _explained(session: Session, file: OpenFile, anything: bool) -> None:
    if anything:
        session.learned(file)
        session.listener.attribution_changed(file.uri, file.version)


def _open_file(session: Session, path: Path) -> OpenFile | None:
    return next((file for file in session.recorder.files.values() if file.path == path), None)
