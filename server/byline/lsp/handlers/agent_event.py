"""`byline/agentEvent`: what an agent in the editor is doing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from byline.lsp.announcements import edited
from byline.provenance.origin import Channel, Evidence, Source

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import AgentEvent


def handle(app: Application, params: AgentEvent) -> None:
    """Only the word that a file was edited says anything about text."""
    if params.event == "file_edited" and params.path and Path(params.path).is_absolute():
        tool, model, session = params.tool, params.model, params.session
        evidence = Evidence(Source.CLIENT, Channel.AGENT, "plugin_event", tool, model, session)
        edited(app.session, Path(params.path), evidence, params.prompt)
