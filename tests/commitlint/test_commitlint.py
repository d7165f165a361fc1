"""Byline's checks beside the real commitlint: the same rules read, the same verdict of every rule."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from byline.commit_messages.buffer.reading import read
from byline.commit_messages.configuration import rules_of
from byline.commit_messages.lint.linter import broken
from byline.commit_messages.message import Message
from byline.commit_messages.rules import Rules
from commitlint.made_messages import message

HERE = Path(__file__).parent
CONFIGURATIONS = sorted((HERE / "configurations").iterdir())
COUNT = 20_000 if os.environ.get("BYLINE_FUZZ") else 1_500


HELP = "\n# Please enter the commit message for your changes.\n#\n# On branch main\n#\tmodified:   a.py\n#\n"
TYPED = (
    "feat: trail   ",
    "feat: ",
    "feat:",
    "feat(",
    "  feat: lead",
    "",
    "\nfeat: x",
    "\n\nfeat: x\n\nbody",
    "feat: x\n \nbody  \n",
    "feat: x\n\n\n\nbody.  \n\n\nRefs: 1\n",
    "\n\nSigned-off-by: Ann <ann@example.org>",
)


def count(path: Path) -> int:
    """How many messages are judged under a configuration: fewer where commitlint starts git for each of them."""
    return COUNT // 10 if b"trailer-exists" in path.read_bytes() else COUNT


@cache
def messages() -> list[str]:
    random = Random(os.environ.get("BYLINE_SEED", "commitlint"))
    return [message(random) for _ in range(COUNT)]


@cache
def buffers() -> list[str]:
    """Texts in git's editor, with its help below; those that a comment of commitlint's would part are left out."""
    typed = (*TYPED, *(text for text in messages() if "#" not in text and text.split("\n")[0].strip()))
    return [text + HELP for text in typed][:600]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What commitlint says of the messages under every configuration, in their order."""
    if not shutil.which("node"):
        pytest.skip("node is not here; commitlint needs Node 18 or newer")
    if not (HERE / "node_modules").is_dir():
        pytest.skip("commitlint is not installed: npm ci --prefix tests/commitlint")
    question = tmp_path_factory.mktemp("commitlint") / "question.json"
    both = {"buffers": buffers()}
    asked = [{"file": str(path), "messages": messages()[: count(path)], **both} for path in CONFIGURATIONS]
    question.write_text(json.dumps(asked))
    run = subprocess.run(["node", "verdicts.mjs", question], cwd=HERE, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    answer: list[dict[str, Any]] = json.loads(run.stdout)
    return answer


def rules(path: Path) -> Rules:
    name = f".commitlintrc{path.suffix}" if path.suffix in (".json", ".yaml") else f"commitlint.config{path.suffix}"
    return rules_of(HERE, lambda wanted: path.read_bytes() if wanted == name else None)


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.name)
def test_the_same_rules_are_read(path: Path, verdicts: list[dict[str, Any]]) -> None:
    loaded = verdicts[CONFIGURATIONS.index(path)]["rules"]
    asked = rules(path)
    assert not asked.problems
    theirs = {name: (level, when[0] if when else "always") for name, (level, *when) in loaded.items()}
    assert {name: (rule.level, "always" if rule.always else "never") for name, rule in asked.rules.items()} == theirs


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.name)
def test_every_rule_has_the_same_verdict(path: Path, verdicts: list[dict[str, Any]]) -> None:
    asked = rules(path)
    theirs = verdicts[CONFIGURATIONS.index(path)]["verdicts"]
    assert len(theirs) == count(path)
    check_same([(text, Message.of(text, asked.grammar)) for text in messages()[: count(path)]], asked, theirs)


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.name)
def test_a_buffer_has_the_verdict_that_the_hook_will_give(path: Path, verdicts: list[dict[str, Any]]) -> None:
    asked = rules(path)
    theirs = verdicts[CONFIGURATIONS.index(path)]["edited"]
    check_same([(text, read(text, grammar=asked.grammar)) for text in buffers()], asked, theirs)


def check_same(given: list[tuple[str, Message]], asked: Rules, theirs: list[list[str]]) -> None:
    differences = []
    for (text, message_), expected in zip(given, theirs, strict=True):
        ours = sorted(broken(message_, asked))
        if ours != expected:
            differences.append((text, set(ours) ^ set(expected)))
    assert not differences, f"{len(differences)} of {len(theirs)}: {differences[:3]}"
