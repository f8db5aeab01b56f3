"""One image to be done, as it travels from the app to a worker: values only."""

from dataclasses import dataclass

from tui_app.files.folder import Identity, Stamp
from tui_app.images.recipe import Recipe


@dataclass(frozen=True, slots=True)
class OutputPlace:
    """The output folder of a run, as its workers know it.

    Attributes:
        path: Where it is, from the root.
        identity: Which folder it is; nothing is written to another one in its place.
        hidden: Name of the hidden folder in it.
        run: The run's id.
        journal: Whether the journal is kept.
    """

    path: str
    identity: Identity
    hidden: str
    run: str
    journal: bool


@dataclass(frozen=True, slots=True)
class Target:
    """An output: where it goes, and what the journal says of it.

    Attributes:
        place: The output folder.
        name: Path of the output from the output folder on.
        over: Stamp of the file that it may replace; None where it may replace nothing.
        overwrite: Whether it may replace any file.
        source: Path of its source from the output folder on.
        recipe: Digest of everything that decides what the output is (`recipe_mark`).
    """

    place: OutputPlace
    name: str
    over: Stamp | None
    overwrite: bool
    source: str
    recipe: str


@dataclass(frozen=True, slots=True)
class ImageJob:
    """One image to be done.

    Attributes:
        source: Path of the image.
        target: The output; its folder exists.
        format: Pillow format of the output.
        recipe: What is done to the image.
        keep_dates: Whether the output gets its source's access and modification times.
    """

    source: str
    target: Target
    format: str
    recipe: Recipe
    keep_dates: bool
