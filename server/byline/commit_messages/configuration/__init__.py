"""Where a repository says what its commit messages are like, read without running anything of it."""

from byline.commit_messages.configuration.sources import rules_of

__all__ = ["rules_of"]
