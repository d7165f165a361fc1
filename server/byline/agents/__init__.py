"""Readers: what AI tools leave behind, given out in one shape. They read and tail, and make no decision.

`watch.Watch` polls all transcripts of the tools that may be read for `record.AgentEdit`s, `watch.present` says which
tools left something on this machine. One module a tool; `reader` says what such a module provides.
"""
