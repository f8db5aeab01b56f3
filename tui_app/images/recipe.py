"""What is done to an image: recipes, their values, and what they are in words.

The order is fixed: turn upright (by EXIF), crop, grayscale, blur, fit, sharpen, save. A recipe
that does nothing to pixels leaves them as they are coded, where their format allows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tui_app.images.codec.formats import FORMATS, RECIPE_FORMATS
from tui_app.images.errors import RecipeError
from tui_app.language import N_, _

DEFAULT_RECIPE = "tutorial"
PLAIN_RECIPE = "plain"
"""The recipe that does nothing: steps that are asked for without a recipe are added to it."""

FRAMES = ("all", "first")
"""Values of a recipe's `frames`."""

LONGEST_VALUE = 60
"""Characters of a wrong value that an error shows at most."""


class Metadata(StrEnum):
    """What an output keeps of its source's metadata."""

    KEEP = "keep"
    """All that the output's format can hold."""
    PRIVATE = "private"
    """Colour profile and camera settings; no place, serial numbers, names or free text."""
    STRIP = "strip"
    """Nothing; colours are converted to sRGB."""


_METADATA_IN_WORDS = {
    Metadata.KEEP: N_("metadata kept"),
    Metadata.PRIVATE: N_("private metadata, XMP and IPTC removed"),
    Metadata.STRIP: N_("all metadata removed"),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is done to each image.

    Attributes:
        name: Name by which the recipe is chosen.
        title: One line for people.
        blur: Radius of the Gaussian blur in pixels of the source; 0 for none.
        fit: Box that the output fits into, width and height in pixels; nothing is enlarged.
        grayscale: Whether colours become greys.
        sharpen: Strength of the unsharp mask after shrinking, in percent; 0 for none.
        format: `same`, or one of `formats.RECIPE_FORMATS`.
        quality: 1 to 100 for formats that lose detail; None for Pillow's default.
        metadata: What is kept of the source's metadata.
        crop: Ratio of the part that is kept, the middle, such as `1:1`; None for all of it.
        upright: Whether pixels are turned upright where nothing else is done to them; where
            something is, they always are.
        frames: `all` to keep animations where the output's format can, `first` for the first frame.
        lossless: Whether the output is stored without loss, where its format can.
        exact: Whether images are computed the exact way where there is a fast one (`reduction`).
            It is asked for with a run; recipe files do not have it.
        changes: Keys of the values that are not the recipe's own, but were asked for with a run.
    """

    name: str
    title: str
    blur: float = 0.0
    fit: tuple[int, int] | None = None
    grayscale: bool = False
    sharpen: int = 0
    format: str = "same"
    quality: int | None = None
    metadata: Metadata = Metadata.KEEP
    crop: str | None = None
    upright: bool = False
    frames: str = "all"
    lossless: bool = False
    exact: bool = False
    changes: tuple[str, ...] = ()

    @property
    def copies(self) -> bool:
        """Whether pixels are to stay as they are coded: only metadata is asked for."""
        work = self.crop or self.blur or self.fit or self.grayscale or self.sharpen
        return not work and self.format == "same" and self.quality is None

    @property
    def heading(self) -> str:
        """The name, with what was changed: `web with fit 1600x1600, quality 82`."""
        if not self.changes:
            return self.name
        steps = ", ".join(_words(self, key) for key in self.changes)
        return _("{recipe} with {steps}").format(recipe=self.name, steps=steps)

    def describe(self) -> str:
        """Return one short line, such as `blur 15, fit 1200x1200, same format, metadata kept`."""
        steps = [key for key in _STEPS if getattr(self, key) != getattr(NOTHING, key)]
        parts = [_words(self, key) for key in steps]
        if self.copies:
            parts.append(_("turned upright") if self.upright else _("pixels as they are"))
        if self.frames == "first":
            parts.append(_words(self, "frames"))
        parts.append(_words(self, "format"))
        lossy = self.format == "same" or FORMATS[self.format.upper()].lossy
        if self.quality and lossy:
            parts.append(_words(self, "quality"))
        if self.lossless:
            parts.append(_words(self, "lossless"))
        parts.append(_words(self, "metadata"))
        return ", ".join(parts)


NOTHING = Recipe("", "")
"""The recipe whose values do nothing."""

_STEPS = ("crop", "grayscale", "blur", "fit", "sharpen")
"""Keys of the work on pixels, in its order."""


def _words(recipe: Recipe, key: str) -> str:
    """Return what a key's value does, in a few words."""
    value = getattr(recipe, key)
    if key in _OFF and value == getattr(NOTHING, key):
        return _(_OFF[key])
    match key:
        case "crop":
            return _("crop {ratio}").format(ratio=value)
        case "grayscale":
            return _("grayscale")
        case "blur":
            return _("blur {radius}").format(radius=f"{value:g}")
        case "fit":
            return _("fit {width}x{height}").format(width=value[0], height=value[1])
        case "sharpen":
            return _("sharpen {percent} %").format(percent=value)
        case "quality":
            return _("quality {quality}").format(quality=value)
        case "lossless":
            return _("lossless")
        case "upright":
            return _("turned upright")
        case "frames":
            return _("first frame")
        case "metadata":
            return _(_METADATA_IN_WORDS[value])
    return str(value)


_OFF = {
    "crop": N_("no crop"),
    "grayscale": N_("colours kept"),
    "blur": N_("no blur"),
    "fit": N_("full size"),
    "sharpen": N_("not sharpened"),
    "format": N_("same format"),
    "quality": N_("the encoder's quality"),
    "lossless": N_("with loss"),
    "upright": N_("pixels not turned"),
    "frames": N_("all frames"),
}
"""What the values say that do nothing."""


def _is_number(value: object, low: float, high: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # The bounds also refuse NaN, infinity, and integers that no float can hold.
    return low <= value <= high


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and _is_number(value, low, high)


def _is_box(value: object) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and all(_is_whole(v, 1, 65500) for v in value)
    )


_RATIO = re.compile(r"(\d{1,5}(?:\.\d{1,4})?):(\d{1,5}(?:\.\d{1,4})?)", re.ASCII)


def is_ratio(value: object) -> bool:
    """Tell whether a value is a ratio that a recipe's `crop` may be."""
    found = _RATIO.fullmatch(value) if isinstance(value, str) else None
    return found is not None and all(map(float, found.groups()))


# For each key: whether a value is allowed, and the allowed values in words.
_KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (
        lambda v: isinstance(v, str) and v.strip() != "" and v.isprintable(),
        N_("one line of text"),
    ),
    "blur": (lambda v: _is_number(v, 0, 1000), N_("a radius in pixels from 0 to 1000")),
    "fit": (_is_box, N_("[width, height] in pixels, each a whole number from 1 to 65500")),
    "grayscale": (lambda v: isinstance(v, bool), N_("true or false")),
    "sharpen": (lambda v: _is_whole(v, 0, 500), N_("a whole number of percent from 0 to 500")),
    "format": (lambda v: v in RECIPE_FORMATS, N_("one of {choices}")),
    "quality": (lambda v: _is_whole(v, 1, 100), N_("a whole number from 1 to 100")),
    "crop": (is_ratio, N_("a ratio of width and height such as 1:1 or 3:2")),
    "upright": (lambda v: isinstance(v, bool), N_("true or false")),
    "frames": (lambda v: v in FRAMES, N_("one of {choices}")),
    "lossless": (lambda v: isinstance(v, bool), N_("true or false")),
    "metadata": (lambda v: v in tuple(Metadata), N_("one of {choices}")),
}
KEYS = tuple(_KEYS)
"""What a recipe file may have."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "format": RECIPE_FORMATS,
    "metadata": tuple(Metadata),
    "frames": FRAMES,
}


def recipe_from(table: Mapping[str, Any], name: str, where: str) -> Recipe:
    """Return the recipe that a table, as `tomllib` reads it, describes.

    Args:
        table: The table.
        name: Name of the recipe.
        where: The file, for the error.

    Raises:
        RecipeError: A key is unknown or a value is not allowed.
    """
    for key, value in table.items():
        if key not in _KEYS:
            raise RecipeError(
                _("{where}: there is no key {key!r}; the keys are {keys}"),
                where=where,
                key=key,
                keys=", ".join(_KEYS),
            )
        allowed, in_words = _KEYS[key]
        if not allowed(value):
            choices = ", ".join(_CHOICES.get(key, ()))
            raise RecipeError(
                _("{where}: {key} must be {meaning}, not {value}"),
                where=where,
                key=key,
                meaning=_(in_words).format(choices=choices),
                value=_shown(value),
            )
    _check_together(table, where)
    values = {"title": name, **table}
    if "fit" in values:
        values["fit"] = tuple(values["fit"])
    if "blur" in values:
        values["blur"] = float(values["blur"])
    if "metadata" in values:
        values["metadata"] = Metadata(values["metadata"])
    return Recipe(name=name, **values)


def _shown(value: object) -> str:
    """Return a value as Python writes it, shortened to what can be read."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        # The integer has more digits than Python writes, or the value is nested too deeply.
        text = f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _check_together(table: Mapping[str, Any], where: str) -> None:
    if not table.get("lossless"):
        return
    if "quality" in table:
        raise RecipeError(_("{where}: quality and lossless exclude each other"), where=where)
    if table.get("format") in _NEVER_LOSSLESS:
        raise RecipeError(
            _("{where}: {format} cannot be lossless: png, webp and tiff can"),
            where=where,
            format=table["format"],
        )


_NEVER_LOSSLESS = ("jpeg", "avif")
