"""`byline/status`: what is known about the work tree of a file or folder, and what is not safe yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.lsp.places import local_path

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Status


async def handle(app: Application, params: Status) -> dict[str, object]:
    """`journalled` is the acknowledgement: those versions survive whatever happens to this process."""
    status = await app.session.status(local_path(params.uri))
    failures = [f"{problem.where}: {problem.what}" for problem in app.server.problems.all()]
    return {
        "root": str(status.root) if status.root else None,
        "head": status.head,
        "settled": status.settled,
        "journalled": status.journalled,
        "pendingEdits": status.pending_edits,
        "readers": [],
        "models": [],
        "trusted": app.client_settings.get("trusted") is True,
        "problems": [*status.problems, *failures],
    }
