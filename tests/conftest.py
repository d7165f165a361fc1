"""What holds for every test: nothing of the person's own machine shows through, and every run can be repeated.

- `HOME` and the XDG directories are new and empty for each test; git reads no configuration but the repository's.
- No `GIT_*` or `BYLINE_*` variable is passed on, but for the knobs below. Commits have a fixed identity.
- Chance is seeded. `BYLINE_SEED=n` repeats a run, `BYLINE_FUZZ=1` makes far more cases.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

KNOBS = frozenset({"BYLINE_ALL_EDITORS", "BYLINE_FUZZ", "BYLINE_KILLS", "BYLINE_SEED", "BYLINE_SERVER_KILLS"})

FIXED = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.org",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}

HOMES = {
    "HOME": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}

# Where agents keep their transcripts, and what a model would be reached with.
FOREIGN = (
    "CLAUDE_CONFIG_DIR",
    "CODEX_HOME",
    "COPILOT_HOME",
    "GEMINI_CLI_HOME",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_LOG",
    "ANTHROPIC_BASE_URL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
)

settings.register_profile("quick", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", settings.get_profile("quick"), max_examples=5000)
settings.load_profile("fuzz" if os.environ.get("BYLINE_FUZZ") else "quick")


def pytest_configure(config: pytest.Config) -> None:
    # In the environment, so that the workers of one run share it.
    seed = os.environ.setdefault("BYLINE_SEED", str(random.SystemRandom().randrange(2**32)))
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = seed
    for name in list(os.environ):
        if (name.startswith(("GIT_", "BYLINE_")) and name not in KNOBS) or name in FOREIGN:
            del os.environ[name]
    os.environ.update(FIXED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"BYLINE_SEED={os.environ['BYLINE_SEED']} repeats this run")


@pytest.fixture(scope="session")
def homes() -> Iterator[Iterator[Path]]:
    """An endless supply of paths for new homes, far cheaper than a temporary directory for each."""
    with tempfile.TemporaryDirectory(prefix="byline-home-", ignore_cleanup_errors=True) as directory:
        yield (Path(directory, str(number)) for number in count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory of the test's own, empty; `HOME` and the XDG directories lead there."""
    path = next(homes)
    path.mkdir()
    for variable, inner in HOMES.items():
        monkeypatch.setenv(variable, str(path / inner) if inner else str(path))
    return path


@pytest.fixture
def seed() -> int:
    """What a test's own random numbers start from."""
    return int(os.environ["BYLINE_SEED"])
