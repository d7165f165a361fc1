"""The one thread that writes: it takes groups of rows from the backlog and commits them."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable

from byline.journal import database, writing
from byline.journal.backlog import Backlog, Entry, documents_of_splices
from byline.journal.database import Trouble
from byline.journal.errors import JournalError, NewerJournalError
from byline.journal.problems import Problems
from byline.journal.records import Gap
from byline.journal.store import Store

log = logging.getLogger(__name__)

_IDLE = 2.0  # seconds without a new row after which the log is folded into the database
_PATIENCE = 1.0  # seconds between two tries on a disk that is full or does not answer


class Writer:
    """Empties a backlog into a store until it is closed."""

    def __init__(self, store: Store, backlog: Backlog, problems: Problems, on_replaced: Callable[[], None]) -> None:
        """`on_replaced` is called, from the thread, when another database has taken the old one's place."""
        self._store = store
        self._backlog = backlog
        self._problems = problems
        self._on_replaced = on_replaced
        self._subscribers: list[Callable[[int], None]] = []
        self._suspect = threading.Event()
        self._deadline = float("inf")
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="byline-journal", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()
        if self._store.is_unchecked:
            threading.Thread(target=self._check, name="byline-check", daemon=True).start()

    def subscribe(self, callback: Callable[[int], None]) -> None:
        """Call `callback` with the newest durable ticket after each commit, from the thread."""
        self._subscribers.append(callback)

    def suspect(self) -> None:
        """Have the database checked, and replaced if it is damaged or gone."""
        self._suspect.set()
        self._backlog.wake()

    def close(self, timeout: float) -> None:
        """Write what waits, for about `timeout` seconds at most, and let go of the database."""
        self._deadline = time.monotonic() + timeout
        self._closing.set()
        self._backlog.close()
        self._thread.join(timeout + database.BUSY_TIMEOUT + 1)

    def _run(self) -> None:
        try:
            self._write_until_closed()
        except JournalError as error:
            self._problems.say("storage", str(error))
        except Exception:  # the last resort of a thread: say it, so that nobody believes in what is not recorded
            log.exception("the journal's thread failed")
            self._problems.say("storage", "Recording stopped after a fault; Byline's log says why. Restart it.")
        finally:
            self._backlog.end()
            if len(self._backlog):
                log.error("%d groups of rows were not written to the journal", len(self._backlog))
            self._store.close()

    def _write_until_closed(self) -> None:
        folded = True
        while True:
            group = self._backlog.next_group(None if folded else _IDLE)
            if self._suspect.is_set():
                self._suspect.clear()
                self._examine()
            if group:
                self._write(group)
                folded = False
            elif not folded:
                self._store.fold()
                folded = True
            if self._closing.is_set() and (not len(self._backlog) or time.monotonic() > self._deadline):
                return

    def _write(self, group: list[Entry]) -> None:
        """Commit `group`, however long it takes; give up only when the time for closing is over."""
        batch = [(entry, self._packed(entry)) for entry in group]
        while time.monotonic() < self._deadline:
            try:
                if self._store.is_lost():
                    self._begin_anew()
                self._store.write(batch, full=any(entry.full for entry in group))
            except NewerJournalError:
                raise
            except (*database.REFUSALS, JournalError) as error:
                if database.trouble(error) is not Trouble.FAULT:
                    self._recover(error)
                elif len(group) > 1:
                    return self._write_one_by_one(group)
                else:
                    log.exception("rows that the journal refuses")
                    batch = [(group[0], self._gaps(group[0]) if batch[0][1] else [])]
            else:
                self._problems.clear("storage")
                self._backlog.done(group)
                return self._tell()
        return None

    def _write_one_by_one(self, group: list[Entry]) -> None:
        """What is wrong with one entry is no reason to lose the others."""
        for entry in group:
            self._write([entry])

    def _packed(self, entry: Entry) -> list[writing.Statement]:
        try:
            return [statement for row in entry.rows for statement in writing.statements(row)]
        except Exception:  # whatever is wrong with these rows, the thread must go on for all the others
            log.exception("rows that cannot be written")
            return self._gaps(entry)

    def _gaps(self, entry: Entry) -> list[writing.Statement]:
        kinds = ", ".join(sorted({type(row).__name__ for row in entry.rows}))
        self._problems.say("fault", f"Some edits could not be recorded (a fault in Byline, in: {kinds}).")
        documents = sorted(documents_of_splices(entry.rows))
        return [statement for document in documents for statement in writing.statements(Gap(document))]

    def _recover(self, error: Exception) -> None:
        """Do what can be done about `error`, and wait before the next try."""
        waiting = f"{len(self._backlog)} changes wait in memory"
        match database.trouble(error):
            case Trouble.BUSY:
                self._problems.say("storage", f"Another process keeps the journal locked; {waiting}.")
                self._backlog.pause(database.RETRY)
            case Trouble.DAMAGE:
                self._examine()
                self._backlog.pause(database.RETRY)
            case _:
                place = self._store.place.directory
                self._problems.say("storage", f"The journal in {place} cannot be written ({error}); {waiting}.")
                self._backlog.pause(_PATIENCE)

    def _check(self) -> None:
        if self._store.seems_damaged():
            self.suspect()

    def _examine(self) -> None:
        try:
            if self._store.is_lost():
                self._begin_anew()
            elif self._store.replace_if_damaged(self._backlog.durable):
                self._on_replaced()
        except NewerJournalError:
            raise
        except (sqlite3.Error, JournalError) as error:
            log.warning("the journal could not be checked: %s", error)

    def _begin_anew(self) -> None:
        """The database was renamed or deleted by somebody else: what follows goes where others look for it."""
        self._store.reopen(self._backlog.durable)
        self._problems.say("replaced", "The journal was removed by another process; a new one was begun.")
        self._on_replaced()

    def _tell(self) -> None:
        for callback in tuple(self._subscribers):
            try:
                callback(self._backlog.durable)
            except Exception:  # a listener's fault must not stop the recording
                log.exception("a listener of the journal failed")
