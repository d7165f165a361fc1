"""`python -m tests.quality REPO ...`: how good are offline commit messages, on what people really committed?

Of each repository the newest commits are the test, and a style is learned only from what came before. Beside our
figures stand two baselines: always the repository's commonest type (and scope), and what its nearest earlier commit
had. Which repositories a figure was developed on, and which were only ever tested, is in `repositories.py`.

Repositories are only read.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.quality.grounding import ungrounded
from tests.quality.history import Case, cases
from tests.quality.measures import Measure, Result, calibration_error, coverage, interval, macro_f1, share

from byline.commit_messages.changes import commit_change
from byline.commit_messages.digest.digest import digest
from byline.commit_messages.lint import passes
from byline.commit_messages.rules import ANGULAR_RULES, CONVENTIONAL_RULES, Level, Rule, Rules
from byline.commit_messages.writer import candidates, ranking
from byline.git.errors import GitError
from byline.git.repository import Repository

STRICT_RULES = CONVENTIONAL_RULES.with_rules(
    {
        "header-max-length": Rule(Level.ERROR, True, 50),
        "body-max-line-length": Rule(Level.ERROR, True, 60),
        "body-leading-blank": Rule(Level.ERROR),
        "scope-empty": Rule(Level.ERROR, True),
        "type-enum": Rule(Level.ERROR, True, ("feat", "fix", "docs", "refactor", "test", "chore")),
    }
)
CONFIGURATIONS: tuple[Rules, ...] = (CONVENTIONAL_RULES, ANGULAR_RULES, STRICT_RULES)

_MEASURES: Mapping[str, Measure] = {
    "type, first": share(lambda r: r.types[0] == r.type),
    "  type, always the commonest": share(lambda r: r.majority == r.type),
    "  type of the nearest": share(lambda r: r.neighbour == r.type),
    "type, first three": share(lambda r: r.type in r.types[:3]),
    "type, in the candidates": share(lambda r: r.type in r.offered),
    "type, macro F1": macro_f1,
    "type, calibration error": calibration_error,
    "type, covered at 90 %": coverage,
    "scope, first": share(lambda r: r.scopes[0] == r.scope),
    "  scope, always the commonest": share(lambda r: r.majority_scope == r.scope),
    "  scope of the nearest": share(lambda r: r.neighbour_scope == r.scope),
    "scope, first three": share(lambda r: r.scope in r.scopes[:3]),
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Measure the repositories that `arguments` name, and return the exit code: 1 if a message is invalid or untrue."""
    parser = argparse.ArgumentParser("python -m tests.quality", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path, metavar="REPO", help="a repository with its history")
    parser.add_argument("--commits", type=int, default=400, metavar="N", help="of each, at most (default: 400)")
    chosen = parser.parse_args(arguments)
    found: dict[str, list[Result]] = {}
    for root in chosen.repositories:
        found[str(root)] = list(_results(root, chosen.commits))
        print(f"{root}: {_line(found[str(root)])}", flush=True)
    return _report({name: results for name, results in found.items() if results})


def _results(root: Path, most: int) -> Iterator[Result]:
    repository = Repository.discover(root)
    skipped = 0
    for case in cases(repository, most):
        try:
            yield _result(repository, case)
        except GitError:  # a snapshot may lack files
            skipped += 1
    repository.close()
    if skipped:
        print(f"{root}: {skipped} commits skipped, whose files are not there")


def _result(repository: Repository, case: Case) -> Result:
    change = commit_change(repository, case.commit.oid)
    start = time.perf_counter()
    told = digest(repository, change)
    unruled = Rules({})
    ranked = ranking(told, case.style, unruled, author=case.commit.author)
    offered = candidates(told, case.style, CONVENTIONAL_RULES, author=case.commit.author)
    took = time.perf_counter() - start
    made = [
        (rules, one)
        for rules in CONFIGURATIONS
        for one in candidates(told, case.style, rules, author=case.commit.author)
    ]
    nearest = case.style.nearest(case.commit.files, 1)
    near = next((taught for taught in case.style.taught if nearest and taught.commit is nearest[0]), None)
    return Result(
        type=case.type,
        scope=case.scope,
        types=list(ranked.types),
        scopes=list(ranked.scopes),
        confidence=next(iter(ranked.types.values())),
        offered=[one.type or "" for one in offered],
        majority=_commonest(taught.type for taught in case.style.taught),
        neighbour=near.type if near else "",
        majority_scope=_commonest(taught.scope for taught in case.style.taught),
        neighbour_scope=near.scope if near else "",
        valid=sum(passes(one.message, rules) for rules, one in made),
        made=len(made),
        ungrounded=[word for _, one in made for word in ungrounded(one.message, told)],
        milliseconds=took * 1_000,
    )


def _commonest(words: Iterator[str]) -> str:
    return next((word for word, _ in Counter(words).most_common(1)), "")


def _line(results: Sequence[Result]) -> str:
    told = [f"{name} {_MEASURES[name](results):.1f}" for name in ("type, first", "type, first three", "scope, first")]
    return f"{len(results)} commits; {'; '.join(told)}"


def _report(found: Mapping[str, Sequence[Result]]) -> int:
    results = [result for each in found.values() for result in each]
    if not results:
        print("There is nothing to measure: no conventional commits.")
        return 0
    print(f"\n{len(results)} commits of {len(found)} repositories    all   [95 % interval]   mean of repositories")
    for name, measure in _MEASURES.items():
        low, high = interval(found, measure)
        mean = statistics.mean(measure(each) for each in found.values())
        print(f"  {name:28} {measure(results):6.1f}   [{low:5.1f}, {high:5.1f}]   {mean:6.1f}")
    made, valid = sum(r.made for r in results), sum(r.valid for r in results)
    untrue = [word for r in results for word in r.ungrounded]
    times = sorted(r.milliseconds for r in results)
    print(f"  valid: {valid} of {made} messages under {len(CONFIGURATIONS)} configurations")
    print(f"  names that are not in the change: {len(untrue)} {untrue[:10]}")
    print(f"  milliseconds: median {statistics.median(times):.0f}, 95 % below {times[int(0.95 * len(times))]:.0f}")
    return 0 if valid == made and not untrue else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
