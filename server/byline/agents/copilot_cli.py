"""Copilot in the terminal: `session-state/<session>/events.jsonl` in `~/.copilot` (before that: `<session>.jsonl`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from byline.agents.copilot_events import CopilotEvents
from byline.agents.homes import Homes
from byline.agents.reader import Place, Reader


class CopilotCli(Reader):
    """The reader of Copilot CLI."""

    tool = "copilot-cli"

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """Both layouts."""
        top = homes.copilot / "session-state"
        return [Place(top, ("*", "events.jsonl"), _begin), Place(top, ("*.jsonl",), _begin)]


def _begin(path: Path) -> CopilotEvents:
    return CopilotEvents(CopilotCli.tool, path.parent.name if path.name == "events.jsonl" else path.stem)
