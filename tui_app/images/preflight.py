"""What can be known to go wrong before anything is written. Nothing here writes."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path

from tui_app.images.paths import is_folder, is_same, is_within, nearest_existing
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


def check_inside(output: str, folders: Iterable[str]) -> None:
    """Check that no link leads from folders below the output folder to elsewhere.

    Raises:
        PlanError: One does.
    """
    for folder in folders:
        if not is_within(Path(folder), Path(output)):
            raise PlanError(
                _("{folder} leads out of the output folder {output}, to {place}").format(
                    folder=folder, output=output, place=os.path.realpath(folder)
                )
            )


def longest_name(folder: str) -> int:
    """Return how many bytes a name may have in a folder, there or to be made."""
    return os.pathconf(nearest_existing(Path(folder)), "PC_NAME_MAX")


def check_names(pairs: Callable[[], Iterator[tuple[str, str]]], fold: bool) -> None:
    """Check that every source has an output of its own, and that none is a source.

    Args:
        pairs: Gives the paths of each source and of its output, as often as it is asked: of
            100,000 images they are made anew rather than kept.
        fold: Whether names that differ only by case are the same file.

    Raises:
        PlanError: Two sources have one output, an output is a source, or a folder is in its place.
    """
    key = _key(fold)
    folders = {key(output)[0] for _source, output in pairs()}
    # A source can be in an output's place only where outputs go: most often, none is.
    places = (key(source) for source, _output in pairs())
    sources = {place for place in places if place[0] in folders}
    taken: set[int] = set()
    for source, output in pairs():
        place = key(output)
        # Hashes are smaller than places; where one is met again, the places are compared.
        if hash(place) in taken:
            first = next(other for other, its_output in pairs() if key(its_output) == place)
            if first != source:
                raise PlanError(
                    _("{first} and {second} would both be written to {output}").format(
                        first=first, second=source, output=output
                    )
                )
        if place in sources:
            raise PlanError(
                _("{source} would be written to {output}, which is a source").format(
                    source=source, output=output
                )
            )
        taken.add(hash(place))
        if is_folder(Path(output)):
            raise PlanError(
                _("{source} cannot be written to {output}: a folder is there").format(
                    source=source, output=output
                )
            )


def _key(fold: bool) -> Callable[[str], tuple[str, str]]:
    """Return what tells the folder and the name of a path's place."""

    @cache
    def real(folder: str) -> str:
        return same(os.path.realpath(folder))

    def same(text: str) -> str:
        return unicodedata.normalize("NFC", text).casefold() if fold else text

    def key(path: str) -> tuple[str, str]:
        # Links within the folders are followed; the file's own name is what would be replaced.
        folder, name = os.path.split(path)
        return real(folder), same(name)

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
