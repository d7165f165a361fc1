"""`byline/status`: what is known about the work tree of a file or folder, and what is not safe yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.lsp.places import local_path
from byline.lsp.status import status

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Status


async def handle(app: Application, params: Status) -> dict[str, object]:
    """`journalled` is the acknowledgement: those versions survive whatever happens to this process."""
    found = await status(app.session, local_path(params.uri))
    failures = [f"{problem.where}: {problem.what}" for problem in app.server.problems.all()]
    return {
        "root": str(found.root) if found.root else None,
        "head": found.head,
        "settled": found.settled,
        "journalled": found.journalled,
        "pendingEdits": found.pending_edits,
        "readers": app.session.agents.readers(),
        "models": await app.models.health(),
        "trusted": app.client_settings.get("trusted") is True,
        "problems": [*found.problems, *failures],
    }
