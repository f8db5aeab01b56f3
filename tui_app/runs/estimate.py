"""How many bytes a plan's outputs will take, from a sample of them that is made for real.

That costs as much time as these images take, so it is done only when it is asked for. The sample's
outputs go into a temporary folder, and are removed.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from tui_app.engine.spec import Limits, Pool, RunSpec
from tui_app.events import Event, TaskFinished
from tui_app.images.codec.formats import likely_bytes
from tui_app.images.plan import Item, Items, Plan, Standing
from tui_app.images.reduction import output_size
from tui_app.language import _, counted, grouped, in_bytes
from tui_app.runs.batch import weight_of
from tui_app.runs.images_run import ImagesRun
from tui_app.runs.scratch_folder import ScratchFolder

SAMPLE = 12
"""Images that are made for real, at most."""

# Quantiles of Student's t for 95 %, by degrees of freedom.
_T = (math.inf, 12.7, 4.3, 3.2, 2.8, 2.6, 2.4, 2.4, 2.3, 2.3, 2.2, 2.2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What outputs will take, in bytes.

    Attributes:
        likely: All of them, probably.
        low: The least, with 19 chances in 20 that it is within `low` and `high`.
        high: The most.
        sources: What their sources take.
        sample: How many outputs were made for it.
        images: How many there will be.
    """

    likely: int
    low: int
    high: int
    sources: int
    sample: int
    images: int

    def __str__(self) -> str:
        """Return it in one sentence."""
        if self.sample == self.images:
            size = in_bytes(self.likely)
        else:
            size = _("{likely} ({low} to {high})").format(
                likely=in_bytes(self.likely), low=in_bytes(self.low), high=in_bytes(self.high)
            )
        return _("{size} of output from {sources}, by {n} of {images}").format(
            size=size,
            sources=in_bytes(self.sources),
            n=grouped(self.sample),
            images=counted(self.images, "{n} image", "{n} images"),
        )


class EstimateRun:
    """A run of a sample of a plan's images: a `Runnable`.

    Attributes:
        estimate: What came of it; None before its end, and where no image of the sample went well.
        cancelled: Whether it was given up.

    Raises (from `events`):
        OSError: There is no room for a temporary folder.
    """

    def __init__(self, plan: Plan, pool: Pool, limits: Limits | None = None) -> None:
        self.estimate: Estimate | None = None
        self._plan, self._pool, self._limits = plan, pool, limits or Limits()
        self.cancelled = False
        self._run: ImagesRun | None = None

    async def events(self) -> AsyncGenerator[Event, None]:
        """Make the outputs of the sample, and reckon."""
        sample = sample_of(self._plan)
        if not sample:
            return
        scratch = ScratchFolder("procession-estimate-")
        made: dict[int, int] = {}
        try:
            plan = replace(
                self._plan,
                output=str(scratch.folder / "outputs"),
                # Nothing stands there yet.
                items=Items(
                    replace(item, standing=Standing.NOTHING, there=None, done_at=0)
                    for item in sample
                ),
                flaws=(),
            )
            spec = RunSpec(
                kind="batch",
                title="",
                tasks=len(sample),
                weight=weight_of(plan),
                pool=self._pool,
                limits=replace(self._limits, failures=None),
            )
            self._run = run = ImagesRun(plan, spec)
            if self.cancelled:
                return
            async with aclosing(run.events()) as events:
                async for event in events:
                    if isinstance(event, TaskFinished):
                        made[event.task] = int(event.result.get("bytes_out", 0))
                    yield event
        finally:
            scratch.close()
        if not self.cancelled:
            pairs = [(item, made[task]) for task, item in enumerate(sample, 1) if task in made]
            self.estimate = estimated(self._plan, pairs)

    def cancel(self, reason: str = "") -> None:
        """Give it up."""
        self.cancelled = True
        if self._run is not None:
            self._run.cancel(reason)


def sample_of(plan: Plan) -> Sequence[Item]:
    """Return some of the images that are to be done: large ones and small ones, evenly."""
    todo = plan.todo
    readable = [place for place, item in enumerate(todo) if item.width]
    count = min(SAMPLE, len(readable))
    # The middle of each part of the plan, which is in the order of pixels.
    return [todo[readable[(2 * n + 1) * len(readable) // (2 * count)]] for n in range(count)]


def estimated(plan: Plan, made: Sequence[tuple[Item, int]]) -> Estimate | None:
    """Return what all outputs will take, from those that were made, each with its bytes.

    It is a ratio estimate: outputs take so much for each byte of their sources, or for each byte
    that their pixels usually take; whichever tells more of the sample is believed (W. G. Cochran,
    Sampling Techniques, 1977, chapter 6).
    """
    if not made:
        return None
    readable = [item for item in plan.todo if item.width]
    sources = sum(item.bytes for item in readable)
    spent = sum(size for _item, size in made)
    if len(made) == len(readable):
        return Estimate(spent, spent, spent, sources, len(made), len(made))
    guesses = (_by_ratio(readable, made, known) for known in (_own_bytes, _usual_bytes(plan)))
    total, error = min(guesses, key=lambda guess: guess[1] / max(1.0, guess[0]))
    off = _T[min(len(made), len(_T)) - 1] * error if len(made) > 1 else total
    low = max(float(spent), total - off)
    return Estimate(
        int(max(total, low)), int(low), int(total + off), sources, len(made), len(readable)
    )


def _by_ratio(
    images: Sequence[Item], made: Sequence[tuple[Item, int]], known: Callable[[Item], float]
) -> tuple[float, float]:
    """Return the outputs' bytes by what is known of each image, and the standard error of that."""
    xs = [known(item) for item, _size in made]
    ys = [size for _item, size in made]
    everything = sum(map(known, images))
    ratio = sum(ys) / max(1.0, sum(xs))
    count, whole = len(made), len(images)
    if count < 2:
        return ratio * everything, math.inf
    spread = sum((y - ratio * x) ** 2 for x, y in zip(xs, ys, strict=True)) / (count - 1)
    return ratio * everything, whole * math.sqrt(spread / count * (1 - count / whole))


def _own_bytes(item: Item) -> float:
    return float(item.bytes)


def _usual_bytes(plan: Plan) -> Callable[[Item], float]:
    """Return a function that gives what an image's output usually takes, by its pixels."""
    recipe = plan.recipe

    def usual(item: Item) -> float:
        width, height = output_size(recipe, (item.width, item.height))
        return width * height * likely_bytes(item.format, lossless=recipe.lossless)

    return usual
