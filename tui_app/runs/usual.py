"""What a batch takes where nobody asks for something else: a person's settings, else what suits."""

from __future__ import annotations

from tui_app.engine.machine import most_workers, usable_cpus
from tui_app.engine.spec import Pool
from tui_app.settings import Settings


def usual_workers() -> int:
    """Return how many work at once: by the settings, else one for each usable CPU."""
    return min(Settings.load().workers or usable_cpus(), most_workers())


def usual_pool() -> Pool:
    """Return a pool of processes, as many as `usual_workers` says."""
    return Pool(workers=usual_workers())


def usual_recipe() -> str:
    """Return the recipe of a batch: by the settings, else the tutorial's. It may be gone."""
    from tui_app.images.recipe import DEFAULT_RECIPE  # help is told without what works on images

    return Settings.load().recipe or DEFAULT_RECIPE
