"""What is done to an image: recipes, and where they come from.

The order is fixed: turn upright (by EXIF), crop, grayscale, blur, fit, sharpen, save. A recipe
that does nothing to pixels leaves them as they are coded, where their format allows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_app.files.error_words import reason
from tui_app.files.private_files import read_small
from tui_app.images.codec.formats import FORMATS, RECIPE_FORMATS
from tui_app.images.errors import RecipeError
from tui_app.language import N_, _
from tui_app.system.user_folders import config_folder

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

DEFAULT_RECIPE = "tutorial"

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
        exact: Whether images are computed the exact way where there is a fast one (`reduction`).
            It is asked for with a run; recipe files do not have it.
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
    exact: bool = False

    @property
    def copies(self) -> bool:
        """Whether pixels are to stay as they are coded: only metadata is asked for."""
        work = self.crop or self.blur or self.fit or self.grayscale or self.sharpen
        return not work and self.format == "same" and self.quality is None

    def describe(self) -> str:
        """Return one short line, such as `blur 15, fit 1200x1200, same format, metadata kept`."""
        parts = []
        if self.crop:
            parts.append(_("crop {ratio}").format(ratio=self.crop))
        if self.grayscale:
            parts.append(_("grayscale"))
        if self.blur:
            parts.append(_("blur {radius}").format(radius=f"{self.blur:g}"))
        if self.fit:
            parts.append(_("fit {width}x{height}").format(width=self.fit[0], height=self.fit[1]))
        if self.sharpen:
            parts.append(_("sharpen {percent} %").format(percent=self.sharpen))
        if self.copies:
            parts.append(_("turned upright") if self.upright else _("pixels as they are"))
        if self.frames == "first":
            parts.append(_("first frame"))
        parts.append(_("same format") if self.format == "same" else self.format)
        lossy = self.format == "same" or FORMATS[self.format.upper()].lossy
        if self.quality and lossy:
            parts.append(_("quality {quality}").format(quality=self.quality))
        parts.append(_(_METADATA_IN_WORDS[self.metadata]))
        return ", ".join(parts)


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


def _is_ratio(value: object) -> bool:
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
    "crop": (_is_ratio, N_("a ratio of width and height such as 1:1 or 3:2")),
    "upright": (lambda v: isinstance(v, bool), N_("true or false")),
    "frames": (lambda v: v in FRAMES, N_("one of {choices}")),
    "metadata": (lambda v: v in tuple(Metadata), N_("one of {choices}")),
}
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


def load_recipe(name_or_file: str) -> Recipe:
    """Return the recipe of a name, or of a `.toml` file.

    The user's own recipes are searched before those that are shipped.

    Raises:
        RecipeError: There is no such recipe, or its file is wrong.
    """
    if name_or_file.lower().endswith(".toml") or "/" in name_or_file:
        return _read(Path(name_or_file))
    files = _files()
    if name_or_file not in files:
        raise RecipeError(
            _("there is no recipe {name!r}; there are {known}, and any .toml file"),
            name=name_or_file,
            known=", ".join(files),
        )
    return _read(files[name_or_file])


def known_recipes() -> tuple[Recipe, ...]:
    """Return the recipes that have names: the shipped ones, then the user's own.

    A wrong file of the user's own is left out; `load_recipe` tells what is wrong with it.
    """
    found = []
    for file in _files().values():
        try:
            found.append(_read(file))
        except RecipeError:
            continue
    return tuple(found)


def _files() -> dict[str, Path | Traversable]:
    # Imported here, because workers need the values above only.
    from importlib.resources import files

    shipped = sorted(files("tui_app.assets").joinpath("recipes").iterdir(), key=lambda f: f.name)
    try:
        own = sorted(f for f in (config_folder() / "recipes").iterdir() if f.suffix == ".toml")
    except OSError:
        own = []
    found: dict[str, Path | Traversable] = {
        file.name.removesuffix(".toml"): file for file in shipped if file.name.endswith(".toml")
    }
    default = {DEFAULT_RECIPE: found.pop(DEFAULT_RECIPE)}
    return default | found | {file.stem: file for file in own}


def _read(file: Path | Traversable) -> Recipe:
    import tomllib

    try:
        text = read_small(file) if isinstance(file, Path) else file.read_text("utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise RecipeError(
            _("cannot read the recipe {file}: {error}"), file=file, error=reason(error)
        ) from error
    except RecursionError as error:
        raise RecipeError(_("{file} is nested too deeply"), file=file) from error
    except ValueError as error:
        raise RecipeError(
            _("{file} is not a TOML file: {error}"), file=file, error=error
        ) from error
    return recipe_from(table, file.name.removesuffix(".toml"), str(file))
