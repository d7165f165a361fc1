"""The buffer in which a person writes a message: how git reads it, and what is put into it."""
