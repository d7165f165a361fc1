"""The floor: a language server on pygls as it comes, with the same features announced and no work of its own."""

from __future__ import annotations

import logging

from lsprotocol import types
from pygls.lsp.server import LanguageServer


def main() -> None:
    logging.getLogger("pygls").setLevel(logging.ERROR)
    server = LanguageServer("bare", "0")

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: LanguageServer, params: types.HoverParams) -> None:
        return None

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: LanguageServer, params: types.DidChangeTextDocumentParams) -> None:
        return None

    @server.feature("bench/barrier")
    def barrier(ls: LanguageServer, params: object) -> None:
        return None

    server.start_io()


if __name__ == "__main__":
    main()
