"""Plug-ins at work: their messages among the candidates, and what they say about a message as findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from byline.commit_messages.lint import Finding, passes, repair
from byline.commit_messages.lint.ignored import is_ignored
from byline.commit_messages.message import Message
from byline.commit_messages.plugins.plugins import Plugins, Said
from byline.commit_messages.plugins.staged_commit import StagedCommit, StagedFile
from byline.commit_messages.rules import Level, Rules
from byline.commit_messages.writer import WRITTEN_BY_GIT, Candidate

if TYPE_CHECKING:
    from byline.commit_messages.digest.digest import FileDigest
    from byline.commit_messages.material import Material

RULE = "plugin:{}"
"""The name of the rule that a plug-in's check stands for."""

_LONGEST = 500  # characters of a sentence


def with_plugins(material: Material, root: Path, most: int) -> Material:
    """`material` with what the plug-ins write for it, `most` candidates in all. Blocks.

    Theirs come first, for somebody has installed them to have them; but of several places the last is ours. Behind
    these stand messages that a plug-in's check has something to say about.
    """
    theirs: list[Candidate] = []
    problems: list[str] = []
    if material.digest.files and material.change.operation not in WRITTEN_BY_GIT:
        theirs, problems = _written(material, root)
    places = (*theirs[: max(1, most - 1)], *material.offline)
    first = {candidate.message: candidate for candidate in reversed(places)}
    offered = [first[message] for message in dict.fromkeys(candidate.message for candidate in places)]
    offline = judged(offered[:most], material.plugins)
    return replace(material, offline=offline, problems=(*material.problems, *problems, *material.plugins.problems))


def judged(candidates: Sequence[Candidate], plugins: Plugins) -> tuple[Candidate, ...]:
    """`candidates` with what the plug-ins' checks say of them; those of which nothing is said come first. Blocks."""
    said = plugins.checked([candidate.message for candidate in candidates])
    pairs = sorted(zip(candidates, said, strict=True), key=lambda pair: bool(pair[1]))
    return tuple(replace(candidate, objections=tuple(map(_objection, found))) for candidate, found in pairs)


def _objection(said: Said) -> str:
    text = "".join(c for c in " ".join(said.text.split()) if c.isprintable())
    return f"the plug-in {said.plugin} says: {text[:_LONGEST]}"


def objections(message: Message, rules: Rules, plugins: Plugins) -> list[Finding]:
    """What the plug-ins' checks say about `message`, at its first line. Blocks.

    Nothing of an empty one, and of those that `rules` let through, as merges.
    """
    first = next((line for line in message.raw if line.text.strip()), None)
    if first is None or (rules.ignored and is_ignored(message.text)):
        return []
    return [
        Finding(RULE.format(said.plugin), Level.WARNING, said.text, first.start, first.end)
        for said in plugins.checked([message.text.strip("\n")])[0]
    ]


def told(material: Material, root: Path) -> StagedCommit:
    """The commit that `material` is about, in the work tree `root`."""
    ranked = material.ranking() if material.is_typed else None
    return StagedCommit(
        root,
        material.branch,
        material.change.amended is not None,
        tuple(_file(file, is_told=file.path not in material.withheld) for file in material.digest.files),
        tuple(ranked.types) if ranked else (),
        tuple(filter(None, ranked.scopes)) if ranked else (),
        tuple(candidate.message for candidate in material.offline),
    )


def _file(file: FileDigest, *, is_told: bool) -> StagedFile:
    hunks = file.hunks if is_told else ()
    return StagedFile(
        file.path,
        file.old_path,
        file.status,
        file.kind.value,
        tuple(line for hunk in hunks for line in hunk.new),
        tuple(line for hunk in hunks for line in hunk.old),
        tuple(symbol.name for symbol in file.symbols) if is_told else (),
    )


def _written(material: Material, root: Path) -> tuple[list[Candidate], list[str]]:
    """The messages of the plug-ins that pass the rules, as they stand or once mended; and whose do not."""
    found: list[Candidate] = []
    problems: dict[str, None] = {}
    for said in material.plugins.generated(told(material, root)):
        candidate = _candidate(said, material)
        if candidate is not None:
            found.append(candidate)
        else:
            problems[f"A message of the plug-in {said.plugin} breaks the repository's rules, so it is not used."] = None
    return found, list(problems)


def _candidate(said: Said, material: Material) -> Candidate | None:
    text, rules = said.text.strip(), material.rules
    mended = text if passes(text, rules) else repair(text, rules)
    if mended is None or not passes(mended, rules) or not all(c == "\n" or c.isprintable() for c in mended):
        return None
    read, ranking = Message.of(mended, rules.grammar), material.ranking()
    type_, scope = (part.text if part else None for part in (read.type, read.scope))
    odds = ranking.types.get(type_, 0.0) * ranking.scopes.get(scope or "", 0.0) if type_ else 0.5
    return Candidate(mended, type_, scope, odds, (f"from the plug-in {said.plugin}",), said.plugin)
