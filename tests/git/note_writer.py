"""A process that adds its own line to the same notes as others do: `note_writer.py ROOT REF COMMIT NAME TIMES`."""

from __future__ import annotations

import sys
from pathlib import Path

from byline.git.notes import update_notes
from byline.git.repository import Repository


def main(root: str, ref: str, commit: str, name: str, times: str) -> None:
    repository = Repository.discover(Path(root))
    for number in range(int(times)):
        line = f"{name} {number}\n".encode()

        def append(_ref: str, _commit: str, note: bytes | None, line: bytes = line) -> bytes:
            return note if note and line in note else (note or b"") + line

        update_notes(repository, {ref: [commit]}, append, "test", tries=50)
    repository.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
