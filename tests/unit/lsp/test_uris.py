"""URIs: what is a path here, what is refused, and that it leads back."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.lsp.uris import BadUriError, is_file, to_path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.py", "/a/b.py"),
        ("FILE:///a", "/a"),
        ("file:/a", "/a"),
        ("file://localhost/a", "/a"),
        ("file:///a%20b%23c%3F", "/a b#c?"),
        ("file:///a b#c", "/a b#c"),
        ("file:///%C3%A9", "/\u00e9"),
        ("file:///a%2520b", "/a%20b"),  # decoded once
        ("file:///a..b/...", "/a..b/..."),
    ],
)
def test_a_path(uri: str, path: str) -> None:
    assert to_path(uri) == Path(path)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/a",
        "file:",
        "file:a",
        "file://",
        "file://host/a",
        "file://127.0.0.1/a",
        "file://localhost:80/a",
        "file://user@localhost/a",
        "file:////host/share",
        "file:///a/../b",
        "file:///a/%2e%2e/b",
        "file:///..%5Cb",
        "file:///a%00b",
        "file:///a\0b",
        "file:///a%0Ab",
        "file:///a%7Fb",
        "http://host/a",
        "untitled:Untitled-1",
        "git:/a",
        "file:///" + "a" * 10_000,
    ],
)
def test_no_path(uri: str) -> None:
    with pytest.raises(BadUriError):
        to_path(uri)


@pytest.mark.skipif(os.name != "posix", reason="file names of any bytes")
@given(st.binary(min_size=1, max_size=30).map(lambda name: name.translate(None, bytes(range(32)) + b"/\x7f")))
def test_any_file_name_leads_back(name: bytes) -> None:
    if name in (b"", b".", b".."):
        return
    path = Path("/d") / os.fsdecode(name)
    if ".." not in path.as_posix().replace("\\", "/").split("/"):
        assert to_path("file://" + quote_from_bytes(os.fsencode(path))) == path


def test_schemes() -> None:
    assert is_file("file:///a")
    assert not is_file("git:file:///a")
