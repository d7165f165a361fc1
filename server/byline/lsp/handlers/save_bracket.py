"""`byline/saveBracket`: the versions just before and just after a save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from byline.lsp.announcements import save_bracket

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import SaveBracket


def handle(app: Application, params: SaveBracket) -> None:
    """Changes inside of a save are a formatter's."""
    save_bracket(app.session, params.uri, params.version_before, params.version_after)
