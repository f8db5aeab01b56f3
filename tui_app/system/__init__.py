"""What this program asks of Python and the system: signals, threads, folders, imports."""
