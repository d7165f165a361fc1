"""The server, and a record of all that its client sends it: `recorder.py FILE` writes each message as a line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main(record: Path) -> int:
    with subprocess.Popen([sys.executable, "-m", "byline", "lsp"], stdin=subprocess.PIPE) as server:
        assert server.stdin is not None
        with record.open("ab", buffering=0) as file:
            while header := sys.stdin.buffer.readline():
                length = int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else None
                while (line := sys.stdin.buffer.readline()) != b"\r\n":
                    length = int(line.split(b":")[1]) if line.lower().startswith(b"content-length") else length
                assert length is not None
                body = sys.stdin.buffer.read(length)
                file.write(body + b"\n")
                server.stdin.write(b"Content-Length: %d\r\n\r\n" % length + body)
                server.stdin.flush()
        server.stdin.close()
        return server.wait()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
