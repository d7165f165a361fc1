"""Git's processes: started apart from this one, never longer than they may, gone when they are not wanted any more."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO, NamedTuple

from byline.git.errors import CommandFailed, GitMissing
from byline.git.hardening import environment

TIMEOUT = 60.0
"""Seconds that a command may take unless its caller knows better."""

_Process = subprocess.Popen[bytes]


class Command(NamedTuple):
    """What to run: a whole command line, where, with which further variables; and its part that messages name."""

    line: Sequence[str]
    cwd: Path
    variables: Mapping[str, str]
    named: Sequence[str]


def output(
    command: Command, *, stdin: bytes | None = None, ok: Collection[int] = (0,), timeout: float = TIMEOUT
) -> bytes:
    """What `command` writes to its standard output. Raises CommandFailed, GitMissing.

    `stdin` is written to it (nothing is ever inherited), `ok` are the exit codes that are no failure.
    """
    # Files and not pipes: git writes small pieces, and each would wait for its turn to run Python (bench/answers.py:
    # three times as long for the blame of a file while another thread is busy).
    with _input(stdin) as given, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
        with _ended(_spawn(command, given, said, errors)) as process, _deadline(process, timeout) as late:
            code = process.wait()  # its own timeout would poll, with sleeps
        if code not in ok:
            errors.seek(0)
            raise _failed(command, code, errors.read(20_000), timeout if late else None)
        said.seek(0)
        return said.read()


@contextmanager
def stream(command: Command, *, stdin: bytes, ok: Collection[int], timeout: float) -> Iterator[IO[bytes]]:
    """The standard output of `command` while it is written; the process has ended when the block is left.

    Leaving the block with output unread, or by an exception, kills it. Raises CommandFailed at the end of the block,
    unless something was left unread.
    """
    with _input(stdin) as given, tempfile.TemporaryFile() as errors:
        process = _spawn(command, given, subprocess.PIPE, errors)
        with _ended(process), _deadline(process, timeout) as late:
            said = _pipe(process.stdout)
            yield said
            if said.read(1):
                return
            code = process.wait()
        if code not in ok:
            errors.seek(0)
            raise _failed(command, code, errors.read(20_000), timeout if late else None)


class Conversation:
    """A git process that answers line by line. Not thread-safe; every method raises CommandFailed when it died."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._process = _spawn(command, subprocess.PIPE, subprocess.PIPE, subprocess.DEVNULL)
        self._stdin = _pipe(self._process.stdin)
        self._stdout = _pipe(self._process.stdout)

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
        return CommandFailed(self._command.named, self._process.poll(), b"", "the process ended unexpectedly")


def _spawn(command: Command, stdin: int | IO[bytes], stdout: int | IO[bytes], stderr: int | IO[bytes]) -> _Process:
    """Start a process in a group of its own: a terminal's Ctrl-C does not reach it, and it can be killed whole."""
    try:
        return subprocess.Popen(  # noqa: S603 - hardening.py says what makes a command safe
            command.line,
            cwd=command.cwd,
            env={**environment(os.environ), **command.variables},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            process_group=0 if os.name == "posix" else None,
        )
    except OSError as error:
        if not command.cwd.is_dir():
            raise CommandFailed(command.named[-1:], None, b"", f"{command.cwd} is not there any more") from error
        name, why = command.line[0], error.strerror
        raise GitMissing(f"{name} cannot be run ({why}); install git, or set `git.path`.") from error


@contextmanager
def _input(data: bytes | None) -> Iterator[int | IO[bytes]]:
    """What a process may read: a file with `data`, or nothing at all."""
    if data is None:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


def _failed(command: Command, code: int, errors: bytes, late: float | None) -> CommandFailed:
    if late is None:
        return CommandFailed(command.named, code, errors, "")
    return CommandFailed(command.named, None, errors, f"it took more than {late:g} seconds")


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
