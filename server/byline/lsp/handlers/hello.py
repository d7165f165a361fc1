"""`byline/hello`: the client introduces itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from byline.lsp.application import Application
    from byline.lsp.messages import Hello

log = logging.getLogger(__name__)


def handle(app: Application, params: Hello) -> None:
    """Who it is goes to the log, for whoever looks into a problem."""
    log.info("the client is %r %r", params.client, params.client_version)
