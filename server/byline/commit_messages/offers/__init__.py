"""What was offered, and what became of it."""
