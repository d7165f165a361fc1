"""`byline/diskChange`: a file changed outside the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.lsp.announcements import disk_change

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import DiskChange


def handle(app: Application, params: DiskChange) -> None:
    """What was loaded from the disk was not typed."""
    disk_change(app.session, params.uri, params.sha256)
