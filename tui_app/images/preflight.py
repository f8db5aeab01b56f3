"""What can be known to go wrong before anything is written. Nothing here writes.

Each check raises `PlanError` where a run cannot start.
"""

import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import accumulate, islice
from pathlib import Path

from tui_app.files.error_words import reason
from tui_app.files.folder import NO_FILE, Folder, ForeignLinkError, Identity, identity
from tui_app.files.paths import is_folder, is_same, nearest_existing
from tui_app.images.errors import PlanError
from tui_app.images.plan import Item, Plan
from tui_app.language import _, counted, in_bytes
from tui_app.stores.urls import is_url, parted

LONGEST_KEY = 1024
"""Bytes of a whole name in S3, without the bucket
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html)."""

_NAMES_TO_TRY = 50
"""Names of a folder that are tried, to learn whether it folds case."""


def check_folder(folder: str) -> None:
    """Check that an output folder is there and can be written to, or can be made.

    One in a store is not: what it holds is asked for later, and folders need not be made there.
    """
    if is_url(folder):
        return
    path = Path(folder)
    if os.path.lexists(path) and not is_folder(path):
        raise PlanError(_("the output {folder} is not a folder"), folder=folder)
    nearest = nearest_existing(path)
    if not is_folder(nearest):
        raise PlanError(
            _("the output folder {folder} cannot be made: {nearest} is not a folder"),
            folder=folder,
            nearest=nearest,
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PlanError(
            _("the output folder {folder} cannot be written: no permission in {nearest}"),
            folder=folder,
            nearest=nearest,
        )
    opened_output(folder).close()


def opened_output(folder: str) -> Folder:
    """Open an output folder, or the nearest folder above it that is there.

    Raises:
        PlanError: A link of somebody else's is on the way, or it cannot be opened.
    """
    try:
        return Folder.open(str(nearest_existing(Path(folder))))
    except ForeignLinkError as error:
        raise PlanError(
            _("{link} is a link of somebody else's: name the folder that it leads to"),
            link=error.link,
        ) from error
    except OSError as error:
        raise cannot_be_made(folder, error) from error


def cannot_be_made(folder: str, error: OSError) -> PlanError:
    """Return the error for an output folder that cannot be made."""
    why = reason(error)
    # With every folder above it there, the file system itself makes no folders (/proc).
    if isinstance(error, FileNotFoundError):
        why = _("nothing can be made in {folder}").format(folder=Path(folder).parent)
    return PlanError(
        _("the output folder {folder} cannot be made: {reason}"), folder=folder, reason=why
    )


def check_not_source(output: str, folders: Iterable[str]) -> None:
    """Check that the output folder is none of the source folders."""
    if any(folder == output or is_same(Path(folder), Path(output)) for folder in folders):
        raise PlanError(
            _("the output folder {folder} is a source folder: choose another"), folder=output
        )


def check_inside(output: str, inner: Iterable[str]) -> None:
    """Check that no link or file is in the place of a folder below the output folder.

    `inner` are the paths of these folders from the output folder on. A store has neither.
    """
    if is_url(output):
        return
    try:
        root = Folder.open(output)
    except OSError:
        return
    with root:
        # With the folders on the way, so that the first one that is none is named.
        every = {way for name in inner for way in accumulate(name.split("/"), "{}/{}".format)}
        for name in sorted(every):
            # What is missing will be made; what may not be entered fails by its name.
            try:
                root.below(name).close()
            except NotADirectoryError as error:
                raise PlanError(
                    _("{path} is a link or a file, and outputs go into a folder there"),
                    path=os.path.join(output, name),  # noqa: PTH118
                ) from error
            except OSError:
                continue


def check_recipes(plan: Plan) -> None:
    """Check that no output of a recipe of another name is to be replaced without being asked to.

    The plan has been told what stands in its output folder.
    """
    if not plan.overwrite and (others := plan.of_other_recipes):
        raise PlanError(
            counted(
                len(others),
                "{n} output in {folder} was made by another recipe:"
                " --overwrite replaces it, -o names another folder",
                "{n} outputs in {folder} were made by another recipe:"
                " --overwrite replaces them, -o names another folder",
                folder=plan.output,
            )
        )


def check_sources_stay(plan: Plan) -> None:
    """Check that no file that is to be replaced is a source, whatever link leads to it.

    The plan has been told what stands in its output folder.
    """
    replaced: dict[Identity, Item] = {}
    for item in plan.todo:
        if item.there not in (None, NO_FILE):
            with suppress(OSError):
                replaced[identity(os.lstat(plan.output_of(item)))] = item
    if not replaced:
        return
    for item in plan.items:
        with suppress(OSError):
            target = replaced.get(identity(os.stat(item.source)))  # noqa: PTH116 - 100,000 of them
            if target is not None:
                raise _writes_a_source(target.source, plan.output_of(target))


def _writes_a_source(source: str, output: str) -> PlanError:
    return PlanError(
        _("{source} would be written to {output}, which is a source"), source=source, output=output
    )


def longest_name(folder: str) -> int:
    """Return how many bytes a name may have in a folder, there or to be made."""
    if is_url(folder):
        return LONGEST_KEY - len(os.fsencode(parted(folder)[1])) - 1
    return os.pathconf(nearest_existing(Path(folder)), "PC_NAME_MAX")


def check_names(
    pairs: Callable[[], Iterator[tuple[str, str]]], fold: bool, to_come: Container[str] = ()
) -> None:
    """Check that every source has an output of its own, which is no source and no folder.

    Args:
        pairs: Yields the paths of each source and its output, as often as it is called: for
            100,000 images they are made anew rather than kept.
        fold: Whether names that differ only by case are the same file.
        to_come: Paths of folders that will be made.
    """
    key = _key(fold)
    folders = {key(output)[0] for _source, output in pairs()}
    # A source can be in an output's place only where outputs go: most often, none is.
    places = (key(source) for source, _output in pairs())
    sources = {place for place in places if place[0] in folders}
    taken: set[int] = set()
    for source, output in pairs():
        place = key(output)
        # Hashes are smaller than places. Where a hash is met again, the places are compared.
        if hash(place) in taken:
            first = next(other for other, its_output in pairs() if key(its_output) == place)
            if first != source:
                raise PlanError(
                    _("{first} and {second} would both be written to {output}"),
                    first=first,
                    second=source,
                    output=output,
                )
        if place in sources:
            raise _writes_a_source(source, output)
        taken.add(hash(place))
        if output in to_come or is_folder(Path(output)):
            raise PlanError(
                _("{source} cannot be written to {output}: a folder is there"),
                source=source,
                output=output,
            )


def same_names(fold: bool) -> Callable[[str], str]:
    """Return a function that makes names equal that are the same file to a disk."""
    if not fold:
        return lambda text: text
    return lambda text: unicodedata.normalize("NFC", text).casefold()


def _key(fold: bool) -> Callable[[str], tuple[str, str]]:
    """Return a function that tells the folder and the name of a path's place."""
    same = same_names(fold)

    @cache
    def real(folder: str) -> str:
        # A store has no links, and what differs by case is not the same there.
        if is_url(folder):
            return folder
        return same(os.path.realpath(folder))

    def key(path: str) -> tuple[str, str]:
        # Links within the folders are followed; the file's own name is what would be replaced.
        folder, name = os.path.split(path)
        return real(folder), same(name)

    return key


def folds_case(folder: str) -> bool:
    """Tell whether a folder, there or to be made, takes `a` and `A` for one file.

    Names that exist answer it: those within the folder, then its own and those above it on the same
    disk. Where none has letters, the platform's custom decides.
    """
    if is_url(folder):
        return False
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


def check_space(output: str, low: int, likely: int) -> str:
    """Check that the outputs fit on the disk; return a sentence where that is doubtful.

    Args:
        output: The output folder, there or to be made.
        low: Bytes that the outputs take at the very least.
        likely: Bytes that they probably take.
    """
    if is_url(output):
        return ""
    free = shutil.disk_usage(nearest_existing(Path(output))).free
    if low > free:
        raise PlanError(
            _(
                "the disk of {folder} is too small: at least {needed} are needed,"
                " and {free} are free"
            ),
            folder=output,
            needed=in_bytes(low),
            free=in_bytes(free),
        )
    if likely > free:
        return _("the disk may be too small: about {likely} for {free} free").format(
            likely=in_bytes(likely), free=in_bytes(free)
        )
    return ""
