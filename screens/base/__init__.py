"""What screens share: modes, runs, played scripts, a class in front of it."""
