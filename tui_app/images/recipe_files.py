"""Where recipes come from: those that are shipped, and a person's own, which can be written."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from tui_app.files.error_words import reason
from tui_app.files.private_files import read_small, write_small
from tui_app.images.errors import RecipeError
from tui_app.images.recipe import DEFAULT_RECIPE, Recipe, recipe_from
from tui_app.images.recipe_changes import table_of
from tui_app.language import _
from tui_app.system.user_folders import config_folder

_NAME = re.compile(r"\w[\w .-]{0,63}")
"""Names of recipes that are saved: each is a file's name, and a word of the command line."""


class RecipeExistsError(RecipeError):
    """A recipe of a person's own has that name already, and other values."""


def own_folder() -> Path:
    """Return the folder of a person's own recipes, which may not be there."""
    return config_folder() / "recipes"


def load_recipe(name_or_file: str) -> Recipe:
    """Return the recipe of a name, or of a `.toml` file.

    The user's own recipes are searched before those that are shipped.

    Raises:
        RecipeError: There is no such recipe, or its file is wrong.
    """
    if name_or_file.lower().endswith(".toml") or "/" in name_or_file:
        return _read(Path(name_or_file))
    known = recipe_files()
    if name_or_file not in known:
        raise RecipeError(
            _("there is no recipe {name!r}; there are {known}, and any .toml file"),
            name=name_or_file,
            known=", ".join(known),
        )
    return _read(known[name_or_file])


def known_recipes() -> tuple[Recipe, ...]:
    """Return the recipes that have names: the shipped ones, then the user's own.

    A wrong file of the user's own is left out; `load_recipe` tells what is wrong with it.
    """
    found = []
    for file in recipe_files().values():
        try:
            found.append(_read(file))
        except RecipeError:
            continue
    return tuple(found)


def recipe_files() -> dict[str, Path | Traversable]:
    """Return the file of each recipe that has a name: the default one, others, a person's own."""
    try:
        own = sorted(f for f in own_folder().iterdir() if f.suffix == ".toml")
    except OSError:
        own = []
    return _shipped() | {file.stem: file for file in own}


def _shipped() -> dict[str, Path | Traversable]:
    shipped = sorted(files("tui_app.assets").joinpath("recipes").iterdir(), key=lambda f: f.name)
    found: dict[str, Path | Traversable] = {
        file.name.removesuffix(".toml"): file for file in shipped if file.name.endswith(".toml")
    }
    return {DEFAULT_RECIPE: found.pop(DEFAULT_RECIPE)} | found


def _read(file: Path | Traversable) -> Recipe:
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


def is_own(name: str) -> bool:
    """Tell whether a known recipe is a person's own."""
    return name in recipe_files() and (own_folder() / f"{name}.toml").exists()


def to_toml(recipe: Recipe) -> str:
    """Return a recipe as the text of its file."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in table_of(recipe).items())


def _value(value: object) -> str:
    """Return a value of a recipe in TOML. A JSON string is one of TOML, too."""
    if isinstance(value, float):
        return repr(int(value) if value.is_integer() else value)
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    return json.dumps(value)


def check_name(name: str) -> None:
    """Check that a recipe can be saved by a name.

    Raises:
        RecipeError: It cannot.
    """
    if not _NAME.fullmatch(name) or name.lower().endswith(".toml") or name != name.strip():
        raise RecipeError(
            _("a recipe's name has letters, digits, spaces, and . _ - within, not {name!r}"),
            name=name,
        )
    if name in _shipped():
        raise RecipeError(
            _("the recipe {name} comes with procession: choose another name"), name=name
        )


def save_recipe(recipe: Recipe, name: str, *, replace: bool = False) -> Path:
    """Save a recipe among a person's own, and return its file.

    Args:
        recipe: The recipe; its `exact` is not kept, for it belongs to a run.
        name: What it is to be called.
        replace: Whether another recipe of that name is replaced.

    Raises:
        RecipeExistsError: There is another one of that name.
        RecipeError: The name cannot be one, or the file cannot be written.
    """
    check_name(name)
    file = own_folder() / f"{name}.toml"
    text = to_toml(dataclasses.replace(recipe, name=name))
    try:
        if not replace and _is_there(file, text):
            raise RecipeExistsError(
                _("there is another recipe {name}: choose another name, or remove {file}"),
                name=name,
                file=file,
            )
        write_small(file, text)
    except OSError as error:
        raise RecipeError(
            _("cannot save the recipe {file}: {error}"), file=file, error=reason(error)
        ) from error
    return file


def _is_there(file: Path, text: str) -> bool:
    """Tell whether something else than this text has the name of a file."""
    try:
        return read_small(file) != text
    except (FileNotFoundError, NotADirectoryError):
        return file.is_symlink()
    except (OSError, UnicodeError):
        return True
