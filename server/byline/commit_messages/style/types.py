"""The usual types of commits, under all the names that people give to them."""

from __future__ import annotations

from types import MappingProxyType

_NAMES = {
    "feat": "feat feature features enhancement enhancements enhance enh improvement improve add added new story",
    "fix": "fix fixes fixed fixup bug bugs bugfix bugfixes hotfix hotfixes patch security",
    "docs": "docs doc documentation readme",
    "test": "test tests testing spec",
    "chore": "chore chores misc maintenance maint housekeeping other release tidy",
    "build": "build deps dep dependency dependencies upgrade bump package packaging",
    "ci": "ci cd workflow workflows pipeline",
    "refactor": "refactor refactoring refact rework cleanup clean remove removed",
    "style": "style styles format formatting lint",
    "perf": "perf performance optimise optimize optimisation optimization speed",
    "revert": "revert reverts",
}
_KNOWN = MappingProxyType({name: known for known, names in _NAMES.items() for name in names.split()})


def known_type(name: str) -> str | None:
    """The usual type that `name` is another name of, whatever its case (`feat` for `FEATURE`); None for none."""
    return _KNOWN.get(name.lower())
