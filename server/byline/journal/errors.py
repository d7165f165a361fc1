"""What can go wrong with a journal, in sentences for people."""

from __future__ import annotations


class JournalError(Exception):
    """The journal cannot do what it was asked; the message says why, and what to do."""


class DamagedJournalError(JournalError):
    """The database is not what was written to it."""


class NewerJournalError(JournalError):
    """The database was made by a newer version, which may keep things that this one would lose."""
