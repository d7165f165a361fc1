from __future__ import annotations

import pytest

from byline.commit_messages.buffer.mentioned import mentioned
from byline.commit_messages.changes import agreement
from byline.git.changes import FileChange

STATUS = """
# Please enter the commit message for your changes.
#
# On branch main
# Changes to be committed:
#\tmodified:   src/a.py
#\trenamed:    old name.py -> src/new name.py
#\tdeleted:    "gr\\303\\266\\303\\237e.py"
#
# Changes not staged for commit:
#\tmodified:   other.py
#
# Untracked files:
#\tuntracked.py
"""
CHINESE = "\n# 要提交的变更：\n#\t修改：     src/a.py\n#\t新文件：   b.py\n"
VERBOSE = """subject
# ------------------------ >8 ------------------------
# Do not modify or remove the line above.
diff --git a/src/a.py b/src/a.py
--- a/src/a.py
+# \tmodified: fake.py
diff --git c/b.py i/b.py
diff --git i/later.py w/later.py
"""
AMEND = "old subject\n\n# Date:      Fri Nov 20 15:51:31 2026 +0000\n#\n# On branch main\n"


@pytest.mark.parametrize(
    ("buffer", "names", "has_date", "is_revert"),
    [
        (STATUS, ("a.py", "größe.py", "new name.py"), False, False),
        (CHINESE, ("a.py", "b.py"), False, False),
        (VERBOSE, ("a.py", "b.py"), False, False),
        (AMEND, None, True, False),
        (AMEND.replace("Date:", "Datum:"), None, True, False),
        (f'Revert "x"\n\nThis reverts commit {"a" * 40}.\n', None, False, True),
        ("Date: Fri Nov 20 15:51:31 2026 +0000\nmodified:   a.py\n", None, False, False),
        ("", None, False, False),
        ("#\t\n#\t:\n# \x00\n", ("", ":"), False, False),
    ],
    ids=["status", "Chinese", "verbose", "amend", "amend in German", "revert", "no comment", "empty", "odd"],
)
def test_what_git_says(buffer: str, names: tuple[str, ...] | None, has_date: bool, is_revert: bool) -> None:
    told = mentioned(buffer)
    assert (told.names, told.has_author_date, told.is_revert) == (names, has_date, is_revert)


def test_another_comment_prefix() -> None:
    assert mentioned(STATUS.replace("#", ";;"), ";;").names == ("a.py", "größe.py", "new name.py")
    assert mentioned(STATUS, ";;").names is None


@pytest.mark.parametrize(
    ("paths", "names", "wanted"),
    [
        (["src/a.py", "b.py"], ["a.py", "b.py"], 1.0),
        (["src/a.py"], ["a.py", "b.py"], 0.5),
        (["src/a.py"], ["b.py"], 0.0),
        ([], [], 1.0),
        (["x/a.py", "y/a.py"], ["a.py"], 0.5),
    ],
)
def test_agreement(paths: list[str], names: list[str], wanted: float) -> None:
    files = [FileChange(path, None, None, None, "M", "100644") for path in paths]
    assert agreement(files, names) == wanted
