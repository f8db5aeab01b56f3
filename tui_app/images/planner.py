"""Making the plan of a batch: every image, what becomes of it, and why the run can start.

Making a plan writes nothing. What can be known without writing is known here.
"""

import os
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PIL import Image

from tui_app.files.paths import is_folder
from tui_app.images import preflight
from tui_app.images.codec.formats import (
    ANIMATED,
    FORMATS,
    format_of_name,
    likely_bytes,
    output_format,
    suffix_for,
)
from tui_app.images.codec.headers import Header, HeaderOptions, HeaderReader, read_headers
from tui_app.images.discovery import Search, default_output
from tui_app.images.errors import ImageError, PlanError
from tui_app.images.exclusion import Exclusion
from tui_app.images.memory import memory_needed
from tui_app.images.naming import NamedImage, NamePattern
from tui_app.images.output.resume import describe_standing, foretold
from tui_app.images.plan import Item, Items, Plan, Standing, UnusableSource
from tui_app.images.recipe import Recipe
from tui_app.images.reduction import describe_way, output_size
from tui_app.images.roots import told_apart
from tui_app.language import _, counted, grouped, in_bytes
from tui_app.stores.errors import StoreError
from tui_app.stores.opening import promises
from tui_app.stores.urls import is_url, located
from tui_app.system.threads import start_thread

T = TypeVar("T")

LOOK_SECONDS = 0.1
"""How often it is asked whether a plan is still wanted, while a store is waited for."""


def make_plan(
    sources: Sequence[str],
    recipe: Recipe,
    *,
    output: str | None = None,
    recursive: bool = False,
    overwrite: bool = False,
    keep_dates: bool = False,
    fresh: bool = False,
    exclude: Sequence[str] = (),
    keep_structure: bool = False,
    max_pixels: int | None = None,
    min_savings: float | None = None,
    name: str | None = None,
    headers: HeaderReader = read_headers,
    stop: Callable[[], bool] = lambda: False,
) -> Plan:
    """Look at the sources and decide what becomes of each image, writing nothing.

    Args:
        sources: Paths or URLs of files and folders.
        recipe: What is done to each image.
        output: The output folder, by its path or URL; by default `processed` in the folder of the
            first source.
        recursive: Whether folders within folders are searched; the output mirrors them.
        overwrite: Whether outputs are replaced that we did not make, or that were changed since.
        keep_dates: Whether outputs get their sources' dates.
        fresh: Whether what is done already is made again.
        exclude: Patterns of what is left out (`Exclusion`).
        keep_structure: Whether files that are named keep their folders (`Search`).
        max_pixels: Pixels of the largest image that is opened; None: as many as Pillow opens.
        min_savings: Share of a source's bytes that encoding anew has to save, else the source's are
            kept; None: whatever it saves.
        name: What outputs are called (`NamePattern`); None: as their sources.
        headers: Reads the headers of the images.
        stop: Asked before each image; True gives the plan up.

    Raises:
        PlanError: The run cannot start, or planning was stopped.
    """
    if not sources:
        raise PlanError(_("there is no source: name files or folders"))
    if "" in sources or output == "" or any("\0" in path for path in (*sources, output or "")):
        raise PlanError(_("a path is empty or holds a null character"))
    if recipe.format != "same":
        Image.init()
        if recipe.format.upper() not in Image.SAVE:
            raise PlanError(
                _("this Pillow cannot write {format}: choose another format"), format=recipe.format
            )
    # Pillow's warnings about headers would be written over the screen.
    warnings.filterwarnings("ignore", module=r"PIL\.")

    paths = [_located(source) for source in sources]
    if output is None and is_url(paths[0]):
        raise PlanError(_("say with -o where the outputs of {source} go"), source=paths[0])
    folder = _located(output) if output is not None else default_output(paths[0])
    folders = [path for path in paths if is_url(path) or is_folder(Path(path))]
    preflight.check_not_source(folder, folders)
    preflight.check_folder(folder)
    search = Search(folder, recursive, stop, Exclusion(exclude), keep_structure)
    for path in paths:
        _while_wanted(path, partial(search.add, path), stop)
    search.check()
    flaws = search.flaws
    pattern = None if name is None else NamePattern(name, preflight.longest_name(folder))
    options = HeaderOptions(max_pixels, pattern is not None and pattern.needs_details)
    read = partial(headers, options=options)
    items = Items(_items(search, recipe, read, pattern, flaws.append, stop))
    if stop():
        raise PlanError(_("planning was stopped"))
    remarks = [*search.notes, *_told(search, options, name, keep_dates=keep_dates)]
    if min_savings is not None:
        remarks.append(
            _("sources' bytes are kept where less than {percent} % would be saved").format(
                percent=f"{100 * min_savings:g}"
            )
        )
    fold = preflight.folds_case(folder)
    # A pattern with folders says where each output goes.
    if pattern is None or not pattern.has_folders:
        apart = told_apart(items, preflight.same_names(fold))
        if apart is not items:
            remarks.append(_("sources have the same names in them: each gets a folder of its name"))
            items = apart
    plan = Plan(
        output=folder,
        recipe=recipe,
        overwrite=overwrite,
        keep_dates=keep_dates,
        items=items.largest_first(),
        ignored=search.ignored,
        remarks=tuple(remarks),
        fresh=fresh,
        flaws=tuple(flaws),
        max_pixels=max_pixels,
        min_savings=min_savings,
    )
    # 100,000 names need not be kept twice.
    del search
    return _checked(plan, fold, stop)


