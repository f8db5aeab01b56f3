"""What widgets are built on: drawing by lines, colours, languages, fields."""
