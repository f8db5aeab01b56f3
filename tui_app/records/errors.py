"""What goes wrong with records, as an error whose text is one sentence."""


class RecordError(ValueError):
    """A file that is no record, cannot be read, or is not there; the text is one sentence."""