def _while_wanted(place: str, call: Callable[[], T], stop: Callable[[], bool]) -> T:
    """Return what a call returns; one that waits for a store is left alone when it is given up."""
    if not is_url(place):
        return call()
    answer: Future[T] = Future()

    def work() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it is the caller's
            answer.set_exception(error)

    start_thread(work)
    while not wait([answer], LOOK_SECONDS).done:
        if stop():
            raise PlanError(_("planning was stopped"))
    return answer.result()


def _located(text: str) -> str:
    try:
        return located(text)
    except StoreError as error:
        raise PlanError(str(error)) from None


def _told(
    search: Search, options: HeaderOptions, name: str | None, *, keep_dates: bool
) -> Iterator[str]:
    """Yield what was asked for, in words."""
    if search.excluded:
        yield counted(
            search.excluded, "{n} image left out by --exclude", "{n} images left out by --exclude"
        )
    if is_url(search.output):
        yield promises(search.output)
        if keep_dates:
            yield _("a store has its own dates: --keep-dates does nothing there")
    if name is not None:
        yield _("outputs are named {name}").format(name=name)
    if options.max_pixels is not None:
        yield _("images of up to {n} megapixels are opened").format(
            n=_megapixels(options.max_pixels)
        )


def _megapixels(pixels: int) -> str:
    return grouped(pixels / 1e6, 0 if pixels % 1_000_000 == 0 else 1)


def _items(
    search: Search,
    recipe: Recipe,
    headers: Callable[[Iterator[str]], Iterator[Header]],
    pattern: NamePattern | None,
    flawed: Callable[[UnusableSource], None],
    stop: Callable[[], bool],
) -> Iterator[Item]:
    asked: deque[tuple[str, str]] = deque()

    def paths() -> Iterator[str]:
        for root, name in search.images():
            if stop():
                return
            asked.append((root, name))
            yield os.path.join(root, name)  # noqa: PTH118 - see `format_of_name`

    for number, header in enumerate(headers(paths()), 1):
        root, name = asked.popleft()
        of = search.stamps.get(os.path.join(root, name)) if search.stamps else None  # noqa: PTH118
        if of is not None:
            header = replace(header, bytes=of.bytes)
        if header.flaw:
            flawed(UnusableSource(name, header.flaw, root))
            continue
        item = _item(root, name, header, recipe)
        if of is not None:
            # What is fetched is held beside what is made of it.
            needed = item.memory and item.memory + of.bytes
            item = replace(item, memory=needed, tag=of.mtime)
        if pattern is not None:
            image = NamedImage(item.source, name, header, item.format, number)
            try:
                item = replace(item, target=pattern.path(image, recipe))
            except ImageError as error:
                flawed(UnusableSource(name, str(error), root))
                continue
        yield item


def _item(root: str, name: str, header: Header, recipe: Recipe) -> Item:
    own = header.format if header.width else format_of_name(name)
    side = 0 if recipe.fit else max(output_size(recipe, (header.width, header.height)))
    frames = header.frames > 1 and recipe.frames == "all"
    # An animation stays a GIF: of a soft edge it keeps what is more than half there.
    opaque = header.opaque or (frames and own == "GIF")
    written = output_format(recipe.format, own, opaque, side)
    return Item(
        root,
        name,
        suffix_for(name, written),
        written,
        header.width,
        header.height,
        header.bytes,
        memory_needed(header, written, recipe),
        animated=frames and written in ANIMATED,
    )


