"""The terminal and the standard streams, as files to which text is written."""
