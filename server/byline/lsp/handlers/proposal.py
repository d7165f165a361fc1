"""`byline/proposal`: an AI tool proposes a whole text for a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.lsp.places import local_path
from byline.provenance.origin import Channel, Evidence, Source

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Proposal


def handle(app: Application, params: Proposal) -> None:
    """A proposal explains the change that leads to exactly its text, unless it was rejected."""
    path = local_path(params.uri)
    if path is None or params.sha256_after is None:
        return
    if params.state == "rejected":
        app.session.announced.withdrawn(path, params.sha256_after)
    elif params.state != "closed":
        evidence = Evidence(Source.CLIENT, Channel.AGENT, "proposal", params.tool, None, params.session)
        app.session.announced.proposed(path, params.sha256_after, evidence)
