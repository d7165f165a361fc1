"""How the five states look: a colour each, beside the sign that says the same."""

from __future__ import annotations

from byline.provenance.attribution import State

STYLES = {
    State.AI: "cyan",
    State.AI_MODIFIED: "yellow",
    State.HUMAN: "green",
    State.ORIGINAL: "bright_black",
    State.UNKNOWN: "bright_black",
}
