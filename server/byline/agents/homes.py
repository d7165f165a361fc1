"""Where agents keep what they leave behind, as the person's environment says."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_EDITORS = ("Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf")
_REMOTES = (".vscode-server", ".vscode-server-insiders", ".vscodium-server", ".cursor-server", ".windsurf-server")


@dataclass(frozen=True, slots=True)
class Homes:
    """The directories under which the tools' own ones lie."""

    home: Path
    data: Path
    claude: tuple[Path, ...]
    codex: Path
    gemini: Path
    copilot: Path
    editors: tuple[Path, ...]
    """The `User` directories of VS Code and of the editors made from it."""

    @classmethod
    def of(cls, environ: Mapping[str, str], platform: str = sys.platform) -> Homes:
        """The directories for `environ`. An empty variable counts as unset."""

        def at(variable: str, otherwise: Path) -> Path:
            value = environ.get(variable)
            return Path(value) if value else otherwise

        home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
        config = at("XDG_CONFIG_HOME", home / ".config")
        data = at("XDG_DATA_HOME", home / ".local" / "share")
        claude = environ.get("CLAUDE_CONFIG_DIR")
        return cls(
            home=home,
            data=data,
            claude=(Path(claude),) if claude else (home / ".claude", config / "claude"),
            codex=at("CODEX_HOME", home / ".codex"),
            gemini=at("GEMINI_CLI_HOME", home) / ".gemini",
            copilot=at("COPILOT_HOME", home / ".copilot"),
            editors=_editors(environ, platform, home, config, data),
        )


def _editors(environ: Mapping[str, str], platform: str, home: Path, config: Path, data: Path) -> tuple[Path, ...]:
    if platform == "darwin":
        top = home / "Library" / "Application Support"
    elif platform == "win32":
        top = Path(environ.get("APPDATA") or home / "AppData" / "Roaming")
    else:
        top = config
    remotes = (home / name / "data" for name in _REMOTES)
    return tuple(each / "User" for each in (*(top / name for name in _EDITORS), *remotes, data / "code-server"))
