"""`byline doctor`: what works here and what does not, and why."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from byline.attribution.project import Project
from byline.attribution.settle import settled_up_to, unsettled
from byline.cli.arguments import AsJson
from byline.cli.output import Exit, Piece, one_line, print_json, print_rows, working
from byline.cli.work_tree import here, opened, settings
from byline.formats import NOTE_REFS, BadNote, decode
from byline.git.blame import check_ignore_files
from byline.git.discovery import Place
from byline.git.errors import GitError, NotARepository
from byline.git.executable import find_git
from byline.git.notes import NotesRef
from byline.git.repository import Repository
from byline.journal.errors import JournalError
from byline.privacy import RedactionUnavailable, redact
from byline.symbols.languages import language_of

_EXTENSIONS = ("py", "js", "ts", "tsx", "go", "rs", "java", "c", "cpp", "cs", "rb", "php", "sh")
_AT_ONCE = 500  # notes that are read at a time
_MOST_NAMED = 5  # bad notes that are named for each ref


class Health(StrEnum):
    """How something is."""

    GOOD = "good"
    INFO = "info"  # worth knowing, and nothing is wrong
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one part; where it is bad, `says` also says what to do."""

    part: str
    health: Health
    says: str


_SIGNS = {Health.GOOD: ("✓", "green"), Health.INFO: ("·", "bright_black"), Health.BAD: ("✗", "bold red")}


def doctor(as_json: AsJson = False) -> int:
    """Show what works here and what does not, and why.

    Ends with 1 if something is wrong.

    \b
    Example:
      byline doctor
    """
    code = Exit.FINE
    findings = [*_machine()]
    try:
        with opened(here()) as project, working("Looking at the repository"):
            findings += _repository(project)
    except NotARepository as problem:
        findings.append(Finding("repository", Health.BAD, problem.problem))
        code = Exit.NO_REPOSITORY
    except (GitError, JournalError) as problem:
        findings.append(Finding("repository", Health.BAD, str(problem)))
    if as_json:
        print_json({"findings": [{"part": f.part, "health": f.health.value, "says": f.says} for f in findings]})
    else:
        print_rows(_rows(findings))
    is_bad = any(finding.health is Health.BAD for finding in findings)
    return code or (Exit.NO if is_bad else Exit.FINE)


def _rows(findings: list[Finding]) -> Iterator[list[Piece]]:
    width = max(len(finding.part) for finding in findings)
    for finding in findings:
        sign, style = _SIGNS[finding.health]
        yield [(f"{sign} ", style), (f"{finding.part:<{width}}  ", "bold"), (one_line(finding.says), "")]


def _machine() -> Iterator[Finding]:
    yield Finding("python", Health.GOOD, f"{'.'.join(map(str, sys.version_info[:3]))} ({sys.executable})")
    yield _checked("git", _git)
    yield _checked("redaction", _redaction)
    yield _checked("symbols", _grammars)


def _checked(part: str, check: Callable[[], str]) -> Finding:
    """What `check` returns is good, what it raises is bad."""
    try:
        return Finding(part, Health.GOOD, check())
    except (GitError, JournalError, RedactionUnavailable, ImportError) as problem:
        return Finding(part, Health.BAD, str(problem))


def _git() -> str:
    chosen = settings(None).git.path
    git = find_git(here(), Path(chosen) if chosen else None)
    version = Repository.at(Place(here(), here(), None), git).runner.version
    return f"{'.'.join(map(str, version))} ({git})"


def _redaction() -> str:
    redact("")
    return "secrets are replaced before anything is stored"


def _grammars() -> str:
    """Raises ImportError where a grammar is missing."""
    modules = sorted({language.module for e in _EXTENSIONS if (language := language_of(None, f"file.{e}"))})
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        raise ImportError(f"without {', '.join(missing)} lenses stand by paragraphs; install Byline again to get them")
    return f"{len(modules)} grammars for lenses above functions and classes"


def _repository(project: Project) -> Iterator[Finding]:
    yield Finding("repository", Health.GOOD, str(project.root))
    if project.repository.is_shallow:
        yield Finding("history", Health.INFO, "it is shallow: lines older than that have no known author")
    yield from _settings(project)
    yield from _journal(project)
    yield _settled(project)
    yield _checked("blame", lambda: _blame(project.repository))
    for name in NOTE_REFS:
        yield _notes(project.repository.notes(name))


def _blame(repository: Repository) -> str:
    check_ignore_files(repository)
    return "git can say which commit each line is from"


def _settings(project: Project) -> Iterator[Finding]:
    for problem in project.config.problems:
        yield Finding("settings", Health.BAD, problem)
    if not project.config.problems:
        given = len(project.config.sources)
        yield Finding("settings", Health.GOOD, f"{given or 'none'} differ from the defaults; `byline config` shows all")
    if not project.config.record.enabled:
        yield Finding("recording", Health.INFO, "switched off by the setting record.enabled: nothing new is recorded")


def _journal(project: Project) -> Iterator[Finding]:
    journal = project.journal
    if not (journal.location / "journal.db").exists():
        yield Finding("journal", Health.INFO, f"none in {journal.location} yet; it begins when an editor opens a file")
        return
    for problem in journal.problems:
        yield Finding("journal", Health.BAD, problem)
    yield _checked("journal", lambda: _whole_journal(project))


def _whole_journal(project: Project) -> str:
    """Raises JournalError where the database is damaged."""
    damage = project.journal.integrity()
    if damage is not None:
        raise JournalError(f"{project.journal.location} is damaged ({damage}); the server will set it aside.")
    size = project.journal.statistics()
    return f"{size.bytes / 1_000_000:.1f} MB, {size.rows['edits']} edits, in {project.journal.location}"


def _settled(project: Project) -> Finding:
    try:
        waiting = unsettled(project)
    except GitError as problem:
        return Finding("commits", Health.BAD, problem.problem)
    if waiting:
        return Finding("commits", Health.INFO, f"{waiting} not attributed yet; `byline settle` does that now")
    head = settled_up_to(project)
    return Finding("commits", Health.GOOD, f"attributed up to {head[:8]}" if head else "none to attribute so far")


def _notes(ref: NotesRef) -> Finding:
    """Read every note under `ref`: how many there are, and which cannot be understood."""
    try:
        commits = sorted(ref.listing())
        bad = [line for start in range(0, len(commits), _AT_ONCE) for line in _bad(ref, commits[start:][:_AT_ONCE])]
    except GitError as problem:
        return Finding("notes", Health.BAD, problem.problem)
    count = f"{len(commits)} note{'' if len(commits) == 1 else 's'} in {ref.name}"
    if bad:
        more = f"; and {len(bad) - _MOST_NAMED} more" if len(bad) > _MOST_NAMED else ""
        return Finding(
            "notes", Health.BAD, f"{count}, of which {len(bad)} are passed over: {'; '.join(bad[:_MOST_NAMED])}{more}"
        )
    return Finding("notes", Health.GOOD if commits else Health.INFO, count)


def _bad(ref: NotesRef, commits: list[str]) -> Iterator[str]:
    texts = ref.read(commits)
    for commit in commits:
        if commit not in texts:
            yield f"{commit[:8]} (missing, damaged or too large)"
            continue
        try:
            decode(ref.name, texts[commit])
        except BadNote as problem:
            yield f"{commit[:8]} ({problem})"