def _checked(plan: Plan, fold: bool, stop: Callable[[], bool]) -> Plan:
    inner = plan.mirrored(plan.items)
    preflight.check_inside(plan.output, inner)
    for name in () if is_url(plan.output) else inner:
        preflight.check_folder(os.path.join(plan.output, name) if name else plan.output)  # noqa: PTH118
    unseen = plan
    preflight.check_names(
        lambda: ((item.source, unseen.output_of(item)) for item in unseen.items),
        fold,
        {os.path.join(plan.output, name) for name in inner if name},  # noqa: PTH118
    )
    try:
        plan = _while_wanted(plan.output, partial(foretold, plan), stop)
    except StoreError as error:
        raise PlanError(str(error)) from None
    preflight.check_recipes(plan)
    preflight.check_sources_stay(plan)
    remarks = [*plan.remarks]
    figures = measure_plan(plan)
    if doubt := preflight.check_space(plan.output, figures.low, figures.likely):
        remarks.append(doubt)
    limit = preflight.longest_name(plan.output)
    names = (os.path.basename(item.output_name) for item in plan.todo)  # noqa: PTH119
    if long := sum(len(os.fsencode(name)) > limit for name in names):
        remarks.append(
            counted(
                long,
                "{n} output's name would be too long for this disk: that image will fail",
                "{n} outputs' names would be too long for this disk: those images will fail",
            )
        )
    return replace(plan, remarks=tuple(remarks))


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a plan's images come to: those that are to be done.

    Attributes:
        images: their number.
        unreadable: those of them that cannot be opened, and will fail.
        megapixels: of all.
        low: bytes that the outputs take, at the very least.
        likely: bytes that they probably take.
    """

    images: int
    unreadable: int
    megapixels: float
    low: int
    likely: int


def measure_plan(plan: Plan) -> PlanFigures:
    """Return what a plan's images come to; it looks at each once."""
    images = unreadable = 0
    megapixels = low = likely = 0.0
    for item in plan.todo:
        images += 1
        unreadable += not item.width
        megapixels += item.megapixels
        width, height = output_size(plan.recipe, (item.width, item.height))
        pixels = float(width * height)
        low += pixels * FORMATS[item.format].low
        likely += pixels * likely_bytes(item.format, lossless=plan.recipe.lossless)
    return PlanFigures(images, unreadable, megapixels, int(low), int(likely))


def describe_plan(plan: Plan) -> Iterator[str]:
    """Yield the plan as lines for people, the images by name: what `--dry-run` prints.

    File names are in them as they are; the caller makes them harmless.
    """
    for name, value in _headings(plan):
        yield f"{name:<8} {value}"
    yield ""
    for item in sorted(plan.items, key=lambda item: item.source):
        size = f"{item.width}x{item.height}" if item.width else _("unreadable")
        state = f"  ({_state(plan, item)})" if item.standing is not Standing.NOTHING else ""
        yield f"{item.name}  {size}  -> {item.output_name}{state}"
    for flaw in plan.flaws:
        yield _("{name}  fails: {reason}").format(name=flaw.name, reason=flaw.reason)


def _state(plan: Plan, item: Item) -> str:
    """Return what stands under an image's output, and what becomes of it."""
    what = _("exists") if item.standing is Standing.FOREIGN else describe_standing(item)
    if not plan.is_todo(item):
        done = item.standing is Standing.DONE
        return what if done else _("{what}: left alone").format(what=what)
    if item.standing.is_theirs or item.standing is Standing.OTHER_RECIPE:
        return _("{what}: overwritten").format(what=what)
    return _("{what}: made again").format(what=what)


def _headings(plan: Plan) -> Iterator[tuple[str, str]]:
    for root in dict.fromkeys(item.root for item in plan.items):
        yield _("source"), root
    yield _("output"), plan.output
    yield _("recipe"), f"{plan.recipe.heading}: {describe_way(plan.recipe)}"
    figures = measure_plan(plan)
    counts = [_("{todo} to process").format(todo=grouped(figures.images))]
    if figures.unreadable:
        counts.append(counted(figures.unreadable, "{n} unreadable", "{n} unreadable"))
    if plan.done:
        counts.append(_("{done} done already").format(done=grouped(len(plan.done))))
    if plan.existing:
        counts.append(_("{existing} left alone").format(existing=grouped(len(plan.existing))))
    if plan.flaws:
        counts.append(counted(len(plan.flaws), "{n} to fail", "{n} to fail"))
    others = counted(plan.ignored, "{n} other file ignored", "{n} other files ignored")
    yield _("images"), f"{', '.join(counts)}; {others}"
    yield (
        _("size"),
        _("{megapixels} megapixels; about {bytes} of output").format(
            megapixels=grouped(figures.megapixels, 1),
            bytes=in_bytes(figures.likely),
        ),
    )
    for note in plan.notes:
        yield _("note"), note
