"""What fifty open files weigh."""

from __future__ import annotations

from bench.rows import Row
from bench.servers import BARE, BYLINE, greeted, open_document, repository
from bench.start import resident_megabytes

FILES = 50
LINES = 5_000


def measure() -> list[Row]:
    files = {
        f"part_{n:02}.py": "".join(f"value_{i} = call(argument_{n}, {i})\n" for i in range(LINES)) for n in range(FILES)
    }
    sizes = []
    with repository(files) as root:
        for command in (BARE, BYLINE):
            with greeted(command, root) as client:
                for name, text in files.items():
                    open_document(client, (root / name).as_uri(), text)
                sizes.append(resident_megabytes(client.process.pid))
    floor, byline = sizes
    return [Row(f"memory with {FILES} files of {LINES:,} lines", "MB", floor, byline, "<= 150 MB", byline <= 150)]
