"""Whether a repository is the person's own.

Git checks this itself only when it looks for the repository; Byline names the place, so it checks in git's stead, by
git's rule (`safe.directory` in git-config(1)).
"""

from __future__ import annotations

import os
from pathlib import Path

from byline.git.discovery import Place
from byline.git.errors import UnsafeRepository
from byline.git.files import expanded
from byline.git.runner import outside_config


def check_owner(place: Place, git: Path) -> None:
    """Raises UnsafeRepository unless the repository belongs to the person, or they said that it is safe."""
    if os.name != "posix":
        return
    root = place.work_tree or place.git_dir
    gitfile = root / ".git"
    checked = [place.git_dir, *([place.work_tree] if place.work_tree else []), *([gitfile] if gitfile.exists() else [])]
    if all(_is_own(path) for path in checked) or is_declared_safe(root, outside_config(git, "safe.directory")):
        return
    raise UnsafeRepository(
        f"{root} belongs to another user, who could make git run programs; if you trust it, "
        f"run `git config --global --add safe.directory {root}`."
    )


def is_declared_safe(root: Path, values: list[str]) -> bool:
    """Whether the values of `safe.directory`, in order, declare `root` safe; an empty one takes back those before."""
    safe = False
    for value in values:
        safe = bool(value) and (safe or _declares(value, root))
    return safe


def _declares(value: str, root: Path) -> bool:
    if value == "*":
        return True
    folder = expanded(value.removesuffix("/*"))
    real = Path(os.path.realpath(folder))
    return root.is_relative_to(real) if value.endswith("/*") else root == real


def _is_own(path: Path) -> bool:
    owner = path.lstat().st_uid
    if owner == os.geteuid():
        return True
    return os.geteuid() == 0 and os.environ.get("SUDO_UID") == str(owner)
