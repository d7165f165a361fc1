"""What is in the extension, as a file to install."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile

import pytest

from editors.vscode.window import EXTENSION, ROOT, needed, package

pytestmark = pytest.mark.xdist_group("vscode")

PROPOSED = ["textDocumentChangeReason"]


def test_the_manifest_has_the_settings_of_the_server() -> None:
    script = EXTENSION / "scripts" / "settings.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("flavour", "proposals"), [("byline.vsix", None), ("byline-precise.vsix", PROPOSED)])
def test_both_flavours_carry_the_server_and_nothing_of_this_machine(flavour: str, proposals: list[str] | None) -> None:
    needed()
    with zipfile.ZipFile(package().with_name(flavour)) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("extension/package.json"))
        code = archive.read("extension/dist/extension.js").decode()
    assert manifest.get("enabledApiProposals") == proposals
    assert any(name.startswith("extension/server/byline-") and name.endswith(".whl") for name in names)
    assert not [name for name in names if "/src/" in name or "/test/" in name or "node_modules" in name]
    assert str(ROOT) not in code
