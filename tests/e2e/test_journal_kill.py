"""What the journal acknowledged is there after `kill -9`, whenever that comes.

Writers append edits as fast as they can and put each ticket that is durable into a file; they are killed at random.
Afterwards every acknowledged row must be there, once, with all that was appended with it and all that came before.
`BYLINE_KILLS` says how many are killed in all (200), `BYLINE_SEED` repeats a run.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from byline.journal.journal import Journal
from byline.journal.records import Document, Edit, EvidenceOf, Snapshot, Splice
from byline.provenance.origin import Channel, Evidence, Source
from byline.provenance.span import Span

KILLS = int(os.environ.get("BYLINE_KILLS") or 200)
LATEST = 0.08  # seconds after the first acknowledgement, or after the start
PER_JOURNAL = 12  # rounds that one journal goes through: what a kill leaves behind is met by the next


def test_one_writer(tmp_path: Path, seed: int) -> None:
    check(tmp_path, random.Random(seed), writers=1, rounds=(KILLS + 1) // 2)


def test_three_writers(tmp_path: Path, seed: int) -> None:
    check(tmp_path, random.Random(seed + 1), writers=3, rounds=(KILLS + 5) // 6)


def check(directory: Path, chance: random.Random, *, writers: int, rounds: int) -> None:
    acknowledged = 0
    with nursery() as spawn:
        for number in range(rounds):
            common = directory / str(number // PER_JOURNAL)
            common.mkdir(exist_ok=True)
            reports = [directory / f"{number}-{writer}" for writer in range(writers)]
            processes = [spawn(common, report, chance.getrandbits(32)) for report in reports]
            for process, report in zip(processes, reports, strict=True):
                if chance.random() < 0.8:
                    until(lambda report=report: lines(report) > 1)
                time.sleep(chance.uniform(0, LATEST))
                os.kill(process, signal.SIGKILL)
            for process in processes:
                until(lambda process=process: not is_alive(process))
            with Journal.open(common) as journal:
                assert journal.integrity() is None
                assert journal.problems == ()
                acknowledged += sum(check_report(journal, report) for report in reports)
    print(f"{rounds * writers} kills, {acknowledged} acknowledged rows")
    assert acknowledged > rounds * writers


def check_report(journal: Journal, report: Path) -> int:
    """How many appends the journal acknowledged to one writer; all of them must be there."""
    if not lines(report):
        return 0
    document, *tickets = map(int, report.read_text().rpartition("\n")[0].split())
    newest = max(tickets, default=0)  # the first ticket is the document's, each other one an edit's
    if not newest:
        return 0
    (snapshot,) = [info for info in journal.snapshots("", "a.py", 10_000) if info.document == document]
    splices = journal.splices(document, snapshot.sequence)
    assert len(splices) >= newest - 1
    assert [splice.version for splice in splices] == list(range(1, len(splices) + 1))
    edits = [splice.spans[0].owner for splice in splices]
    assert journal.edits(edits).keys() == set(edits)
    assert [len(found) for found in journal.evidence(edits).values()] == [1] * len(edits)
    return newest


def lines(report: Path) -> int:
    return report.read_bytes().count(b"\n") if report.exists() else 0


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.001)


@contextmanager
def nursery() -> Iterator[Callable[[Path, Path, int], int]]:
    """Starts writers, and gives their process ids: forked from a process that has imported everything already."""
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as parent:
        assert parent.stdin
        assert parent.stdout

        def spawn(common: Path, report: Path, seed: int) -> int:
            print(common, report, seed, sep="\t", file=parent.stdin)
            return int(parent.stdout.readline())

        yield spawn
        parent.stdin.close()


def spawn_writers() -> None:
    """The nursery's side: a line with its orders for each writer comes in, the writer's process id goes out."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for
    while line := sys.stdin.readline():
        common, report, seed = line.rstrip("\n").split("\t")
        process = os.fork()
        if not process:
            write_until_killed(Path(common), Path(report), random.Random(int(seed)))
        print(process, flush=True)


def write_until_killed(common: Path, report: Path, chance: random.Random) -> None:
    descriptor = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    journal = Journal.open(common)
    document = journal.new_id()
    os.write(descriptor, b"%d\n" % document)
    journal.subscribe(lambda ticket: os.write(descriptor, b"%d\n" % ticket))
    journal.append(
        Document(document, "", "a.py", 5), Snapshot(journal.new_id(), "", "a.py", document, 0, "d", "", [], "open", 5)
    )
    version = 0
    while True:
        for _ in range(chance.choice((1, 1, 2, 40))):
            version += 1
            edit = journal.new_id()
            text = "x" * chance.choice((1, 1, 1, 3000))
            journal.append(
                Edit(edit, document, version, "typing", 5),
                EvidenceOf(edit, Evidence(Source.SHAPE, Channel.TYPING)),
                Splice(document, version, (0, 0), (0, 0), text, (Span(len(text), edit),)),
            )
        if chance.random() < 0.3:
            journal.flush()
        else:
            time.sleep(chance.choice((0.0, 0.002, 0.008)))  # as typing does, now and then


if __name__ == "__main__":
    spawn_writers()
