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
        shared: Whether workers of other hosts write there: each host numbers devices itself.
    """

    path: str
    identity: Identity
    hidden: str
    run: str
    journal: bool
    shared: bool = False

    def is_at(self, found: Identity) -> bool:
        """Return whether a folder is this one, by the identity that it has on a worker."""
        if self.shared:
            return found.inode == self.identity.inode
        return found == self.identity


@dataclass(frozen=True, slots=True)
class StorePlace:
    """The output of a run in a store, as its workers know it; they keep its journal.

    Attributes:
        url: Where it is.
        run: The run's id.
    """

    url: str
    run: str


@dataclass(frozen=True, slots=True)
class ImageJob:
    """One image to be done.

    Attributes:
        source: Path or URL of the image.
        recipe: What is done to it.
        place: The output folder, in which the folders exist; or a place in a store.
        name: Path of the output from the output folder on.
        format: Pillow format of the output.
        over: Stamp of the file that the output may replace; None where it may replace nothing.
        overwrite: Whether the output may replace any file.
        keep_dates: Whether the output gets its source's access and modification times.
        origin: Path of the image from the output folder on, or what else the journal names it.
        mark: Digest of everything that decides what the output is (`recipe_mark`).
        min_savings: Share of the source's bytes that encoding anew has to save; None: any is good.
        max_pixels: Pixels of the largest image that is opened; None: as many as Pillow opens.
        of: Stamp of a source in a store, as it was listed; None for a file of this machine.
    """

    source: str
    recipe: Recipe
    place: OutputPlace | StorePlace
    name: str
    format: str
    over: Stamp | None = None
    overwrite: bool = False
    keep_dates: bool = False
    origin: str = ""
    mark: str = ""
    max_pixels: int | None = None
    min_savings: float | None = None
    of: Stamp | None = None
