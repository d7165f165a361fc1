"""`python -m tests.privacy [FOLDER ...]`: how often ordinary code is taken for a secret, and what looking costs.

Without folders: Python's own library, the installed packages, Node's packages and this checkout, as far as they are
here. Of each, what was found in 100,000 lines, by kind. `--show KIND` prints the lines, so that a person can judge.
Then how many planted credentials are found, by seed, and how long a diff of 2,000 lines takes.
"""

from __future__ import annotations

import argparse
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))  # where pytest looks, too

from tests.privacy.ordinary import Found, found, sources  # noqa: E402

from byline.privacy import redact  # noqa: E402
from support.credentials import credentials  # noqa: E402
from support.surroundings import Planted, planted  # noqa: E402

_DIFF_LINES = 2_000
_PLANTED, _SEEDS = 1_000, 5


def main(arguments: Sequence[str]) -> int:
    """Measure and print; the exit code is 0."""
    parser = argparse.ArgumentParser("python -m tests.privacy", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="code that holds no secrets")
    parser.add_argument("--show", action="append", default=[], metavar="KIND", help="print what was found of a kind")
    chosen = parser.parse_args(arguments)
    folders = {str(folder): folder for folder in chosen.folders} or _usual()
    results = {name: found(sources(folder)) for name, folder in folders.items()}
    _print_table(results)
    for result in results.values():
        for kind, line in result.examples:
            if kind in chosen.show:
                print(f"{kind}: {line}")
    _print_recall()
    _print_speed()
    return 0


def _usual() -> dict[str, Path]:
    """The code that is here anyway."""
    paths = sysconfig.get_paths()
    named = {
        "Python's library": Path(paths["stdlib"]),
        "installed packages": Path(paths["purelib"]),
        "Node's packages": ROOT / "editors/vscode/node_modules",
        "commitlint": ROOT / "tests/commitlint/node_modules",
        "this checkout": ROOT,
    }
    return {name: folder for name, folder in named.items() if folder.is_dir()}


def _print_table(results: Mapping[str, Found]) -> None:
    kinds = Counter[str]()
    for result in results.values():
        kinds.update(result.kinds)
    print(f"{'found in 100,000 lines':24}" + "".join(f"{name:>20}" for name in results))
    print(f"{'(lines looked at)':24}" + "".join(f"{result.lines:20,}" for result in results.values()))
    for kind, _ in kinds.most_common():
        print(f"{kind:24}" + "".join(f"{result.rate(kind):20.2f}" for result in results.values()))
    print(f"{'all':24}" + "".join(f"{result.rate():20.2f}" for result in results.values()))


def _print_recall() -> None:
    """How many of a thousand credentials are found in added lines, for several seeds, and what was missed."""
    for seed in range(_SEEDS):
        missed = [plant for plant in planted(credentials(_PLANTED, seed), seed) if _is_missed(plant)]
        told = "".join(f"; {plant.credential.kind} in {plant.surrounding.name}" for plant in missed)
        print(f"found of {_PLANTED:,} planted (seed {seed}): {_PLANTED - len(missed):,}{told}")


def _is_missed(plant: Planted) -> bool:
    clean = redact("".join(f"+{line}\n" for line in plant.text.splitlines())).text
    return any(piece in clean for piece in plant.credential.telling())


def _print_speed() -> None:
    """How long a diff of 2,000 lines takes: added lines of Byline itself."""
    text = "".join(f"+{line}\n" for line in _lines(ROOT / "server") if line.strip())
    best = min(_seconds(text) for _ in range(5))
    print(f"redacting a diff of {_DIFF_LINES:,} lines ({len(text) / 1000:.0f} KB): {best * 1000:.1f} ms")


def _seconds(text: str) -> float:
    start = time.perf_counter()
    redact(text)
    return time.perf_counter() - start


def _lines(folder: Path) -> Iterator[str]:
    every = (line for path in sorted(folder.rglob("*.py")) for line in path.read_text("utf-8").splitlines())
    return (line for _, line in zip(range(_DIFF_LINES), every, strict=False))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
