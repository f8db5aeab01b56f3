"""What can be known to go wrong before anything is written. Nothing here writes."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path

from tui_app.images.paths import is_folder, is_same, nearest_existing
from tui_app.images.words import in_bytes
from tui_app.language import _

# How many names of a folder are looked at to learn whether it folds case.
_NAMES_TO_TRY = 50


class PlanError(ValueError):
    """A run that cannot start; the text is one clear sentence."""


def check_folder(folder: str) -> None:
    """Check that an output folder is there and can be written to, or can be made.

    Raises:
        PlanError: It is a file, lies below one, or is not writable.
    """
    path = Path(folder)
    if os.path.lexists(path) and not is_folder(path):
        raise PlanError(_("the output {folder} is not a folder").format(folder=folder))
    nearest = nearest_existing(path)
    if not is_folder(nearest):
        raise PlanError(
            _("the output folder {folder} cannot be made: {nearest} is not a folder").format(
                folder=folder, nearest=nearest
            )
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PlanError(
            _("the output folder {folder} cannot be written: no permission in {nearest}").format(
                folder=folder, nearest=nearest
            )
        )


def check_not_source(output: str, folders: Iterable[str]) -> None:
    """Check that the output folder is none of the source folders.

    Raises:
        PlanError: It is one of them.
    """
    for folder in folders:
        if is_same(Path(folder), Path(output)):
            raise PlanError(
                _("the output folder {folder} is a source folder: choose another").format(
                    folder=output
                )
            )


def check_names(pairs: Sequence[tuple[str, str]], fold: bool) -> None:
    """Check that every source has an output of its own, and that none is a source.

    Args:
        pairs: Paths of each source and of its output.
        fold: Whether names that differ only by case are the same file.

    Raises:
        PlanError: Two sources have one output, an output is a source, or a folder is in its place.
    """
    key = _key(fold)
    sources = {key(source) for source, _ in pairs}
    taken: dict[str, str] = {}
    for source, output in pairs:
        place = key(output)
        if place in taken:
            raise PlanError(
                _("{first} and {second} would both be written to {output}").format(
                    first=taken[place], second=source, output=output
                )
            )
        if place in sources:
            raise PlanError(
                _("{source} would be written to {output}, which is a source").format(
                    source=source, output=output
                )
            )
        taken[place] = source
        if is_folder(Path(output)):
            raise PlanError(
                _("{source} cannot be written to {output}: a folder is there").format(
                    source=source, output=output
                )
            )


def _key(fold: bool) -> Callable[[str], str]:
    real = cache(os.path.realpath)

    def key(path: str) -> str:
        # Links within the folders are followed; the file's own name is what would be replaced.
        folder, name = os.path.split(path)
        place = f"{real(folder)}/{name}"
        return unicodedata.normalize("NFC", place).casefold() if fold else place

    return key


def folds_case(folder: str) -> bool:
    """Tell whether a folder, there or to be made, takes `a` and `A` for one file.

    It is asked by names that exist: those within it, then its own and those above it on the same
    disk. Where none has letters the platform's custom decides.
    """
    nearest = nearest_existing(Path(folder))
    inside: list[Path] = []
    with suppress(PermissionError):
        inside = list(islice(nearest.iterdir(), _NAMES_TO_TRY))
    device = nearest.stat().st_dev
    for path in (*inside, nearest, *nearest.parents):
        other = path.name.swapcase()
        if other != path.name == other.swapcase() and path.parent.stat().st_dev == device:
            swapped = path.with_name(other)
            return os.path.lexists(swapped) and os.path.samestat(path.lstat(), swapped.lstat())
    return sys.platform == "darwin"


def check_space(output: str, low: int, likely: int) -> str | None:
    """Check that the outputs fit on the disk.

    Args:
        output: The output folder, there or to be made.
        low: Bytes of the outputs at the very least.
        likely: Bytes that they probably take.

    Returns:
        A sentence where it is doubtful, else None.

    Raises:
        PlanError: Not even the low estimate fits.
    """
    free = shutil.disk_usage(nearest_existing(Path(output))).free
    if low > free:
        raise PlanError(
            _(
                "the disk of {folder} is too small: at least {needed} are needed,"
                " and {free} are free"
            ).format(folder=output, needed=in_bytes(low), free=in_bytes(free))
        )
    if likely > free:
        return _("the disk may be too small: about {likely} for {free} free").format(
            likely=in_bytes(likely), free=in_bytes(free)
        )
    return None
