from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from byline.agents import tail as tail_module
from byline.agents.tail import Budget, ReplacedError, Tail, read_document


def budget(left: int = 1 << 30) -> Budget:
    return Budget(left, time.monotonic() + 60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transcript.jsonl"


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def read(tail: Tail, left: int = 1 << 30) -> list[bytes]:
    return list(tail.lines(budget(left)))


def test_lines_come_once_and_only_whole(path: Path) -> None:
    tail = Tail(str(path))
    text = b"one\n\ntwo\nthree\n"
    found: list[bytes] = []
    for byte in text:
        append(path, bytes([byte]))
        found += read(tail)
    assert found == [b"one", b"", b"two", b"three"]
    assert not tail.behind


@pytest.mark.parametrize("chunk", [4, 7, 1 << 20])
def test_any_size_of_chunk(path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_module, "_FIRST", chunk)
    monkeypatch.setattr(tail_module, "_CHUNK", chunk)
    lines = [b"x" * (n % 13) for n in range(200)]
    append(path, b"\n".join([*lines, b"the rest"]))
    assert read(Tail(str(path))) == lines


def test_a_budget_ends_it_and_the_next_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_module, "_FIRST", 16)
    monkeypatch.setattr(tail_module, "_CHUNK", 16)
    lines = [b"line %d" % n for n in range(100)]
    append(path, b"\n".join(lines) + b"\n")
    tail = Tail(str(path))
    first = read(tail, 50)
    assert 0 < len(first) < 20
    assert tail.behind
    assert first + read(tail) == lines
    assert not tail.behind


def replaced(path: Path, content: bytes) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(content)
    other.replace(path)


def rewritten(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("how", "content"),
    [
        (replaced, b"new\none\ntwo\n"),
        (replaced, b"one\ntwo\n"),
        (rewritten, b"new\n"),
        (rewritten, b"longer than it was before\nand more\n"),
    ],
)
def test_another_content_is_read_from_the_beginning(path: Path, how: object, content: bytes) -> None:
    append(path, b"one\ntwo\n")
    tail = Tail(str(path))
    assert read(tail) == [b"one", b"two"]
    assert callable(how)
    how(path, content)
    with pytest.raises(ReplacedError):
        read(tail)
    assert tail.behind
    assert read(tail) == content.splitlines()


@pytest.mark.parametrize("after", [b"after\nlast\n", b"", b"half"])
def test_a_line_that_is_too_long_is_skipped(path: Path, after: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_module, "MAX_LINE", 64)
    monkeypatch.setattr(tail_module, "_FIRST", 16)
    monkeypatch.setattr(tail_module, "_CHUNK", 16)
    append(path, b"before\n" + b"x" * 5000 + b"\n" + after)
    assert read(Tail(str(path))) == [b"before", *after.split(b"\n")[:-1]]


def test_a_long_line_may_still_grow(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_module, "MAX_LINE", 64)
    tail = Tail(str(path))
    append(path, b"x" * 200_000)
    assert read(tail) == []
    append(path, b"x" * 200_000 + b"\nafter\n")
    assert read(tail) == [b"after"]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(OSError, match="not a regular file"):
            read(Tail(str(path)))
        with pytest.raises(OSError, match="not a regular file"):
            read_document(str(path), budget())


def test_a_document_that_is_too_large(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_module, "MAX_DOCUMENT", 10)
    path.write_bytes(b"0123456789")
    assert read_document(str(path), budget()) == b"0123456789"
    append(path, b"!")
    with pytest.raises(OSError, match="larger"):
        read_document(str(path), budget())
