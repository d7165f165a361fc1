"""Settings as a person gives them, and short checks of what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from byline.config import Config, load


@dataclass
class Person:
    """Somebody with a repository, a home and an editor, who sets what a test says."""

    root: Path
    home: Path

    @property
    def file(self) -> Path:
        return self.home / ".config/byline/config.toml"

    def load(self, repository: str | bytes = "", user: str = "", client: object = None, **variables: str) -> Config:
        write(self.root / ".byline.toml", repository)
        write(self.file, user)
        return load(self.root, {"HOME": str(self.home), **variables}, client)  # type: ignore[arg-type]


def write(path: Path, text: str | bytes) -> None:
    if text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def value(config: Config, key: str) -> tuple[object, str]:
    setting = config.settings()[key]
    return setting.value, setting.source


def check(config: Config, key: str, expected: object, source: str) -> None:
    assert (*value(config, key), config.problems) == (expected, source, ())


def check_problem(config: Config, *words: str) -> None:
    """Exactly one problem, that has all these words in it, and it holds nothing up."""
    assert len(config.problems) == 1, config.problems
    missing = [word for word in words if word not in config.problems[0]]
    assert not missing, config.problems[0]
