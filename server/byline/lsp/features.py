"""What the server offers: methods and commands, and the handlers behind them.

A method's handler is the module in `handlers/` that is named beside it. What stands with it goes to the client when it
asks what the server can do.
"""

from __future__ import annotations

from typing import Final

from lsprotocol import types

FEATURES: Final[tuple[tuple[str, str, object], ...]] = (
    (types.TEXT_DOCUMENT_CODE_LENS, "code_lens", types.CodeLensOptions(resolve_provider=True)),
    (types.CODE_LENS_RESOLVE, "code_lens_resolve", None),
    (types.TEXT_DOCUMENT_HOVER, "hover", None),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        "completion",
        types.CompletionOptions(trigger_characters=["(", "#", "-"], resolve_provider=False),
    ),
    (types.TEXT_DOCUMENT_INLAY_HINT, "inlay_hint", None),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        "code_action",
        types.CodeActionOptions(
            code_action_kinds=[
                types.CodeActionKind.Source,
                types.CodeActionKind.QuickFix,
                types.CodeActionKind.RefactorRewrite,
            ],
            resolve_provider=True,
        ),
    ),
    (types.CODE_ACTION_RESOLVE, "code_action_resolve", None),
    ("byline/attribution", "attribution", None),
    ("byline/declare", "declare", None),
    ("byline/mark", "mark", None),
    ("byline/status", "status", None),
)

UNASKED: Final = frozenset({"code_lens", "hover", "completion", "inlay_hint", "code_action"})
"""What editors ask by themselves, at every move of the cursor: a refusal of git's is counted, and the answer empty."""

NOTIFICATIONS: Final = (
    ("byline/agentEvent", "agent_event"),
    ("byline/diskChange", "disk_change"),
    ("byline/editContext", "edit_context"),
    ("byline/hello", "hello"),
    ("byline/proposal", "proposal"),
    ("byline/saveBracket", "save_bracket"),
)

COMMANDS: Final = (
    "byline.copyAttribution",
    "byline.explainLine",
    "byline.generateCommitMessage",
    "byline.markAsAi",
    "byline.markAsHuman",
    "byline.refineCommitMessage",
    "byline.showPrompt",
    "byline.toggle",
    "byline.writeWithModel",
)
