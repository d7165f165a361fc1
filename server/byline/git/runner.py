"""The one place that starts a process, and how.

GitPython's `Git.execute` passes the whole environment of this process on, cannot be given bytes to write, and keeps
what it reads in memory; docs/decisions/0002-git-runner.md says more. What makes a command safe is in
`byline.git.hardening`; no argument is ever built from outside text, except revisions, ids and paths that were checked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock, Timer
from typing import IO

from byline.git.config import LIST, Config, known_files
from byline.git.errors import CommandFailed, GitMissing, GitTooOld
from byline.git.executable import MINIMUM, parse_version
from byline.git.hardening import OPTIONS, as_options, as_variables, drivers_off, environment

_TIMEOUT = 60.0
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
                with (
                    _files(None) as (given, said, errors),
                    _ended(self._start(LIST, {}, given, errors, said)) as process,
                ):
                    self._config = Config.parse(_finish(process, LIST, (0,), _TIMEOUT, said, errors), self._files)
            return self._config

    def run(
        self,
        args: Sequence[str],
        *,
        stdin: bytes | None = None,
        ok: Collection[int] = (0,),
        timeout: float = _TIMEOUT,
    ) -> bytes:
        """What `git *args` writes to its standard output.

        `stdin` is written to it (nothing is ever inherited), `ok` are the exit codes that are no failure, `timeout`
        is in seconds. Raises CommandFailed.
        """
        with _files(stdin) as (given, said, errors), _ended(self._start_safely(args, given, errors, said)) as process:
            return _finish(process, args, ok, timeout, said, errors)

    @contextmanager
    def stream(
        self, args: Sequence[str], *, stdin: bytes = b"", ok: Collection[int] = (0,), timeout: float = _TIMEOUT
    ) -> Iterator[IO[bytes]]:
        """The standard output of `git *args` while it is written; the process has ended when the block is left.

        Leaving the block with output unread, or by an exception, kills it. Raises CommandFailed at the end of the
        block, unless something was left unread.
        """
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            given.write(stdin)
            given.seek(0)
            with _ended(self._start_safely(args, given, said)) as process, _deadline(process, timeout) as late:
                output = _pipe(process.stdout)
                yield output
                if output.read(1):
                    return
                code = process.wait()
            if code not in ok:
                said.seek(0)
                raise CommandFailed(args, None if late else code, said.read(20_000), _late(timeout) if late else "")

    def converse(self, args: Sequence[str]) -> Conversation:
        """Start `git *args` and keep it, to ask and be answered many times."""
        return Conversation(self._start_safely(args, subprocess.PIPE, subprocess.DEVNULL), args)

    def _start_safely(
        self,
        args: Sequence[str],
        stdin: int | IO[bytes],
        stderr: int | IO[bytes],
        stdout: int | IO[bytes] = subprocess.PIPE,
    ) -> _Process:
        return self._start(args, drivers_off(self.config().values), stdin, stderr, stdout)

    def _start(
        self,
        args: Sequence[str],
        settings: Mapping[str, str],
        stdin: int | IO[bytes],
        stderr: int | IO[bytes],
        stdout: int | IO[bytes],
    ) -> _Process:
        in_variables = self.version >= _VARIABLES_SINCE
        options = [] if in_variables else as_options(settings)
        if args[0] not in _NOT_LITERAL:
            options.append("--literal-pathspecs")
        variables = as_variables(settings) if in_variables else {}
        self.spawns += 1
        return _spawn(
            [str(self.git), *OPTIONS, *options, *self._place, *args],
            cwd=self._cwd,
            variables=variables,
            stdin=stdin,
            stderr=stderr,
            stdout=stdout,
        )


class Conversation:
    """A git process that answers line by line. Not thread-safe; every method raises CommandFailed when it died."""

    def __init__(self, process: _Process, args: Sequence[str]) -> None:
        self._process = process
        self._args = args
        self._stdin = _pipe(process.stdin)
        self._stdout = _pipe(process.stdout)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Kill the process if the block takes longer."""
        with _deadline(self._process, seconds):
            yield

    def ask(self, request: bytes) -> None:
        """Send whole lines. At most a pipe's atomic write at once, else both sides could wait for each other."""
        try:
            self._stdin.write(request)
            self._stdin.flush()
        except OSError as error:
            raise self._died() from error

    def line(self) -> bytes:
        """The next line, without its line break."""
        line = self._stdout.readline()
        if not line.endswith(b"\n"):
            raise self._died()
        return line[:-1]

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        data = self._stdout.read(size)
        if len(data) < size:
            raise self._died()
        return data

    def close(self) -> None:
        """End the process."""
        _kill(self._process)
        for pipe in (self._stdin, self._stdout):
            try:
                pipe.close()
            except BrokenPipeError:  # what was still to be sent to a dead process
                continue

    def _died(self) -> CommandFailed:
        return CommandFailed(self._args, self._process.poll(), b"", "the process ended unexpectedly")


