"""Code actions in a commit buffer: what mends a finding, finished messages, and asking a model for a better one.

The edits of the first two are in the answer. A model is asked only when a person has chosen that action: when it is
resolved, or by the command that it carries for editors that resolve no edits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from byline.lsp.commit.diagnostics import diagnostic
from byline.lsp.text_places import TextPlaces
from byline.lsp.text_safety import label

if TYPE_CHECKING:
    from byline.commit_messages.buffer.form import Form
    from byline.commit_messages.lint import Edit, Finding, Fix
    from byline.commit_messages.material import Material
    from byline.commit_messages.writer import Candidate
    from byline.lsp.application import Application
    from byline.lsp.commit.buffers import CommitBuffer, Text

REFINE = "refine"
"""What the data of the action that asks a model says."""

_QUICK_FIX = types.CodeActionKind.QuickFix.value
_LONGEST_TITLE = 120
_MOST_FIXES = 50
_END_OF_LINE = 2**31 - 1


async def actions(app: Application, buffer: CommitBuffer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done at a range of `buffer`; an empty list if the client wants other kinds. Raises GitError."""
    if params.context.only is not None and not any(_wanted(kind) for kind in params.context.only):
        return []
    whole = await app.commit_buffers.text(buffer)
    if whole is None:
        return []
    findings, form = await asyncio.gather(
        app.commit_buffers.findings(buffer, whole), app.commit_buffers.form(buffer, whole)
    )
    text = whole.of_message(form)
    writer = _Actions(app, buffer, text)
    found = list(writer.fixes(findings, params.range))
    material = await app.commit_buffers.material(buffer, whole)
    if await app.commit_buffers.is_untouched(buffer, text, form):
        offered = await asyncio.to_thread(lambda: list(writer.messages(material, form)))
        app.commit_buffers.offered(buffer, material, [candidate for candidate, _ in offered])
        found += [action for _, action in offered]
    name = await app.models.title("message") if material.digest.files else None
    return [*found, *([writer.refining(name)] if name else [])]


class _Actions:
    """Makes the actions for a buffer at one version."""

    def __init__(self, app: Application, buffer: CommitBuffer, text: Text) -> None:
        self._app = app
        self._buffer = buffer
        self._text = text
        self._places = TextPlaces(text.lines, app.server.encoding)

    def fixes(self, findings: Sequence[Finding], where: types.Range) -> Iterator[types.CodeAction]:
        """What mends the findings on the lines that `where` touches: a cursor seldom stands on the very place."""
        start = self._places.offset(types.Position(where.start.line, 0))
        end = self._places.offset(types.Position(where.end.line, _END_OF_LINE))
        mended: dict[Fix, list[types.Diagnostic]] = {}  # one action for all that a fix mends
        preferred: set[Fix] = set()
        for finding in findings[:_MOST_FIXES]:
            if finding.start <= end and start <= finding.end:
                shown = diagnostic(finding, self._places)
                preferred.update(fix for fix in finding.fixes[:1] if fix.certain)
                for fix in finding.fixes:
                    mended.setdefault(fix, []).append(shown)
        for fix, of in mended.items():
            yield self._action(fix.title, fix.edits, diagnostics=of, is_preferred=fix in preferred or None)

    def messages(self, material: Material, form: Form) -> Iterator[tuple[Candidate, types.CodeAction]]:
        """The finished messages that can stand in this buffer, the likeliest first. Each tells its reasons."""
        from byline.commit_messages.buffer.insertions import Buffer, insertions

        for candidate in material.offline:
            buffer = Buffer(self._text.whole, form)
            edits = insertions(buffer, candidate.message, material.rules, untouched=True)
            if edits is not None:
                reasons = {"reasons": list(candidate.remarks), "confidence": round(candidate.confidence, 4)}
                yield candidate, self._action(candidate.message.partition("\n")[0], edits, data=reasons)

    def refining(self, name: str) -> types.CodeAction:
        """The action that asks the model called `name`."""
        title = f"Refine with {name}"
        client = self._app.server.client
        if client.code_action_resolve_edit:
            return types.CodeAction(title, kind=_QUICK_FIX, data={"what": REFINE, "uri": self._buffer.uri})
        command = types.Command(title, "byline.refineCommitMessage", None, [{"uri": self._buffer.uri}])
        return types.CodeAction(title, kind=_QUICK_FIX, command=command)

    def _action(
        self,
        title: str,
        edits: Sequence[Edit],
        *,
        diagnostics: Sequence[types.Diagnostic] | None = None,
        is_preferred: bool | None = None,
        data: object = None,
    ) -> types.CodeAction:
        return types.CodeAction(
            label(title, _LONGEST_TITLE),
            kind=_QUICK_FIX,
            diagnostics=diagnostics,
            is_preferred=is_preferred,
            edit=workspace_edit(self._app, self._buffer.uri, self._text, edits),
            data=data,
        )


def workspace_edit(app: Application, uri: str, text: Text, edits: Sequence[Edit]) -> types.WorkspaceEdit:
    """`edits` of `text` for the client: bound to its version, where the client knows of versions."""
    places = TextPlaces(text.lines, app.server.encoding)
    made = [places.text_edit(edit) for edit in edits]
    if not app.server.client.versioned_edits:
        return types.WorkspaceEdit(changes={uri: made})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=text.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(made))])


def _wanted(kind: types.CodeActionKind | str) -> bool:
    asked = kind.value if isinstance(kind, types.CodeActionKind) else kind
    return asked in ("", _QUICK_FIX)
