"""The tools whose transcripts can be read."""

from __future__ import annotations

from byline.agents.aider import Aider
from byline.agents.amp import Amp
from byline.agents.claude_code import ClaudeCode
from byline.agents.cline import Cline
from byline.agents.codex import Codex
from byline.agents.continue_dev import Continue
from byline.agents.copilot import Copilot
from byline.agents.copilot_cli import CopilotCli
from byline.agents.cursor import Cursor
from byline.agents.droid import Droid
from byline.agents.gemini_cli import GeminiCli
from byline.agents.opencode import OpenCode
from byline.agents.reader import Reader
from byline.agents.windsurf import Windsurf

READERS: tuple[type[Reader], ...] = (
    ClaudeCode,
    Codex,
    GeminiCli,
    OpenCode,
    Copilot,
    CopilotCli,
    Cursor,
    Aider,
    Cline,
    Windsurf,
    Continue,
    Amp,
    Droid,
)
"""In the order in which they are asked."""
