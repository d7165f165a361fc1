"""`byline/editContext`: the client says where changes came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.provenance.origin import Evidence, Source

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import EditContext


def handle(app: Application, params: EditContext) -> None:
    """Turn the client's words into evidence on the edits of that version, before or after they arrive."""
    origins = [
        (Evidence(Source.CLIENT, o.channel, o.proof, o.tool, o.model, o.session), o.prompt) for o in params.origins
    ]
    app.session.edit_context(params.text_document.uri, params.text_document.version, origins)
