"""The journal: what was edited and by what evidence, kept in SQLite."""
