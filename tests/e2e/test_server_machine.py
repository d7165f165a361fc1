"""The whole server under random work, against a model that cannot be wrong.

Editors with real servers, a real repository with two work trees: people type, AIs edit, text is pasted, formatted,
undone; files are saved, staged, committed, amended; servers are killed. After every step each open document, and after
every commit each committed file, must be attributed as `support.model` says.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from byline.cli.app import main
from support.buffer import Origin, origin
from support.checks import check_blame, check_live, check_view
from support.model import BASE, HUMAN, UNKNOWN, Book, Text, plain
from support.page import SESSIONS, Page, said_by
from support.scenario import Scene

pages = st.integers(0, 3)
rows = st.integers(0, 30)
columns = st.integers(0, 30)
sizes = st.lists(st.integers(1, 5), min_size=1, max_size=4)
blocks = st.lists(sizes, min_size=1, max_size=4)
indents = st.lists(st.integers(0, 3), min_size=1, max_size=3)
sessions = st.sampled_from(sorted(SESSIONS))
told = st.booleans()


def typing(is_told: bool) -> Origin | None:
    """What an editor says of typing, if it says anything."""
    return origin("typing") if is_told else None


def committed_view(root: Path, name: str) -> Any:
    """What `byline blame --json --rev HEAD` prints, run in this process."""
    printed = io.StringIO()
    with contextlib.chdir(root), contextlib.redirect_stdout(printed):
        code = main(["blame", "--json", "--rev", "HEAD", "--", name])
    assert code == 0, f"byline blame of {name} ended with {code}"
    return json.loads(printed.getvalue())


class Server(RuleBasedStateMachine):
    @initialize(base=st.tuples(blocks, blocks), context=st.sampled_from(["before", "after"]))
    def begin(self, base: tuple[list[list[int]], ...], context: str) -> None:
        """Two files, a third that is new, and a second work tree with the first of them."""
        self.folder = tempfile.TemporaryDirectory(prefix="byline-machine-", ignore_cleanup_errors=True)
        self.scene = Scene(Path(self.folder.name), context)
        self.book = Book()
        self.asked = False
        ink = self.book.ink(BASE)
        texts = {name: self.book.block(block, ink) for name, block in zip(("one", "two"), base, strict=True)}
        for name, text in texts.items():
            self.scene.has(name, plain(text))
        linked = self.scene.base / "linked"
        self.scene.git("worktree", "add", "-q", "-b", "side", str(linked))
        self.scene.new_editor()
        self.scene.new_editor(linked)
        self.pages = [self.open(self.scene.root, name, text) for name, text in texts.items()]
        self.pages.append(self.open(self.scene.root, "new", None))
        self.pages.append(self.open(linked, "one", texts["one"]))

    def open(self, root: Path, name: str, text: Text | None) -> Page:
        editor = self.scene.editors[root != self.scene.root]
        buffer = editor.open(root / name, plain(text or ()))
        return Page(buffer, root, self.book, text or (), text, text, text)

    def teardown(self) -> None:
        if hasattr(self, "scene"):
            try:
                self.scene.close()
            finally:
                self.scene.abandon()
                self.folder.cleanup()

    # People

    @rule(page=pages, row=rows, column=columns, size=st.integers(1, 4), spaced=st.booleans(), told=told)
    def type(self, page: int, row: int, column: int, size: int, spaced: bool, told: bool) -> None:
        sheet = self.pages[page]
        if sheet.text:
            row %= len(sheet.text)
            word = self.book.words([size], self.book.ink(HUMAN))
            column %= len(sheet.text[row].text) + 1
            sheet.insert(row, column, f" {word} " if spaced else word, typing(told), by_key=True)

    @rule(page=pages, row=rows, sizes=sizes, below=st.booleans(), told=told)
    def type_a_line(self, page: int, row: int, sizes: list[int], below: bool, told: bool) -> None:
        sheet = self.pages[page]
        block = self.book.block([sizes], self.book.ink(HUMAN))
        sheet.add_rows(row % (len(sheet.text) + 1), block, typing(told), by_key=True, below=below)

    @rule(page=pages, which=rows, size=st.integers(1, 4), told=told)
    def type_over_a_word(self, page: int, which: int, size: int, told: bool) -> None:
        sheet = self.pages[page]
        if words := sheet.words():
            row, _, old = words[which % len(words)]
            ink = self.book.ink(HUMAN)
            sheet.exchange(row, old, self.book.words([size], ink), ink, typing(told), how="keys")

    @rule(page=pages, which=rows, by_key=st.booleans(), told=told)
    def delete_a_word(self, page: int, which: int, by_key: bool, told: bool) -> None:
        sheet = self.pages[page]
        if words := sheet.words():
            row, column, old = words[which % len(words)]
            sheet.delete(row, column, column + len(old), self.book.ink(HUMAN), typing(told), by_key=by_key)

    @rule(page=pages, first=rows, count=st.integers(1, 3), told=told)
    def delete_lines(self, page: int, first: int, count: int, told: bool) -> None:
        sheet = self.pages[page]
        if sheet.text:
            first %= len(sheet.text)
            sheet.exchange_rows(first, min(first + count, len(sheet.text)), (), typing(told))

    @rule(page=pages, row=rows, column=columns, indent=st.integers(0, 3), told=told)
    def press_enter(self, page: int, row: int, column: int, indent: int, told: bool) -> None:
        sheet = self.pages[page]
        whole = [row for row, line in enumerate(sheet.text) if len(line.text) > 1 and not line.traces]
        if whole:
            row = whole[row % len(whole)]
            column = 1 + column % (len(sheet.text[row].text) - 1)
            sheet.split(row, column, indent, self.book.ink(HUMAN), typing(told))

    @rule(page=pages, row=rows, told=told)
    def join_lines(self, page: int, row: int, told: bool) -> None:
        sheet = self.pages[page]
        if len(sheet.text) > 1:
            sheet.join(row % (len(sheet.text) - 1), typing(told))

    @rule(page=pages, row=rows, column=columns, sizes=sizes)
    def paste_words(self, page: int, row: int, column: int, sizes: list[int]) -> None:
        sheet = self.pages[page]
        if sheet.text:
            row %= len(sheet.text)
            words = self.book.words(sizes, self.book.ink(UNKNOWN))
            sheet.insert(row, column % (len(sheet.text[row].text) + 1), words, origin("paste"))

    @rule(page=pages, row=rows, block=blocks, told=told)
    def paste_lines(self, page: int, row: int, block: list[list[int]], told: bool) -> None:
        sheet = self.pages[page]
        said = origin("paste") if told or len(block) == 1 else None
        sheet.add_rows(row % (len(sheet.text) + 1), self.book.block(block, self.book.ink(UNKNOWN)), said)

    # AIs

    @rule(page=pages, row=rows, block=blocks, session=sessions, channel=st.sampled_from(["agent", "inlineAccept"]))
    def ai_adds_lines(self, page: int, row: int, block: list[list[int]], session: str, channel: str) -> None:
        sheet = self.pages[page]
        new = self.book.block(block, self.book.ink(session))
        sheet.add_rows(row % (len(sheet.text) + 1), new, said_by(session, channel))

    @rule(page=pages, first=rows, count=st.integers(1, 3), block=blocks, session=sessions)
    def ai_exchanges_lines(self, page: int, first: int, count: int, block: list[list[int]], session: str) -> None:
        sheet = self.pages[page]
        if sheet.text:
            first %= len(sheet.text)
            new = self.book.block(block, self.book.ink(session))
            sheet.exchange_rows(first, min(first + count, len(sheet.text)), new, said_by(session))

    @rule(page=pages, which=rows, size=st.integers(1, 4), session=sessions, how=st.sampled_from(["word", "line"]))
    def ai_exchanges_a_word(self, page: int, which: int, size: int, session: str, how: str) -> None:
        sheet = self.pages[page]
        if words := sheet.words():
            row, _, old = words[which % len(words)]
            ink = self.book.ink(session)
            sheet.exchange(row, old, self.book.words([size], ink), ink, said_by(session, "chatApply"), how=how)

    @rule(page=pages, which=rows, session=sessions)
    def ai_deletes_a_word(self, page: int, which: int, session: str) -> None:
        sheet = self.pages[page]
        if words := sheet.words():
            row, column, old = words[which % len(words)]
            sheet.delete(row, column, column + len(old), self.book.ink(session), said_by(session))

    # Editors

    @rule(
        page=pages, indents=st.lists(st.integers(0, 3), min_size=1, max_size=3), trailing=st.integers(0, 2), told=told
    )
    def format(self, page: int, indents: list[int], trailing: int, told: bool) -> None:
        self.pages[page].is_formatted(indents, trailing, origin("format") if told else None)

    @rule(page=pages, times=st.integers(1, 3))
    def undo(self, page: int, times: int) -> None:
        sheet = self.pages[page]
        for _ in range(min(times, len(sheet.past))):
            sheet.undo()

    @rule(page=pages, times=st.integers(1, 3))
    def redo(self, page: int, times: int) -> None:
        sheet = self.pages[page]
        for _ in range(min(times, len(sheet.future))):
            sheet.redo()

    @rule(page=pages)
    def save(self, page: int) -> None:
        self.pages[page].save()

    @rule(page=pages)
    def reopen(self, page: int) -> None:
        if self.pages[page].saved is not None:
            self.pages[page].reopen()

    @rule(which=st.integers(0, 1))
    def kill_and_restart(self, which: int) -> None:
        editor = self.scene.editors[which]
        for buffer in editor.buffers.values():
            self.scene.wait_journalled(buffer)
        editor.kill()
        editor.restart()

    # git

    @rule(page=pages)
    def stage(self, page: int) -> None:
        sheet = self.pages[page]
        if sheet.saved is not None:
            self.scene.git("add", "--", sheet.name, cwd=sheet.root)
            sheet.staged = sheet.saved

    @rule(page=pages, saved=st.booleans())
    def commit_everything(self, page: int, saved: bool) -> None:
        root = self.pages[page].root
        for sheet in self.pages_of(root):
            if saved:
                sheet.save()
            sheet.staged = sheet.saved
        self.scene.git("add", "--all", cwd=root)
        self.commit(root)

    @rule(page=pages)
    def commit_what_is_staged(self, page: int) -> None:
        self.commit(self.pages[page].root)

    @rule(page=pages)
    def commit_what_is_tracked(self, page: int) -> None:
        root = self.pages[page].root
        for sheet in self.pages_of(root):
            if sheet.staged is not None:
                sheet.staged = sheet.saved
        self.commit(root, "--all")

    @rule(page=pages)
    def commit_one_file(self, page: int) -> None:
        sheet = self.pages[page]
        if sheet.staged is not None:
            others = {other.name: other.staged for other in self.pages_of(sheet.root)}
            sheet.staged = sheet.committed = sheet.saved
            self.commit(sheet.root, "--only", "--", sheet.name, only=sheet)
            assert all(others[o.name] == o.staged for o in self.pages_of(sheet.root) if o is not sheet)

    @rule(page=pages, saved=st.booleans())
    def amend(self, page: int, saved: bool) -> None:
        root = self.pages[page].root
        if saved:
            for sheet in self.pages_of(root):
                sheet.save()
                sheet.staged = sheet.saved
            self.scene.git("add", "--all", cwd=root)
        self.commit(root, "--amend")

    def pages_of(self, root: Path) -> list[Page]:
        return [sheet for sheet in self.pages if sheet.root == root]

    def commit(self, root: Path, *options: str, only: Page | None = None) -> None:
        self.scene.git("commit", "-q", "--allow-empty", "-m", "Change", *options, cwd=root)
        self.scene.wait_settled()
        for sheet in self.pages_of(root):
            if only is None:
                sheet.committed = sheet.staged
            if sheet.committed is not None:
                self.explain("committed", sheet, sheet.committed)
                view = committed_view(root, sheet.name)
                check_view(view, self.book.expected(sheet.committed), plain(sheet.committed))

    @precondition(lambda self: not self.asked)
    @rule(page=pages)
    def ask_the_command_line(self, page: int) -> None:
        """What is asked within this process otherwise; once is enough for that."""
        sheet = self.pages[page]
        if sheet.committed is not None:
            self.asked = True
            expected = self.book.expected(sheet.committed)
            check_blame(self.scene, sheet.name, expected, text=plain(sheet.committed), cwd=sheet.root)

    # What always holds

    @invariant()
    def every_open_document_is_attributed_as_the_model_says(self) -> None:
        for sheet in self.pages:
            self.explain("live", sheet, sheet.text)
            check_live(sheet.buffer, sheet.expected)

    def explain(self, what: str, sheet: Page, text: Text) -> None:
        lines = [f"{self.book.authors(line)} {sorted(line.traces) or ''}" for line in text]
        note("\n    ".join([f"{what} {sheet.root.name}/{sheet.name}:", *lines]))


thorough = bool(os.environ.get("BYLINE_FUZZ"))
TestServer = Server.TestCase
TestServer.settings = settings(
    max_examples=300 if thorough else 6,
    stateful_step_count=40 if thorough else 20,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if thorough else [])],
    report_multiple_bugs=False,
)
