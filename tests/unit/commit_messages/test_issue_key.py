from __future__ import annotations

import pytest

from byline.commit_messages.issue_key import branch_type, issue_key


@pytest.mark.parametrize(
    ("branch", "key", "type_"),
    [
        ("feature/ABC-123-login", "ABC-123", "feat"),
        ("ABC-123", "ABC-123", None),
        ("fix/123-crash", "#123", "fix"),
        ("123-crash", "#123", None),
        ("issue-42", "#42", None),
        ("gh/42", "#42", None),
        ("bugfix/issue_7", "#7", "fix"),
        ("main", None, None),
        ("release/1.2.3", None, None),
        ("feat/ABC-1-and-ABC-2", None, "feat"),
        ("fix/UTF-8", None, "fix"),
        ("fix/CVE-2024", None, "fix"),
        ("2024-01-report", None, None),
        ("abc-123", None, None),
        ("dependabot/npm/vite-5", None, None),
        ("docs", None, None),
        ("hotfix-login", None, "fix"),
        ("", None, None),
    ],
)
def test_what_a_branch_names(branch: str, key: str | None, type_: str | None) -> None:
    assert (issue_key(f"refs/heads/{branch}"), branch_type(f"refs/heads/{branch}")) == (key, type_)


def test_a_detached_head_names_nothing() -> None:
    assert (issue_key(None), branch_type(None)) == (None, None)
