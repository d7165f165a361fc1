"""`byline/editContext`: the client says where changes came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.attribution.copies import Copy
from byline.lsp.positions import to_column
from byline.lsp.session import Origin
from byline.provenance.origin import Channel, Evidence, Source

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Clip, EditContext, EditOrigin
    from byline.provenance.document import Document


def handle(app: Application, params: EditContext) -> None:
    """Turn the client's words into evidence on the edits of that version, before or after they arrive."""
    origins = [_origin(app, origin) for origin in params.origins]
    app.session.edit_context(params.text_document.uri, params.text_document.version, origins)


def _origin(app: Application, said: EditOrigin) -> Origin:
    evidence = Evidence(Source.CLIENT, said.channel, said.proof, said.tool, said.model, said.session)
    pasted = said.clip if said.channel is Channel.PASTE else None
    return Origin(evidence, said.prompt, _copy(app, pasted) if pasted else None)


def _copy(app: Application, clip: Clip) -> Copy | None:
    """Where a clipboard's text came from, if the client knows it to be one of its own documents."""
    if not clip.internal or clip.src_uri is None or clip.src_version is None or clip.src_range is None:
        return None
    uri, start, end = clip.src_uri, clip.src_range.start, clip.src_range.end

    def source() -> tuple[Document, int] | None:
        file = app.session.recorder.files.get(uri)
        return (file.live.document, file.live.version) if file is not None and file.is_ready else None

    return Copy(
        source,
        clip.src_version,
        (start.line, start.character),
        (end.line, end.character),
        clip.sha256.lower(),
        lambda line, units: to_column(line, units, app.server.encoding),
    )
