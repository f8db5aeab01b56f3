"""The jobs of a plan: what each image's worker is told."""

from collections.abc import Iterator
from functools import cache, partial

from tui_app.images.job import ImageJob, OutputPlace, StorePlace
from tui_app.images.output.resume import origins, recipe_mark
from tui_app.images.plan import Item, Plan


def jobs_of(plan: Plan, place: OutputPlace | StorePlace) -> Iterator[tuple[Item, ImageJob]]:
    """Yield each image of a plan with its job, in the plan's order.

    Images that are not `plan.is_todo` are among them; the caller skips them.
    """
    origin = origins(plan)
    mark = cache(partial(recipe_mark, plan))
    for item in plan.items:
        yield (
            item,
            ImageJob(
                source=item.source,
                recipe=plan.recipe,
                place=place,
                name=item.output_name,
                format=item.format,
                over=item.there,
                overwrite=plan.overwrite and item.standing.is_theirs,
                keep_dates=plan.keep_dates,
                origin=origin(item),
                mark=mark(item.format, animated=item.animated),
                max_pixels=plan.max_pixels,
                min_savings=plan.min_savings,
                of=item.of,
            ),
        )
