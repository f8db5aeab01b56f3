"""The demos' questions, what people predict, and what became of it."""
