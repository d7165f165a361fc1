"""The one question that Byline asks: whether it may read the transcripts that agents left on this machine."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from byline.attribution.wording import tool_name
from byline.config.answers import remember_readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from byline.lsp.application import Application

log = logging.getLogger(__name__)

_PATIENCE = 12 * 3600.0  # seconds that an answer may take
_YES, _NO = "Read them", "Never"
_QUESTION = (
    "Byline can read what {tools} wrote down on this machine, to tell which prompt a line came from. "
    "Only what was done in the folders you have open and trust is looked at, and it stays on this machine."
)


async def ask_once(app: Application) -> None:
    """Ask, if it was never answered and there is anything to read; keep the answer. Dismissed, it asks next time."""
    if app.has_asked or not app.server.client.message_actions or not app.folders:
        return
    config = app.config(None)
    tools = await asyncio.to_thread(app.session.agents.to_ask_about, config)
    if not tools or app.has_asked:
        return
    app.has_asked = True
    question = types.ShowMessageRequestParams(
        types.MessageType.Info,
        _QUESTION.format(tools=_listed([tool_name(tool) for tool in tools])),
        [types.MessageActionItem(_YES), types.MessageActionItem(_NO)],
    )
    try:
        answer = await app.server.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, question, _PATIENCE)
    except (TimeoutError, JsonRpcException) as refusal:
        log.info("the client did not put the question about transcripts: %s", refusal)
        return
    title = getattr(answer, "title", None)
    if title in (_YES, _NO):
        await asyncio.to_thread(remember_readable, app.env, tools if title == _YES else ())
        app.session.configure(app.folders)


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
