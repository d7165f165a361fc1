"""The use cases: record live edits, match evidence to them, settle commits, answer who wrote what.

Nothing here knows the protocol or a terminal; both ask the same questions. Whatever blocks (git, the journal) may run
in any thread; what touches a live document runs in the one that owns it.
"""
