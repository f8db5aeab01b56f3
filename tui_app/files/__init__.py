"""What every other room needs of files."""
