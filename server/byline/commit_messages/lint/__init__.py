"""Lint: what a commit message breaks of its repository's rules, and what mends it."""

from byline.commit_messages.lint.finding import Edit, Finding, Fix
from byline.commit_messages.lint.linter import lint, passes
from byline.commit_messages.lint.repair import Repaired, repair, repaired

__all__ = ["Edit", "Finding", "Fix", "Repaired", "lint", "passes", "repair", "repaired"]