_Process = subprocess.Popen[bytes]


def _spawn(
    command: Sequence[str],
    *,
    cwd: Path | str,
    variables: dict[str, str],
    stdin: int | IO[bytes],
    stderr: int | IO[bytes],
    stdout: int | IO[bytes],
) -> _Process:
    """Start a process in a group of its own: a terminal's Ctrl-C does not reach it, and it can be killed whole."""
    try:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=environment(os.environ) | variables,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            process_group=0 if os.name == "posix" else None,
        )
    except OSError as error:
        if not Path(cwd).is_dir():
            raise CommandFailed(command[-1:], None, b"", f"{cwd} is not there any more") from error
        raise GitMissing(f"{command[0]} cannot be run ({error.strerror}); install git, or set `git.path`.") from error


@lru_cache(maxsize=8)
def _version(git: str) -> tuple[int, int, int]:
    command = [git, "--version"]
    with (
        _files(None) as (given, said, errors),
        _ended(_spawn(command, cwd=Path(git).parent, variables={}, stdin=given, stderr=errors, stdout=said)) as process,
    ):
        return parse_version(_finish(process, command[1:], (0,), _TIMEOUT, said, errors))


def outside_config(git: Path, key: str) -> list[str]:
    """All values of `key` in the person's and the machine's own configuration, none of a repository's."""
    args = ["--git-dir", os.devnull, "config", "-z", "--get-all", key]
    with (
        _files(None) as (given, said, errors),
        _ended(
            _spawn([str(git), *args], cwd=git.parent, variables={}, stdin=given, stderr=errors, stdout=said)
        ) as process,
    ):
        listing = _finish(process, args[2:], (0, 1), _TIMEOUT, said, errors)
    return [os.fsdecode(value) for value in listing.split(b"\0")[:-1]]


@contextmanager
def _files(stdin: bytes | None) -> Iterator[tuple[int | IO[bytes], IO[bytes], IO[bytes]]]:
    """Standard input, output and errors as files that nobody else sees.

    Not pipes: git writes small pieces, and each would wait for its turn to run Python (bench/answers.py: three times
    as long for the blame of a file while another thread is busy).
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
        if stdin is None:
            yield subprocess.DEVNULL, said, errors
            return
        with tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            yield given, said, errors


def _finish(
    process: _Process, args: Sequence[str], ok: Collection[int], timeout: float, said: IO[bytes], errors: IO[bytes]
) -> bytes:
    # A timer and not wait's own timeout, which polls with sleeps until the process has ended.
    with _deadline(process, timeout) as late:
        code = process.wait()
    if code not in ok:
        errors.seek(0)
        raise CommandFailed(args, None if late else code, errors.read(20_000), _late(timeout) if late else "")
    said.seek(0)
    return said.read()


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def _late(timeout: float) -> str:
    return f"it took more than {timeout:g} seconds"


@contextmanager
def _ended(process: _Process) -> Iterator[_Process]:
    """Whatever happens, the process and its pipes are gone afterwards."""
    try:
        yield process
    finally:
        _kill(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()


@contextmanager
def _deadline(process: _Process, seconds: float) -> Iterator[list[bool]]:
    """Kill `process` after `seconds`; the list is not empty when that happened."""
    late: list[bool] = []

    def expire() -> None:
        late.append(True)
        _kill(process)

    timer = Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _kill(process: _Process) -> None:
    """End a process and its children, and wait for it; fine if it has ended."""
    if process.poll() is None:
        try:
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        except ProcessLookupError:
            pass  # it ended by itself just now
    process.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AssertionError("the process was started without this pipe")
    return pipe
