"""A run as a file for others: trace, page, tables, the log as text, the timeline as a picture."""
