"""Finding images in a store: what `discovery.Search` does with a folder, by one listing.

A store knows names, not folders. A name with an empty part, or one of points, would lead elsewhere
on a disk: that image fails by its name. A name that ends with a slash stands for a folder.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tui_app.files.folder import Stamp
from tui_app.images.exclusion import Exclusion
from tui_app.images.output import hidden
from tui_app.images.plan import UnusableSource
from tui_app.language import _
from tui_app.stores.opening import store_of
from tui_app.stores.store import StoredFile


@dataclass(slots=True)
class InStore:
    """What was found under a URL.

    Attributes:
        root: The URL that names are relative to.
        stamps: The images, in the order of their names, as they were listed.
        excluded: Number of images that were left out.
        ignored: Number of other files.
        below: Number of folders that were not searched.
        outputs: Number of folders with outputs of earlier runs.
        flaws: Images whose names cannot be used.
        is_file: Whether the URL is one file's.
    """

    root: str
    stamps: dict[str, Stamp] = field(default_factory=dict)
    excluded: int = 0
    ignored: int = 0
    below: int = 0
    outputs: int = 0
    flaws: list[UnusableSource] = field(default_factory=list)
    is_file: bool = False


def search_store(
    url: str,
    is_image: Callable[[str], bool],
    exclusion: Exclusion,
    *,
    recursive: bool,
    output: str,
) -> InStore | None:
    """Return what is found under a URL; None where nothing at all is.

    Args:
        url: The URL of a file or a folder.
        is_image: Tells whether a file of a name is taken in a folder.
        exclusion: What is left out.
        recursive: Whether folders within folders are searched.
        output: The output folder, which is not searched.

    Raises:
        StoreError: It cannot be listed.
    """
    store, name = store_of(url)
    if name and is_image(name) and (file := store.entry(name)):
        return _file(url, file)
    entries, below = store.entries(name, recursive=recursive)
    if not entries and not below:
        file = store.entry(name) if name else None
        return _file(url, file) if file else None
    found = InStore(url, below=below)
    inner = output.removeprefix(f"{url}/") if output.startswith(f"{url}/") else None
    ours = {way for entry in entries if (way := _of_outputs(entry.name))}
    found.outputs = len(ours)
    for entry in sorted(entries, key=lambda entry: entry.name):
        parts = entry.name.split("/")
        if inner is not None and entry.name.startswith(f"{inner}/"):
            continue
        if any(way in ours for way in _ways(parts)):
            continue
        if any(part in ("", ".", "..") for part in parts):
            if is_image(parts[-1]):
                found.flaws.append(
                    UnusableSource(
                        f"{url}/{entry.name}",
                        _("its name has an empty part, or one of points, which no folder can have"),
                    )
                )
        elif any(part.startswith(".") for part in parts):
            continue
        elif not is_image(parts[-1]):
            found.ignored += 1
        elif exclusion.leaves_out_on_the_way(entry.name):
            found.excluded += 1
        else:
            found.stamps[entry.name] = entry.stamp
    return found


def _file(url: str, file: StoredFile) -> InStore:
    root, _slash, name = url.rpartition("/")
    return InStore(root, {name: file.stamp}, is_file=True)


def _of_outputs(name: str) -> str:
    """Return the folder that holds a hidden folder of ours, by a file in that; else nothing."""
    parts = name.split("/")
    at = next((n for n, part in enumerate(parts[:-1]) if part == hidden.HIDDEN), 0)
    return "/".join(parts[:at])


def _ways(parts: list[str]) -> Iterator[str]:
    return ("/".join(parts[:number]) for number in range(1, len(parts)))
