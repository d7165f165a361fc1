"""The heart: text with spans, edits, evidence, origins and states. Pure: no I/O, no git, no protocol."""
