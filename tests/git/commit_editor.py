"""A commit that is stopped while its message is in the editor, as it is for a person who writes one."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.repo import Repo

_PATIENCE = 30.0


@contextmanager
def editing(repo: Repo, *command: str, cwd: Path | None = None, answers: str = "") -> Iterator[Path]:
    """Run `git *command` until it opens the editor; yields the file that is edited. Then the commit goes on.

    `answers` is what the person types on the terminal before, as `git commit -p` asks.
    """
    folder = repo.root.parent / "editor"
    folder.mkdir(exist_ok=True)
    asked, go = folder / "asked", folder / "go"
    for pipe in (asked, go):
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
    script = folder / "editor.sh"
    script.write_text(f'#!/bin/sh\necho "$(realpath "$1")" >"{asked}"\nread -r _ <"{go}"\n')
    script.chmod(0o755)
    opened = os.open(asked, os.O_RDONLY | os.O_NONBLOCK)
    environment = {**repo.environment(), "GIT_EDITOR": str(script)}
    process = subprocess.Popen(
        ["git", *command], cwd=cwd or repo.root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(answers.encode())
    process.stdin.close()
    try:
        ready, _, _ = select.select([opened], [], [], _PATIENCE)
        assert ready, f"git {command} opened no editor"
        yield Path(os.read(opened, 4096).decode().strip())
        go.write_text("done\n")
        assert process.wait(_PATIENCE) == 0, process.stdout and process.stdout.read()
    finally:
        os.close(opened)
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
