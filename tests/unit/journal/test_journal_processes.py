"""Several windows at once, each a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from byline.journal.errors import JournalError
from byline.journal.journal import Journal
from byline.provenance.origin import Channel, Source

EDITS = 400

WRITE = f"""
import sys
from pathlib import Path
from byline.journal.journal import Journal
from byline.journal.records import *
from byline.provenance.origin import *
from byline.provenance.span import *

sys.stdin.read(1)  # all begin at once
journal = Journal.open(Path(sys.argv[1]))
document = journal.new_id()
journal.append(Document(document, "", "a.py", 5))
for version in range(1, {EDITS} + 1):
    edit = journal.new_id()
    journal.append(
        Edit(edit, document, version, "typing", 5),
        EvidenceOf(edit, Evidence(Source.SHAPE, Channel.TYPING)),
        Splice(document, version, (0, 0), (0, 0), "x", (Span(1, edit),)),
    )
    if version % 20 == 0:
        journal.flush()
assert journal.flush(30), journal.problems
journal.close()
print(journal.writer, document, *journal.problems)
"""

HOLD = """
import sys
from pathlib import Path
from byline.journal.journal import Journal

with Journal.open(Path(sys.argv[1])).lease():
    print("held", flush=True)
    sys.stdin.read(1)
"""


def start(program: str, common: Path) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", program, str(common)]
    return subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("windows", [2, 3])
def test_nothing_is_lost_and_nothing_is_twice(common: Path, windows: int) -> None:
    """Also not while the directory and the database are being made, by all of them at once."""
    processes = [start(WRITE, common) for _ in range(windows)]
    answers = []
    for process in processes:
        assert process.stdin
        process.stdin.write("!")
        process.stdin.flush()
    for process in processes:
        answers.append(process.communicate(timeout=60)[0].split())
        assert process.returncode == 0
    assert all(len(answer) == 2 for answer in answers), answers  # no problems
    assert len({writer for writer, _ in answers}) == windows
    with Journal.open(common) as journal:
        assert {d.id for d in journal.documents("", "a.py")} == {int(document) for _, document in answers}
        for _, document in answers:
            splices = journal.splices(int(document))
            assert [splice.version for splice in splices] == list(range(1, EDITS + 1))
            owners = [splice.spans[0].owner for splice in splices]
            assert journal.edits(owners).keys() == set(owners)
            evidence = journal.evidence(owners)
            assert [len(evidence[owner]) for owner in owners] == [1] * EDITS
            assert evidence[owners[0]][0].source is Source.SHAPE
            assert evidence[owners[0]][0].channel is Channel.TYPING
        assert journal.statistics().rows["evidence"] == windows * EDITS
        assert journal.integrity() is None
    assert [path.name for path in common.iterdir()] == ["byline"]


def test_a_lease_ends_with_its_holder(common: Path) -> None:
    holder = start(HOLD, common)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with Journal.open(common) as journal:
        with pytest.raises(JournalError, match="try again"), journal.lease(timeout=0.01):
            pass
        holder.kill()
        with journal.lease(timeout=10):
            pass
    holder.communicate()
