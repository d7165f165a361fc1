"""Commit buffers at the protocol's edge."""
