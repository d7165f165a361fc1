"""`byline/declare`: an agent or plug-in says what it wrote; it counts only where the text is really there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcInvalidParams

from byline.attribution.match import Hunk
from byline.attribution.opening import declared_evidence
from byline.git.errors import NotARepository
from byline.lsp.statements import declare

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Declare


async def handle(app: Application, params: Declare) -> dict[str, object]:
    """`verified` is whether any of it was found; `ranges` are whole lines."""
    hunks = [Hunk(hunk.old, hunk.new) for hunk in params.hunks]
    evidence = declared_evidence(params.tool, params.model, params.session)
    place = _place(app, params.path)
    if not _is_open(app, place):
        return {"verified": False, "ranges": []}
    try:
        ranges = await declare(app.session, place, hunks, evidence, params.prompt)
    except NotARepository as problem:
        raise JsonRpcInvalidParams(str(problem)) from problem
    return {
        "verified": bool(ranges),
        "ranges": [
            {"start": {"line": first, "character": 0}, "end": {"line": last + 1, "character": 0}}
            for first, last in ranges
        ],
    }


def _is_open(app: Application, place: Path) -> bool:
    """Whether a path is in what the person has open: whoever declares does not decide where Byline keeps a journal."""
    roots = (*app.folders, *(project.root for project in app.session.watch.projects))
    real = place.resolve()
    return any(real.is_relative_to(root) or real.is_relative_to(root.resolve()) for root in roots) or any(
        file.path == place for file in app.session.recorder.files.values()
    )


def _place(app: Application, path: str) -> Path:
    place = Path(path)
    if "\0" in path or ".." in place.parts:
        raise JsonRpcInvalidParams(f"The path {path[:200]!r} has '..' or a null character; send it in its plain form.")
    if place.is_absolute():
        return place
    if not app.folders:
        raise JsonRpcInvalidParams("A relative path needs a workspace folder; send an absolute one.")
    return next((folder / place for folder in app.folders if (folder / place).exists()), app.folders[0] / place)
