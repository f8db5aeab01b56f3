"""Runs that are compared: what was measured, the table, and the sentences."""
