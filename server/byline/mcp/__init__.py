"""An MCP server: agents declare what they wrote, and ask who wrote what. It translates and never decides."""
