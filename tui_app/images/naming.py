"""The names of outputs, where a pattern makes them of what is known of each image.

A field is a name in braces; `{{` and `}}` are braces. A pattern with a slash says the folders, too,
from the output folder on; one without names the file in the folder where it stands otherwise. A
name whose ending does not tell the output's format gets the ending that does.
"""

import os
import string
from dataclasses import dataclass

from tui_app.images.codec.formats import suffix_for
from tui_app.images.codec.headers import Header
from tui_app.images.discovery import is_image_name
from tui_app.images.errors import ImageError, PlanError
from tui_app.images.output import hidden
from tui_app.images.recipe import Recipe
from tui_app.images.reduction import output_size
from tui_app.language import _

FIELDS = ("stem", "ext", "folder", "width", "height", "date", "counter", "recipe")
"""The fields.

`stem` and `ext` are the source's name without its ending, and the output's ending with its point;
`folder` is the name of the folder that the source is in; `width` and `height` are the output's, in
pixels; `date` is the day on which the photograph was taken, by its EXIF, else on which its file was
changed, such as `2024-05-01`; `counter` counts the images in the order in which they are found;
`recipe` is the recipe's name.
"""

COUNTER_DIGITS = 4
"""Digits that the counter has at least, so that names are sorted as they are counted."""

_SIZES = {"width", "height"}


@dataclass(frozen=True, slots=True)
class NamedImage:
    """What a name is made of.

    Attributes:
        source: Path of the image.
        name: Its path from its root on.
        header: What its file says of itself.
        written: Pillow format of the output.
        number: The how manieth image it is, from 1 on.
    """

    source: str
    name: str
    header: Header
    written: str
    number: int


class NamePattern:
    """A pattern of names.

    Args:
        text: The pattern, as it was typed.
        longest: How many bytes a name may have.

    Attributes:
        has_folders: Whether it says the folders.
        needs_details: Whether headers are to be read with their details.

    Raises:
        PlanError: It cannot be used, whatever the images are.
    """

    def __init__(self, text: str, longest: int) -> None:
        self._text, self._longest = text, longest
        self._fields: set[str] = set()
        parts = text.split("/")
        self.has_folders = len(parts) > 1
        self._parts = [self._parsed(part) for part in parts]
        for part in parts:
            fault = _fault(part, 0, longest)
            if fault or "\0" in part:
                raise self._unusable(fault or _("it holds a null character"))
        for pieces in self._parts:
            if sum(len(os.fsencode(piece)) for piece, field in pieces if not field) > longest:
                raise self._unusable(_("it is too long for this disk"))
        self.needs_details = bool(self._fields & {*_SIZES, "date"})

    def _unusable(self, why: str) -> PlanError:
        return PlanError(
            _("--name {text!r} cannot be used: {reason}"), text=_short(self._text), reason=why
        )

    def _parsed(self, part: str) -> list[tuple[str, bool]]:
        """Return the pieces of a part of the path: texts, and names of fields."""
        pieces: list[tuple[str, bool]] = []
        try:
            for text, field, spec, conversion in string.Formatter().parse(part):
                pieces.append((text, False))
                if field is None:
                    continue
                if field not in FIELDS or spec or conversion:
                    fields = ", ".join(FIELDS)
                    raise self._unusable(
                        _("there is no field {{{field}}}; the fields are {fields}").format(
                            field=_short(field + (f":{spec}" if spec else "")), fields=fields
                        )
                    )
                pieces.append((field, True))
                self._fields.add(field)
        except ValueError as error:
            raise self._unusable(_("a brace stands alone")) from error
        return pieces

    def path(self, image: NamedImage, recipe: Recipe) -> str:
        """Return the path of an image's output from the output folder on.

        Raises:
            ImageError: It has no usable name.
        """
        values = self._values(image, recipe)
        parts = [
            "".join(values[piece] if field else piece for piece, field in pieces)
            for pieces in self._parts
        ]
        parts[-1] += suffix_for(parts[-1], image.written)
        for part in parts:
            if fault := _fault(part, len(os.fsencode(part)), self._longest):
                raise ImageError(
                    _("--name makes {name!r} of it, which cannot be used: {reason}"),
                    name=_short(part),
                    reason=fault,
                )
        inner = "" if self.has_folders else os.path.dirname(image.name)  # noqa: PTH120
        return "/".join((inner, *parts) if inner else parts)

    def _values(self, image: NamedImage, recipe: Recipe) -> dict[str, str]:
        header = image.header
        if not (header.width or self._fields.isdisjoint(_SIZES)):
            raise ImageError(header.unread or _("its size is not known, which is in its name"))
        if "date" in self._fields and not header.date:
            raise ImageError(header.unread or _("its date is not known, which is in its name"))
        folder, base = os.path.split(image.source)
        stem, dot, ending = base.rpartition(".") if is_image_name(base) else (base, "", "")
        size = (header.width, header.height)
        width, height = output_size(recipe, size[::-1] if header.turned else size)
        return {
            "stem": stem,
            "ext": suffix_for(base, image.written) or dot + ending,
            "folder": os.path.basename(folder),  # noqa: PTH119
            "width": str(width),
            "height": str(height),
            "date": header.date,
            "counter": f"{image.number:0{COUNTER_DIGITS}}",
            "recipe": recipe.name,
        }


def _fault(part: str, size: int, longest: int) -> str:
    """Return why a part of a path, of so many bytes, cannot be used; empty where it can."""
    if not part:
        return _("a name is empty")
    if part in (".", ".."):
        return _("it would leave its folder")
    if part.casefold() in hidden.names():
        return _("procession keeps its own files under that name")
    return _("it is too long for this disk") if size > longest else ""


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
