"""Which documents are commit buffers, whose they are, and where in them something stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from byline.commit_messages.buffer.form import Form
from byline.lsp.commit.buffers import Text, input_box_folder, is_commit_buffer
from byline.lsp.positions import Encoding
from byline.lsp.text_places import TextPlaces
from byline.provenance.text import split_lines

TEXT = "fix: 🐛 ä\r\n\nbody"


@pytest.mark.parametrize(
    ("path", "language", "is_one"),
    [
        ("/r/.git/COMMIT_EDITMSG", "plaintext", True),
        ("/r/.git/worktrees/x/COMMIT_EDITMSG", "gitcommit", True),
        ("/r/.git/MERGE_MSG", "gitcommit", True),
        ("/r/.git/TAG_EDITMSG", "gitcommit", False),
        ("/r/.git/NOTES_EDITMSG", "git-commit", False),
        ("/r/app.py", "python", False),
        (None, "scminput", True),
        (None, "git-commit", True),
        (None, "plaintext", False),
    ],
)
def test_which_documents_are_commit_buffers(path: str | None, language: str, is_one: bool) -> None:
    assert is_commit_buffer(Path(path) if path else None, language) == is_one


@pytest.mark.parametrize(
    ("query", "folder"),
    [
        ("rootUri=file:///r/a%20b", "/r/a b"),
        ("rootUri=file%3A%2F%2F%2Fr%2Fa%2520b", "/r/a b"),
        ("rootUri%3Dfile%253A%252F%252F%252Fr%252Fa%252520b", "/r/a b"),
        ("rootUri=https://evil.example/", None),
        ("rootUri=file:///r/../etc", None),
        ("", None),
        ("%", None),
    ],
)
def test_the_folder_of_an_input_box(query: str, folder: str | None) -> None:
    found = input_box_folder(f"vscode-scm:git/scm0/input?{query}")
    assert found == (Path(folder) if folder else None)


def test_of_a_buffer_with_a_diff_only_the_message_is_looked_at() -> None:
    cut = " ------------------------ >8 ------------------------"
    lines = ("feat: x\n", f"#{cut}\n", "# a comment\n", f";{cut}\r\n", *["+a line\n"] * 9)
    text = Text(7, lines)
    assert text.of_message(Form()) == Text(7, lines[:2])
    assert text.of_message(Form(";")) == Text(7, lines[:4])
    assert text.of_message(Form("%")) == text


@pytest.mark.parametrize("encoding", list(Encoding))
def test_offsets_go_to_positions_and_back(encoding: Encoding) -> None:
    places = TextPlaces(split_lines(TEXT), encoding)
    inside_a_break = TEXT.index("\n")
    for offset in range(len(TEXT) + 1):
        if offset != inside_a_break:
            assert places.offset(places.position(offset)) == offset


@pytest.mark.parametrize(("encoding", "character"), [(Encoding.UTF8, 10), (Encoding.UTF16, 8), (Encoding.UTF32, 7)])
def test_positions_count_the_clients_units(encoding: Encoding, character: int) -> None:
    places = TextPlaces(split_lines(TEXT), encoding)
    assert places.position(TEXT.index("ä")) == types.Position(0, character)
    assert places.offset(types.Position(9, 0)) == len(TEXT)
