"""What widgets are built on: lines, colours, languages, forms, tables."""
