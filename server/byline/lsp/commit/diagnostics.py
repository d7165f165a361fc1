"""Diagnostics of a commit buffer: what the message breaks of the repository's rules, secrets in it, and hints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from byline.lsp.text_places import TextPlaces
from byline.lsp.text_safety import message

if TYPE_CHECKING:
    from byline.commit_messages.lint import Finding
    from byline.commit_messages.material import Material
    from byline.commit_messages.split import Part
    from byline.lsp.application import Application
    from byline.lsp.commit.buffers import CommitBuffer, Text

SOURCE = "byline"
SPLIT = "two-commits"
"""The code of the hint that a change looks like several."""
CONFIGURATION = "configuration"
"""The code of the hint that the repository's rules could not all be read."""

_LONGEST = 500
_MOST_NAMED = 4  # files of a part that are named


def publish(
    app: Application, buffer: CommitBuffer, text: Text, findings: Sequence[Finding], material: Material | None
) -> None:
    """Show what was found in `text`; what was shown before goes."""
    places = TextPlaces(text.lines, app.server.encoding)
    shown = [diagnostic(finding, places) for finding in findings]
    shown += _hints(material) if material else ()
    app.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(buffer.uri, shown, text.version))


def clear(app: Application, uri: str) -> None:
    """Show nothing of a buffer that was closed."""
    app.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def diagnostic(finding: Finding, places: TextPlaces) -> types.Diagnostic:
    """A finding as the protocol has it; its code is the rule's name."""
    from byline.commit_messages.rules import Level

    is_error = finding.level is Level.ERROR
    return types.Diagnostic(
        range=places.range(finding.start, finding.end),
        message=message(finding.text, _LONGEST),
        severity=types.DiagnosticSeverity.Error if is_error else types.DiagnosticSeverity.Warning,
        code=finding.rule,
        source=SOURCE,
    )


def _hints(material: Material) -> Iterator[types.Diagnostic]:
    """What is to be known about the commit, at the first line, where it is sure."""
    if material.rules.problems:
        yield _hint(CONFIGURATION, " ".join(material.rules.problems))
    if len(material.parts) > 1:
        yield _hint(SPLIT, f"This looks like more than one commit. {'; '.join(map(_told, material.parts))}.")


def _told(part: Part) -> str:
    more = len(part.paths) - _MOST_NAMED
    names = ", ".join(part.paths[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{part.type}({part.scope}): {names}" if part.scope else f"{part.type}: {names}"


def _hint(code: str, text: str) -> types.Diagnostic:
    return types.Diagnostic(
        range=types.Range(types.Position(0, 0), types.Position(0, 0)),
        message=message(text, _LONGEST),
        severity=types.DiagnosticSeverity.Information,
        code=code,
        source=SOURCE,
    )
