"""The language server: the protocol edge. It translates and never decides."""
