"""Copilot in VS Code: what a workspace's storage holds of chats (`workspaceStorage/<hash>/`, of `microsoft/vscode`).

- `chatSessions/<session>.json`, later `.jsonl`: the requests with what was asked, of which model, and the calls made.
- `chatEditingSessions/<session>/state.json`: the timeline of what was applied to which file, with the text before.
- `GitHub.copilot-chat/transcripts/<session>.jsonl`: the agent's events; without the model.

`workspace.json` says which folder the storage belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from byline.agents.copilot_chats import COPILOT, CopilotChat, CopilotChatLog, Requests
from byline.agents.copilot_events import CopilotEvents
from byline.agents.copilot_timeline import CopilotTimeline
from byline.agents.fields import absolute, as_record, parse
from byline.agents.homes import Homes
from byline.agents.reader import Cut, Place, Reader
from byline.agents.tail import read_head


class Copilot(Reader):
    """The reader of Copilot in VS Code."""

    tool = COPILOT

    def __init__(self) -> None:
        self._requests: Requests = {}

    def places(self, homes: Homes, roots: Sequence[Path]) -> list[Place]:
        """Chats first: the timelines refer to their requests."""
        tops = [user / "workspaceStorage" for user in homes.editors]
        events = ("*", "GitHub.copilot-chat", "transcripts", "*.jsonl")
        return [
            *(Place(top, ("*", "chatSessions", "*.jsonl"), self._begin_log) for top in tops),
            *(Place(top, ("*", "chatSessions", "*.json"), self._begin_chat, Cut.WHOLE) for top in tops),
            *(
                Place(top, ("*", "chatEditingSessions", "*", "state.json"), self._begin_timeline, Cut.WHOLE)
                for top in tops
            ),
            *(Place(top, events, _begin_events) for top in tops),
        ]

    def signs(self, homes: Homes) -> list[Path]:
        """The extension's own storage: every VS Code has a `workspaceStorage`."""
        return [user / "globalStorage" / "github.copilot-chat" for user in homes.editors]

    def _begin_log(self, path: Path) -> CopilotChatLog:
        return CopilotChatLog(path.stem, _folder(path.parents[1]), self._requests)

    def _begin_chat(self, path: Path) -> CopilotChat:
        return CopilotChat(path.stem, _folder(path.parents[1]), self._requests)

    def _begin_timeline(self, path: Path) -> CopilotTimeline:
        return CopilotTimeline(path.parent.name, _folder(path.parents[2]), self._requests)


def _begin_events(path: Path) -> CopilotEvents:
    return CopilotEvents(COPILOT, path.stem, _folder(path.parents[2]))


def _folder(storage: Path) -> str | None:
    """The folder that a workspace's storage belongs to; None for a workspace of several."""
    return absolute(as_record(parse(read_head(storage / "workspace.json"))).get("folder"))
