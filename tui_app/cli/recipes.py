"""The steps of a recipe as options, and the command `recipes`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from tui_app.cli.completion import complete_recipe
from tui_app.cli.language import command, option
from tui_app.cli.options import Finite
from tui_app.language import N_, _

if TYPE_CHECKING:
    from tui_app.images.recipe import Recipe
    from tui_app.images.recipe_changes import Steps

P = ParamSpec("P")
R = TypeVar("R")

FORMATS = ("same", "jpeg", "png", "webp", "tiff", "avif")
"""Values of a recipe's `format`: help is told without what works on images."""

SHARPEN = 60
"""Percent of `--sharpen` without a number: what the recipe for web pages has."""


def _box(_context: click.Context, _option: click.Parameter, text: str | None) -> list[int] | None:
    from tui_app.runs.request import parse_box

    try:
        return None if text is None else parse_box(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _ratio(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    from tui_app.images.recipe import is_ratio

    if text is not None and not is_ratio(text):
        raise click.UsageError(
            _("a ratio of width and height is such as 1:1 or 3:2, not {text!r}").format(text=text)
        )
    return text


_STEPS = (
    option(
        "--fit",
        metavar="WxH",
        callback=_box,
        help=N_("Shrink to fit into a box, such as 1600x1200; nothing is enlarged."),
    ),
    option(
        "--crop",
        metavar="W:H",
        callback=_ratio,
        help=N_("Keep the middle in this ratio, such as 1:1."),
    ),
    option(
        "--format",
        type=click.Choice(FORMATS),
        help=N_("Write this format."),
    ),
    option(
        "--quality",
        type=click.IntRange(1, 100),
        metavar="N",
        help=N_("Of formats that lose detail: 1 to 100."),
    ),
    option("--lossless", is_flag=True, help=N_("Store without loss: PNG, WebP and TIFF can.")),
    option(
        "--sharpen",
        type=click.IntRange(0, 500),
        metavar="[PERCENT]",
        bare=str(SHARPEN),
        help=N_("Sharpen what is shrunk; {percent} % without a number."),
        words={"percent": SHARPEN},
    ),
    option(
        "--blur",
        type=Finite(0, 1000),
        metavar="RADIUS",
        help=N_("Blur, by a radius in pixels of the source."),
    ),
    option("--grayscale", is_flag=True, help=N_("Make colours greys.")),
)


def step_options(function: Callable[..., R]) -> Callable[..., R]:
    """Give a command an option for each step, and `--save-recipe`; it gets `steps` of them."""

    @wraps(function)
    def with_steps(
        *,
        fit: list[int] | None,
        crop: str | None,
        format: str | None,  # noqa: A002 - the option's name
        quality: int | None,
        lossless: bool,
        sharpen: int | None,
        blur: float | None,
        grayscale: bool,
        **others: Any,
    ) -> R:
        asked = {
            "fit": fit,
            "crop": crop,
            "format": format,
            "quality": quality,
            "lossless": lossless or None,
            "sharpen": sharpen,
            "blur": blur,
            "grayscale": grayscale or None,
        }
        steps: Steps = tuple((key, value) for key, value in asked.items() if value is not None)
        return function(steps=steps, **others)

    for one in reversed(_STEPS):
        with_steps = one(with_steps)
    return with_steps


save_recipe_option = option(
    "--save-recipe",
    metavar="NAME",
    help=N_("Keep what is set as a recipe of this name."),
)


def save_asked(recipe: Recipe, name: str) -> None:
    """Save a recipe by the name that was asked for, and say where.

    Raises:
        click.ClickException: It cannot be saved.
    """
    from tui_app.images.errors import RecipeError
    from tui_app.images.recipe_files import save_recipe
    from tui_app.runs.formatting import safe

    try:
        file = save_recipe(recipe, name)
    except RecipeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(safe(_("recipe {name}: {file}").format(name=name, file=file)), err=True)


@command(
    short_help=N_("List the recipes, or show one as TOML."),
    help=N_(
        "List the recipes and what they do, or show the one called NAME as TOML.\n\n"
        "Your own are .toml files in a folder of yours; `batch --save-recipe` makes one."
    ),
)
@click.argument(
    "name",
    required=False,
    metavar="[NAME|FILE]",
    type=click.Path(),
    shell_complete=complete_recipe,
)
def recipes(name: str | None) -> int:
    """List the recipes, or show one."""
    from tui_app.images.errors import RecipeError
    from tui_app.images.recipe_files import is_own, load_recipe, own_folder, recipe_files, to_toml
    from tui_app.runs.formatting import safe

    if name is not None:
        try:
            click.echo(to_toml(load_recipe(name)), nl=False)
        except RecipeError as error:
            raise click.UsageError(str(error)) from error
        return 0
    known = list(recipe_files())
    wide = max(len(safe(one)) for one in known)
    own = 0
    for one in known:
        mark = "*" if is_own(one) else " "
        own += mark == "*"
        try:
            does = load_recipe(one).describe()
        except RecipeError as error:
            does = f"✗ {error}"
        click.echo(f"{mark} {safe(one):<{wide}}  {safe(does)}")
    if own:
        click.echo(safe(_("* your own, in {folder}").format(folder=own_folder())))
    return 0
