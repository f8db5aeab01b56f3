"""The terminal and the standard streams, as files that text is written to."""
