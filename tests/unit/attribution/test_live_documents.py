"""Several live documents of one repository, in whatever order a server gets to them."""

from __future__ import annotations

from itertools import count

import pytest

from byline.attribution.client_changes import ClientChange
from byline.attribution.live import LiveDocument
from byline.attribution.owners import OwnerIndex
from byline.attribution.unrecorded import Unrecorded
from byline.provenance.document import Document
from byline.provenance.memory import Memory
from byline.provenance.origin import Channel, Evidence, Kind, Source

BLOCK = "def block(path):\n    file = open(path)\n    return file.read()\n"
AGENT = Evidence(Source.CLIENT, Channel.AGENT, None, "claude-code", None, "s1")


class Editor:
    """Live documents that share what they remember of deleted text."""

    def __init__(self) -> None:
        self.ids = count(100)
        self.owners = OwnerIndex(Unrecorded(), lambda base: ())
        self.memory = Memory()

    def opens(self, text: str) -> LiveDocument:
        edit = next(self.ids)
        self.owners.add(edit, ())
        return LiveDocument(
            next(self.ids), ("", "a.py"), 1, Document.of_one_owner(text, edit), self.owners, self.memory,
            new_id=lambda: next(self.ids), record=lambda *rows: None, clock=lambda: 0.0,
        )  # fmt: skip

    def changes(
        self, live: LiveDocument, start: tuple[int, int], end: tuple[int, int], text: str, channel: Channel
    ) -> None:
        context = AGENT if channel is Channel.AGENT else Evidence(Source.CLIENT, channel)
        live.context(live.version + 1, [context])
        live.change(live.version + 1, [ClientChange(start, end, text)], lambda line, units: units)

    def kinds(self, live: LiveDocument) -> list[set[Kind]]:
        spans = [live.document.spans(i) for i, line in enumerate(live.document.lines) if line]
        return [{self.owners.origin(span.owner).kind for span in line if span.length} for line in spans]


@pytest.fixture
def editor() -> Editor:
    return Editor()


def test_a_block_that_was_cut_from_a_document_that_opens_late_is_recognised_where_it_was_pasted(editor: Editor) -> None:
    late, other = editor.opens(""), editor.opens("")
    editor.changes(other, (0, 0), (0, 0), BLOCK, Channel.PASTE)
    editor.changes(late, (0, 0), (0, 0), BLOCK, Channel.AGENT)
    editor.changes(late, (0, 0), (3, 0), "", Channel.TYPING)
    assert editor.kinds(other) == [{Kind.UNKNOWN}] * 3
    assert other.judge_again()
    assert editor.kinds(other) == [{Kind.AI}] * 3
    assert not other.judge_again(), "nothing new is known"


def test_judging_again_leaves_what_was_typed_to_the_person(editor: Editor) -> None:
    live = editor.opens("")
    for column, character in enumerate("return None"):
        editor.changes(live, (0, column), (0, column), character, Channel.TYPING)
    assert not live.judge_again()
    assert editor.kinds(live) == [{Kind.HUMAN}]


def test_a_deletion_that_is_judged_again_is_remembered_once(editor: Editor) -> None:
    live = editor.opens("")
    editor.changes(live, (0, 0), (0, 0), BLOCK, Channel.AGENT)
    live.change(3, [ClientChange((0, 0), (3, 0), "")], lambda line, units: units)
    before = list(editor.memory)
    live.context(2, [Evidence(Source.CLIENT, Channel.INLINE_ACCEPT, None, "copilot", None, None)])
    assert [gone.text for gone in editor.memory] == [gone.text for gone in before] == [BLOCK]
