"""Commit messages: what a repository asks of one, and how one is written from a change and what was recorded of it."""
