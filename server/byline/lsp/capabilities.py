"""What the client can do, resolved once when it introduces itself."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types
from pygls.capabilities import get_capability


@dataclass(frozen=True, slots=True)
class ClientCapabilities:
    """The answers to all questions that the server asks of its client; everything is False for a bare one."""

    apply_edit: bool = False
    code_action_resolve_edit: bool = False
    code_lens_refresh: bool = False
    configuration: bool = False
    hover_markdown: bool = False
    inlay_hint_refresh: bool = False
    message_actions: bool = False
    versioned_edits: bool = False
    work_done_progress: bool = False

    @classmethod
    def of(cls, client: types.ClientCapabilities) -> ClientCapabilities:
        """Resolve what the client sent in `initialize`."""
        formats = get_capability(client, "text_document.hover.content_format") or ()
        resolvable = get_capability(client, "text_document.code_action.resolve_support.properties") or ()
        workspace, window = "workspace.", "window."
        return cls(
            apply_edit=_has(client, workspace + "apply_edit"),
            code_action_resolve_edit="edit" in resolvable,
            code_lens_refresh=_has(client, workspace + "code_lens.refresh_support"),
            configuration=_has(client, workspace + "configuration"),
            hover_markdown=types.MarkupKind.Markdown in formats,
            inlay_hint_refresh=_has(client, workspace + "inlay_hint.refresh_support"),
            message_actions=get_capability(client, window + "show_message") is not None,
            versioned_edits=_has(client, workspace + "workspace_edit.document_changes"),
            work_done_progress=_has(client, window + "work_done_progress"),
        )


def _has(client: types.ClientCapabilities, name: str) -> bool:
    """Whether the capability of this dotted name (pygls' spelling) is there and true."""
    return bool(get_capability(client, name, False))
