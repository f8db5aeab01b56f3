"""What this program needs of Python and the system: signals, threads, folders, imports."""
