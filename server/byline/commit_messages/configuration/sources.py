"""Which file says what a repository's commit messages are like, and what it says.

The first of these that is there holds: commitlint's own files in the order in which it looks for them
(https://commitlint.js.org/reference/configuration.html), gitlint's, commitizen's. All of them are hostile data.
"""

from __future__ import annotations

import json
import posixpath
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from byline.commit_messages.configuration import commitizen, gitlint, template, yaml
from byline.commit_messages.configuration.commitlint import packages, rules_from
from byline.commit_messages.configuration.problem import MAX_BYTES, Unknown, Unreadable
from byline.commit_messages.rules import CONVENTIONAL_RULES, Rules, default

Read = Callable[[str], bytes | None]
"""The content of a file by its path from the root; None where there is none that may be read."""

_Reader = Callable[[str, bytes], Rules | None]

_SCRIPTS = {"js": False, "cjs": False, "mjs": False, "ts": True, "cts": True, "mts": True}
_COMMITLINT = (
    "package.json",
    "package.yaml",
    ".commitlintrc",
    ".commitlintrc.json",
    ".commitlintrc.yaml",
    ".commitlintrc.yml",
    ".commitlintrc.js",
    ".commitlintrc.cjs",
    ".commitlintrc.mjs",
    "commitlint.config.js",
    "commitlint.config.cjs",
    "commitlint.config.mjs",
    ".commitlintrc.ts",
    ".commitlintrc.cts",
    ".commitlintrc.mts",
    "commitlint.config.ts",
    "commitlint.config.cts",
    "commitlint.config.mts",
)
_PACKAGE = "package."
_COMMITIZEN = ("pyproject.toml", ".cz.toml", "cz.toml", ".czrc", ".cz.json", "cz.json")
_SUFFIXES = ("", ".js", ".cjs", ".mjs", ".ts", ".json", "/index.js", "/index.json")


def rules_of(root: Path, read: Read, *, conventional: bool = False, types: Sequence[str] = ()) -> Rules:
    """The rules of the repository whose work tree is `root`.

    `read` gives a file's bytes by its path from `root`. `conventional` says whether its history uses Conventional
    Commits, and `types` which it is used to; both count only where it configures nothing. Nothing of the repository is
    run. What cannot be read with certainty is in the result's `problems`; of commitlint's files it is taken to be as
    config-conventional has it. Raises nothing for what stands in files.
    """
    problems: list[str] = []
    rules = next(_configured(root, read, problems), None) or default(conventional=conventional, types=types)
    trailers = template.trailer_keys(read(".gitmessage"))
    return replace(rules, trailers=trailers, problems=(*problems, *rules.problems))


def _configured(root: Path, read: Read, problems: list[str]) -> Iterator[Rules]:
    """What each file that is there says; those that cannot be read are named in `problems`."""
    readers: tuple[tuple[tuple[str, ...], _Reader, Rules | None], ...] = (
        (_COMMITLINT, lambda path, data: _commitlint(path, data, read), CONVENTIONAL_RULES),
        ((".gitlint",), lambda path, data: gitlint.rules_from(_text(data), path), None),
        (_COMMITIZEN, lambda path, data: _commitizen(path, data), None),
    )
    for paths, reader, instead in readers:
        for path in paths:
            data = read(path)
            if data is None:
                continue
            try:
                rules = reader(path, data)
            except Unreadable as refusal:
                if instead is None or path.startswith(_PACKAGE):
                    problems.append(f"{path}: {refusal}; the rules in it are not checked.")
                    if path.startswith(_PACKAGE):  # most packages say nothing of messages
                        continue
                    return
                problems.append(f"{path}: {refusal}; messages are checked as config-conventional has it.")
                rules = replace(instead, source=path)
            if rules:
                yield rules


def _commitlint(path: str, data: bytes, read: Read) -> Rules | None:
    configuration = _plain(path, data)
    if path.startswith(_PACKAGE):
        configuration = configuration.get("commitlint") if isinstance(configuration, dict) else None
        if configuration is None:
            return None
    if not isinstance(configuration, dict):
        raise Unreadable("it is computed" if isinstance(configuration, Unknown) else "it holds no configuration")
    return rules_from(configuration, path, lambda name: _extended(name, path, read))


def _extended(name: str, source: str, read: Read) -> Mapping[str, Any]:
    """The configuration in another file of the repository, by its path from the one that names it."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
    if path.startswith("../"):
        raise Unreadable("it is outside the repository")
    for suffix in _SUFFIXES:
        data = read(path + suffix)
        if data is not None:
            value = _plain(path + suffix, data)
            if isinstance(value, dict):
                return value
            raise Unreadable("it is computed")
    raise Unreadable("there is no such file")


def _plain(path: str, data: bytes) -> object:
    """The data in a file, by its kind. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES} bytes")
    kind = posixpath.basename(path).rpartition(".")[2]
    if kind in _SCRIPTS:
        from byline.commit_messages.configuration import javascript  # its grammars are loaded where they are needed

        return javascript.exported(data, typed=_SCRIPTS[kind], packages=packages())
    if kind == "json" or _text(data).lstrip().startswith("{"):
        return _json(data)
    return yaml.read(_text(data))


def _commitizen(path: str, data: bytes) -> Rules | None:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES} bytes")
    if path.endswith(".toml"):
        try:
            value: Any = tomllib.loads(_text(data)).get("tool", {})
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise Unreadable("it is no TOML") from error
        settings = value.get("commitizen") if isinstance(value, dict) else None
    else:
        value = _json(data)
        settings = value.get("commitizen", value) if isinstance(value, dict) else None
    return commitizen.rules_from(settings, path) if isinstance(settings, dict) else None


def _json(data: bytes) -> object:
    try:
        return json.loads(_text(data))
    except (ValueError, RecursionError) as error:
        raise Unreadable("it is no JSON") from error


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES} bytes")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not in UTF-8") from error
