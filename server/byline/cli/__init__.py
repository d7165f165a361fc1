"""The use cases in a terminal: one file per command, each thin. They translate and never decide."""
