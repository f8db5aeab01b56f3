"""One image to be done, as it travels to a worker, and how it is begun there.

The app imports this: who only hands out images needs nothing of what works on them.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from tui_app.files.folder import Identity, Stamp
from tui_app.images.recipe import Recipe


@dataclass(frozen=True, slots=True)
class OutputPlace:
    """The output folder of a run, as its workers know it.

    Attributes:
        path: Where it is, from the root.
        identity: Which folder it is: what stands there instead is not written to.
        hidden: Name of the hidden folder in it.
        run: The run's id.
        journal: Whether what is done is written to the journal.
    """

    path: str
    identity: Identity
    hidden: str
    run: str
    journal: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What is to stand in the output folder, and what the journal says of it.

    Attributes:
        place: The output folder.
        name: The output, from the output folder on.
        over: Stamp of the file that it may replace; None where nothing may be replaced.
        overwrite: Whether any file is replaced.
        source: Path of its source, from the output folder on.
        recipe: A digest of everything that decides what the output is.
    """

    place: OutputPlace
    name: str
    over: Stamp | None
    overwrite: bool
    source: str
    recipe: str

    @property
    def path(self) -> str:
        """Path of the output."""
        return os.path.join(self.place.path, self.name)  # noqa: PTH118


@dataclass(frozen=True, slots=True)
class ImageJob:
    """One image to be done, as it travels to a worker.

    Attributes:
        source: Path of the image.
        target: Where the output is to stand; its folder exists.
        format: Pillow format of the output.
        recipe: What is done.
        keep_dates: Whether the output gets its source's access and modification times.
        exact: Whether only the exact way will do: see `reduction`.
    """

    source: str
    target: Target
    format: str
    recipe: Recipe
    keep_dates: bool
    exact: bool


def do_image(job: ImageJob, progress: Callable[[str, float], None]) -> dict[str, object]:
    """Do one image, in a worker: see `process.process_image`."""
    # Their server has it imported for all workers (`engine/forkserver.py`).
    from tui_app.images.pipeline import process_image

    return process_image(job, progress)
