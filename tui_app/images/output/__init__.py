"""The output folder: its journal, its lock, its hidden folder, and what stands in it."""
