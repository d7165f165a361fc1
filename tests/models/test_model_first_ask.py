"""Importing a provider's library, which takes a second, never holds up somebody who types."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from asking import KEYS, PROMPT, WIRES
from typing_meanwhile import pauses

HERE = Path(__file__).parent
LONGEST = 0.1  # seconds
ROUNDS = 5


def test_who_types_does_not_notice() -> None:
    """Against the same client in the same round. A busy machine makes pauses of its own, but not in all rounds."""
    rounds: list[tuple[float, float]] = []
    while len(rounds) < ROUNDS:
        rounds.append(pauses())
        alone, meanwhile = rounds[-1]
        if meanwhile - alone < LONGEST:
            return
    pytest.fail(f"typing was held up in every round: {rounds}")


@pytest.mark.parametrize("provider", WIRES)
def test_the_loop_goes_on(provider: str) -> None:
    program = [sys.executable, str(HERE / "first_ask.py"), provider]
    done = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)
    own, _ = map(float, done.stdout.split())
    assert own < LONGEST


@pytest.mark.parametrize("provider", WIRES)
def test_a_talkative_library_is_silenced(provider: str) -> None:
    """`ANTHROPIC_LOG` makes the library log whole requests, to where an editor keeps what a server says."""
    program = [sys.executable, str(HERE / "first_ask.py"), provider]
    env = dict(os.environ) | {"ANTHROPIC_LOG": "debug", "HTTPX_LOG_LEVEL": "trace", "PYTHONASYNCIODEBUG": "1"}
    done = subprocess.run(program, capture_output=True, text=True, env=env, check=True, timeout=60)
    for secret in (*KEYS.values(), PROMPT):
        assert secret not in done.stderr


def test_importing_byline_imports_no_model_library() -> None:
    program = "import sys, byline.models; print([m for m in ('anthropic', 'httpx2', 'keyring') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
