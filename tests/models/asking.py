"""What the tests of models ask, and whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fault_server import ClaudeWire, FaultServer, OpenAIWire, Wire

from byline.models import EnvironmentKeys, Models, ModelSettings, Question
from byline.models.responses import ResponseStore
from byline.privacy import redact

WIRES: dict[str, type[Wire]] = {"claude": ClaudeWire, "openai": OpenAIWire}
OTHER = {"claude": "openai", "openai": "claude"}
KEYS = {"claude": "canary-claude-key-7f3a", "openai": "canary-openai-key-91bc"}
PROMPT = "canary-prompt-5d20"
VARIABLES = {"claude": ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"), "openai": ("OPENAI_API_KEY", "OPENAI_BASE_URL")}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"message": {"type": "string", "maxLength": 60}, "type": {"type": "string", "enum": ["feat", "fix"]}},
    "required": ["message", "type"],
}


def question(text: str = PROMPT, schema: Mapping[str, object] | None = None) -> Question:
    return Question("message", redact("Write a commit message."), redact(text), schema, max_tokens=200)


def models_of(
    *servers: FaultServer, env: Mapping[str, str] | None = None, store: ResponseStore | None = None, **settings: Any
) -> Models:
    """Models that ask `servers` in this order. Nothing is left to chance: retries follow at once."""
    found: dict[str, str] = {}
    for server in servers:
        key, url = VARIABLES[server.wire.provider]
        found |= {key: KEYS[server.wire.provider], url: server.url}
    order = tuple(server.wire.provider for server in servers)
    names = {"openai_model": "test-model-1", "claude_model": "test-model-1"}
    chosen = ModelSettings(**({"order": order} | names | settings))
    found |= env or {}
    return Models(chosen, EnvironmentKeys(found), store, env=found, chance=lambda: 0.0)
