"""Plug-ins: other people's code that writes or checks messages."""
