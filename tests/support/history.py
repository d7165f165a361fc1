"""Random histories: edits, renames, deletions, branches and merges, from a seed."""

from __future__ import annotations

from random import Random

from support.repo import Repo

WORDS = ["a = 1", "b = 2", "", "}", "return x", "pass"]


class History:
    """Grows a repository commit by commit. Lines repeat, so that the diff has to choose."""

    def __init__(self, repo: Repo, seed: int) -> None:
        self.repo = repo
        self.random = Random(seed)
        self.files: dict[str, dict[str, list[str]]] = {}  # branch -> path -> lines
        self.names = 0
        self.commits: list[str] = []
        self.branch = "main"
        self.files["main"] = {"f0.py": self._lines(12), "f1.py": self._lines(6)}
        self._commit()

    def step(self) -> None:
        """One more commit, or more."""
        act = self.random.choices(
            [self._edit, self._rename, self._add, self._delete, self._fork, self._merge], [12, 2, 1, 1, 2, 3]
        )
        act[0]()

    def _lines(self, count: int) -> list[str]:
        return [self.random.choice([*WORDS, f"x{self.random.randrange(1000)}"]) for _ in range(count)]

    def _commit(self) -> None:
        files = self.files[self.branch]
        gone = [path for path in self.repo.git("ls-files").split() if path not in files]
        self.commits.append(self.repo.commit({**files, **dict.fromkeys(gone)}))

    def _edit(self) -> None:
        for lines in self.random.sample(list(self.files[self.branch].values()), 1):
            for _ in range(self.random.randrange(1, 4)):
                at = self.random.randrange(len(lines) + 1)
                lines[at : at + self.random.randrange(4)] = self._lines(self.random.randrange(4))
        self._commit()

    def _rename(self) -> None:
        files = self.files[self.branch]
        self.names += 1
        files[f"r{self.names}.py"] = files.pop(self.random.choice(list(files)))
        self._commit()

    def _add(self) -> None:
        self.names += 1
        self.files[self.branch][f"n{self.names}.py"] = self._lines(5)
        self._commit()

    def _delete(self) -> None:
        files = self.files[self.branch]
        if len(files) > 1:
            del files[self.random.choice(list(files))]
            self._commit()

    def _fork(self) -> None:
        if self.branch == "main":
            self.branch = f"side{len(self.commits)}"
            self.files[self.branch] = {path: list(lines) for path, lines in self.files["main"].items()}
            self.repo.git("checkout", "--quiet", "-b", self.branch)
        else:
            self.branch = "main"
            self.repo.git("checkout", "--quiet", "main")
        self._edit()

    def _merge(self) -> None:
        others = [branch for branch in self.files if branch != self.branch]
        if not others:
            return
        other = self.random.choice(others)
        if not self.repo.git("rev-list", f"{self.branch}..{other}"):
            return
        self.commits.append(self.repo.merge(other))
        paths = self.repo.git("ls-files").split()
        self.files[self.branch] = {path: (self.repo.root / path).read_text().splitlines() for path in paths}
