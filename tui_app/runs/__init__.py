"""The runs that there are, and what readers make of their events: log, view, report."""
