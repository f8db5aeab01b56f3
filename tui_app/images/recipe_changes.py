"""A recipe with other values than its own, and as its file has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tui_app.images.recipe import KEYS, NOTHING, Recipe, recipe_from

Steps = tuple[tuple[str, Any], ...]
"""Keys of a recipe and other values for them; None takes a key out."""


def table_of(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe as its file has it: the keys whose values say something."""
    table: dict[str, Any] = {}
    for key in KEYS:
        value = getattr(recipe, key)
        if key == "title":
            if value != recipe.name:
                table[key] = value
        elif value != getattr(NOTHING, key):
            table[key] = list(value) if key == "fit" else value
    return table


def changed(recipe: Recipe, steps: Steps) -> Recipe:
    """Return a recipe with other values.

    Quality and lossless take each other's place.

    Raises:
        RecipeError: A value is not allowed, or does not go with the others.
    """
    if not steps:
        return recipe
    asked = dict(steps)
    table = table_of(recipe)
    for one, other in (("quality", "lossless"), ("lossless", "quality")):
        if asked.get(one):
            table.pop(other, None)
            if not asked.get(other):
                asked.pop(other, None)
    table = {key: value for key, value in (table | asked).items() if value is not None}
    made = recipe_from(table, recipe.name, recipe.name)
    changes = tuple(key for key in KEYS if key in asked)
    return replace(made, title=recipe.title, exact=recipe.exact, changes=changes)
