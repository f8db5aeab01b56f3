"""Textual's private parts that this app touches, each with the version and the reason."""
