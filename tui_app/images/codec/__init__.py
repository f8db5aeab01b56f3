"""From a file to pixels and back: opening, decoding, colour, metadata, formats."""
