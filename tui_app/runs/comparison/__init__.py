"""Runs beside each other: how they are made, measured and told."""
