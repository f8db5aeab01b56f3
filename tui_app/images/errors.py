"""What can go wrong with a batch, a recipe or an image, each told in one plain sentence."""

from collections.abc import Callable

Note = Callable[[str], None]
"""Takes a plain sentence that a person should read about an image that is done all the same."""


class SentenceError(Exception):
    """An error whose text is one plain sentence in the present language.

    Args:
        sentence: The text, with named placeholders.
        values: What stands in the placeholders.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        # A sentence without values is taken as it is: it may quote a name with braces.
        super().__init__(sentence.format(**values) if values else sentence)


class RecipeError(SentenceError):
    """A recipe that cannot be used."""


class PlanError(SentenceError):
    """A run that cannot start."""


class ImageError(SentenceError):
    """An image that failed; the sentence does not name it."""


class DiskError(ImageError):
    """An image whose output could not be written; perhaps no other output can be."""
