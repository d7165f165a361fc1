"""How git is run in a repository.

GitPython's `Git.execute` passes the whole environment of this process on, cannot be given bytes to write, and keeps
what it reads in memory; docs/decisions/0002-git-runner.md says more. What makes a command safe is in
`byline.git.hardening`; no argument is ever built from outside text, except revisions, ids and paths that were checked.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import IO

from byline.git.config import LIST, Config, known_files
from byline.git.errors import GitTooOld
from byline.git.executable import MINIMUM, parse_version
from byline.git.hardening import OPTIONS, as_options, as_variables, drivers_off
from byline.git.process import TIMEOUT, Command, Conversation, output, stream

_VARIABLES_SINCE = (2, 31)
_NOT_LITERAL = {"check-ignore"}  # it refuses the option; it is only given paths that cannot be patterns


class Runner:
    """Runs git in one repository. Thread-safe. `spawns` counts the processes that were started."""

    def __init__(self, git: Path, git_dir: Path, common_dir: Path, work_tree: Path | None) -> None:
        self.git = git
        self.spawns = 0
        self._cwd = work_tree or git_dir
        self._place = ["--git-dir", str(git_dir), *(["--work-tree", str(work_tree)] if work_tree else [])]
        self._files = known_files(git_dir, common_dir)
        self._config: Config | None = None
        self._lock = Lock()

    @cached_property
    def version(self) -> tuple[int, int, int]:
        """The version of git. Raises GitTooOld when it is older than what Byline needs."""
        found = _version(str(self.git))
        if found < MINIMUM:
            raise GitTooOld(
                f"{self.git} has version {_dotted(found)}, and Byline needs {_dotted(MINIMUM)} or newer. "
                "Install a newer git, or set `git.path` to one."
            )
        return found

    def config(self) -> Config:
        """The repository's configuration, read again when one of its files has changed."""
        with self._lock:
            if self._config is None or not self._config.is_current():
                self._config = Config.parse(output(self._command(LIST, {})), self._files)
            return self._config

    def run(
        self,
        args: Sequence[str],
        *,
        stdin: bytes | None = None,
        ok: Collection[int] = (0,),
        timeout: float = TIMEOUT,
    ) -> bytes:
        """What `git *args` writes to its standard output.

        `stdin` is written to it (nothing is ever inherited), `ok` are the exit codes that are no failure, `timeout`
        is in seconds. Raises CommandFailed.
        """
        return output(self._safe_command(args), stdin=stdin, ok=ok, timeout=timeout)

    @contextmanager
    def stream(
        self, args: Sequence[str], *, stdin: bytes = b"", ok: Collection[int] = (0,), timeout: float = TIMEOUT
    ) -> Iterator[IO[bytes]]:
        """The standard output of `git *args` while it is written; the process has ended when the block is left.

        Leaving the block with output unread, or by an exception, kills it. Raises CommandFailed at the end of the
        block, unless something was left unread.
        """
        with stream(self._safe_command(args), stdin=stdin, ok=ok, timeout=timeout) as said:
            yield said

    def converse(self, args: Sequence[str]) -> Conversation:
        """Start `git *args` and keep it, to ask and be answered many times."""
        return Conversation(self._safe_command(args))

    def _safe_command(self, args: Sequence[str]) -> Command:
        return self._command(args, drivers_off(self.config().values))

    def _command(self, args: Sequence[str], settings: Mapping[str, str]) -> Command:
        """The command line for a process that is started now."""
        in_variables = self.version >= _VARIABLES_SINCE
        options = [] if in_variables else as_options(settings)
        if args[0] not in _NOT_LITERAL:
            options.append("--literal-pathspecs")
        self.spawns += 1
        line = [str(self.git), *OPTIONS, *options, *self._place, *args]
        return Command(line, self._cwd, as_variables(settings) if in_variables else {}, args)


@lru_cache(maxsize=8)
def _version(git: str) -> tuple[int, int, int]:
    args = ["--version"]
    return parse_version(output(Command([git, *args], Path(git).parent, {}, args)))


def outside_config(git: Path, key: str) -> list[str]:
    """All values of `key` in the person's and the machine's own configuration, none of a repository's."""
    args = ["config", "-z", "--get-all", key]
    command = Command([str(git), "--git-dir", os.devnull, *args], git.parent, {}, args)
    return [os.fsdecode(value) for value in output(command, ok=(0, 1)).split(b"\0")[:-1]]


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))
