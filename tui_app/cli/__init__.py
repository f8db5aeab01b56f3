"""The command line: a module for each command, and `main` with the group that has them all."""
