"""The plan of a batch: every image, what it becomes, and why the run can start.

Making a plan writes nothing. What can be known without writing is known here.
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from tui_app.images.discovery import Search, default_output
from tui_app.images.formats import FORMATS, format_of_name, output_format, suffix_for
from tui_app.images.items import Item, Plan, temporary_folder
from tui_app.images.opening import ImageError, opened, reading
from tui_app.images.paths import absolute, is_folder
from tui_app.images.preflight import (
    PlanError,
    check_folder,
    check_names,
    check_not_source,
    check_space,
    folds_case,
)
from tui_app.images.process import ImageJob
from tui_app.images.recipe import Recipe
from tui_app.images.words import in_bytes
from tui_app.language import _, counted, grouped

__all__ = ["Item", "Plan", "PlanError", "describe_plan", "jobs", "make_plan"]


def make_plan(
    sources: Sequence[str],
    recipe: Recipe,
    *,
    output: str | None = None,
    recursive: bool = False,
    overwrite: bool = False,
    keep_dates: bool = False,
    stop: Callable[[], bool] = lambda: False,
    found: Callable[[int], None] = lambda count: None,
) -> Plan:
    """Look at the sources and decide what becomes of each image, writing nothing.

    Args:
        sources: Paths of files and folders.
        recipe: What is to be done.
        output: The output folder; by default `processed` in the folder of the first source.
        recursive: Whether folders within folders are searched; the output mirrors them.
        overwrite: Whether outputs that stand there are replaced.
        keep_dates: Whether outputs get their sources' dates.
        stop: Is asked before each image; where it says yes the plan is given up.
        found: Is told how many images' headers have been read.

    Raises:
        PlanError: The run cannot start, or was stopped.
    """
    if not sources:
        raise PlanError(_("there is no source: name files or folders"))
    if "" in sources or output == "" or any("\0" in path for path in (*sources, output or "")):
        raise PlanError(_("a path is empty or holds a null character"))
    Image.init()
    if recipe.format != "same" and recipe.format.upper() not in Image.SAVE:
        raise PlanError(
            _("this Pillow cannot write {format}: choose another format").format(
                format=recipe.format
            )
        )
    # Pillow's remarks about headers would be written over the screen.
    warnings.filterwarnings("ignore", module=r"PIL\.")

    paths = [absolute(source) for source in sources]
    folder = absolute(output) if output is not None else default_output(paths[0])
    check_not_source(folder, [path for path in paths if is_folder(Path(path))])
    check_folder(folder)
    search = Search(folder, recursive, stop)
    for path in paths:
        search.add(path)
    items = []
    for root, name in search.files.values():
        if stop():
            break
        items.append(_item(root, name, folder, recipe))
        found(len(items))
    if stop():
        raise PlanError(_("planning was stopped"))
    items.sort(key=lambda item: -item.megapixels)
    plan = Plan(
        folder, recipe, overwrite, keep_dates, tuple(items), search.ignored, tuple(search.notes)
    )
    return _checked(plan)


def _item(root: str, name: str, folder: str, recipe: Recipe) -> Item:
    source = Path(root, name)
    width, height, opaque, own = 0, 0, True, format_of_name(name)
    try:
        with opened(str(source)) as (image, _status), reading():
            width, height = image.size
            opaque = not image.has_transparency_data
            own = image.format
    except ImageError:
        pass  # It will be tried, and fail by its name.
    written = output_format(recipe.format, own, opaque)
    suffix = suffix_for(name, written)
    exists = os.path.lexists(Path(folder, name + suffix))
    return Item(root, name, suffix, written, width, height, _size(source), exists)


def _size(source: Path) -> int:
    try:
        return source.stat().st_size
    except OSError:
        return 0


def _checked(plan: Plan) -> Plan:
    for folder in {Path(plan.output_of(item)).parent for item in plan.items}:
        check_folder(str(folder))
    pairs = [(item.source, plan.output_of(item)) for item in plan.items]
    check_names(pairs, folds_case(plan.output))
    doubt = check_space(plan.output, *_space(plan))
    notes = [*plan.notes, doubt] if doubt else [*plan.notes]
    if plan.existing:
        notes.append(
            counted(
                len(plan.existing),
                "{n} output already there and left alone: --overwrite replaces it",
                "{n} outputs already there and left alone: --overwrite replaces them",
            )
        )
    return replace(plan, notes=tuple(notes))


def _space(plan: Plan) -> tuple[int, int]:
    """Return the bytes that the outputs take, at the very least and probably."""
    low = likely = 0.0
    for item in plan.todo:
        pixels = float(item.width * item.height)
        if plan.recipe.fit and pixels:
            box_width, box_height = plan.recipe.fit
            pixels *= min(1.0, box_width / item.width, box_height / item.height) ** 2
        low += pixels * FORMATS[item.format].low
        likely += pixels * FORMATS[item.format].likely
    return int(low), int(likely)


def jobs(plan: Plan, run: str) -> Iterator[tuple[Item, ImageJob]]:
    """Yield each image of the plan with its job, in the plan's order.

    Those in `plan.existing` are among them: it is for the caller to skip them.

    Args:
        plan: The plan.
        run: The run's id; it marks the temporary files.
    """
    folder = temporary_folder(plan)
    for item in plan.items:
        yield (
            item,
            ImageJob(
                source=item.source,
                output=plan.output_of(item),
                format=item.format,
                temporary_folder=folder,
                run=run,
                recipe=plan.recipe,
                overwrite=plan.overwrite,
                keep_dates=plan.keep_dates,
            ),
        )


def describe_plan(plan: Plan) -> Iterator[str]:
    """Yield the plan as lines for people, the images by name: what `--dry-run` prints.

    File names are in them as they are: whoever prints them makes them harmless.
    """
    for name, value in _headings(plan):
        yield f"{name:<8} {value}"
    yield ""
    for item in sorted(plan.items, key=lambda item: item.source):
        size = f"{item.width}x{item.height}" if item.width else _("unreadable")
        state = ""
        if item.exists:
            there = _("(exists: overwritten)") if plan.overwrite else _("(exists: left alone)")
            state = f"  {there}"
        yield f"{item.name}  {size}  -> {item.name}{item.suffix}{state}"


def _headings(plan: Plan) -> Iterator[tuple[str, str]]:
    for root in dict.fromkeys(item.root for item in plan.items):
        yield _("source"), root
    yield _("output"), plan.output
    yield _("recipe"), f"{plan.recipe.name}: {plan.recipe.describe()}"
    todo = _("{todo} to process").format(todo=grouped(len(plan.todo)))
    if plan.existing:
        todo = _("{todo} to process, {existing} left alone").format(
            todo=grouped(len(plan.todo)), existing=grouped(len(plan.existing))
        )
    others = counted(plan.ignored, "{n} other file ignored", "{n} other files ignored")
    yield _("images"), f"{todo}; {others}"
    yield (
        _("size"),
        _("{megapixels} megapixels; about {bytes} of output").format(
            megapixels=grouped(sum(item.megapixels for item in plan.todo), 1),
            bytes=in_bytes(_space(plan)[1]),
        ),
    )
    for note in plan.notes:
        yield _("note"), note
