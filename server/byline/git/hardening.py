"""How git is kept from running anything that a repository brings along.

A repository that was unpacked or cloned can name programs in its configuration, its attributes and its hooks, and
ordinary reading commands run them. Three things together leave nothing to run: an environment without git's own
variables, settings on the command line (which win over every file) that switch off what has a fixed name, and blank
values for the drivers that the repository named itself (`drivers_off`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from byline.git.errors import GitError

# They only say where the person keeps their own configuration.
_KEPT = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"})

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ASKPASS": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_EDITOR": "false",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_SEQUENCE_EDITOR": "false",
    "GIT_TERMINAL_PROMPT": "0",
    "SSH_ASKPASS": "",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}

_SETTINGS = {
    "core.alternateRefsCommand": "",
    "core.askPass": "",
    "core.attributesFile": os.devnull,
    "core.editor": "false",
    "core.fsmonitor": "false",
    "core.gitProxy": "",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.quotePath": "true",
    "core.sshCommand": "ssh",
    "commit.gpgSign": "false",
    "credential.helper": "",
    "diff.algorithm": "myers",
    "diff.external": "",
    "diff.indentHeuristic": "true",
    "gc.auto": "0",
    "gpg.program": "false",
    "gpg.ssh.program": "false",
    "gpg.x509.program": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
    "tag.gpgSign": "false",
    "uploadpack.packObjectsHook": "",
    "user.useConfigOnly": "false",
}

OPTIONS: tuple[str, ...] = (
    "--no-pager",
    *(part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")),
)
"""Options of git itself that stand before every command."""

_DRIVER = re.compile(
    r"filter\..*\.(?:clean|smudge|process|required)|diff\..*\.(?:command|textconv|cachetextconv)"
    r"|merge\..*\.driver|trailer\..*\.(?:command|cmd)|hook\..*\.command",
    re.DOTALL,
)


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """What a git process may see of `inherited`: everything but git's own variables."""
    kept = {name: value for name, value in inherited.items() if not name.upper().startswith("GIT_") or name in _KEPT}
    return kept | _ENVIRONMENT


def drivers_off(keys: Iterable[str]) -> dict[str, str]:
    """The settings that blank every driver that the configuration `keys` name."""
    names = sorted({key for key in keys if _DRIVER.fullmatch(key)})
    return {name: "false" if name.endswith((".required", ".cachetextconv")) else "" for name in names}


def as_variables(settings: Mapping[str, str]) -> dict[str, str]:
    """`settings` as environment variables, which can hold any name (git 2.31 and newer)."""
    variables = {"GIT_CONFIG_COUNT": str(len(settings))} if settings else {}
    for index, (name, value) in enumerate(settings.items()):
        variables[f"GIT_CONFIG_KEY_{index}"] = name
        variables[f"GIT_CONFIG_VALUE_{index}"] = value
    return variables


def as_options(settings: Mapping[str, str]) -> list[str]:
    """`settings` as `-c` options, for a git older than 2.31. Raises GitError for a name that an option cannot hold."""
    for name in settings:
        if "=" in name or "\n" in name:
            raise GitError(f"A driver with an odd name is configured, {name[:80]!r}; rename it or update git.")
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
