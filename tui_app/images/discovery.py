"""Finding the images: which files of which folders are taken, and which are left alone.

In folders, files with an ending that Pillow opens are taken. Left out are hidden files, special
files (FIFOs, devices, sockets; they count as other files), linked folders (they may lead anywhere,
or in a circle; a note says so), the output folder, folders below with outputs of earlier runs,
which hold a hidden folder of ours (a note says so), and what an `Exclusion` leaves out (a note has
the number of images). A file or folder that is named is taken, unless an `Exclusion` leaves it out.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePath
from typing import Literal

from PIL import Image

from tui_app.files.error_words import reason
from tui_app.files.folder import Stamp
from tui_app.files.paths import exists, is_folder, is_same
from tui_app.images.codec.formats import format_of_name
from tui_app.images.codec.opening import HEIF_SUFFIXES
from tui_app.images.errors import PlanError
from tui_app.images.exclusion import Exclusion
from tui_app.images.output import hidden
from tui_app.images.plan import UnusableSource
from tui_app.images.store_search import search_store
from tui_app.language import _, counted
from tui_app.stores.errors import StoreError
from tui_app.stores.urls import is_url, parted

# Pillow calls these images too: PostScript and PDF are documents, WMF is read on Windows only, MPEG
# and the scientific containers have no reader, IPTC is a wrapper, and .fit is a sport watch's.
_NOT_PICTURES = {"EPS", "PDF", "WMF", "MPEG", "HDF5", "GRIB", "BUFR", "IPTC"}
_NOT_SUFFIXES = {".fit"}

Kind = Literal["image", "folder", "link", "other", "outputs", "left out"]
"""What an entry is to the search; `outputs` is the hidden folder of an earlier run."""


@cache
def image_suffixes() -> frozenset[str]:
    """Return the endings of names, in lower case, that are taken in folders."""
    Image.init()
    opens = {
        suffix
        for suffix, kind in Image.registered_extensions().items()
        if kind not in _NOT_PICTURES and (kind in Image.OPEN or kind == "MPO")
    }
    return frozenset(opens.union(HEIF_SUFFIXES) - _NOT_SUFFIXES)


def is_image_name(name: str) -> bool:
    """Tell whether a file of that name is taken in folders."""
    # Most files have a format of ours; for them Pillow's readers are not all loaded.
    return format_of_name(name) is not None or PurePath(name).suffix.lower() in image_suffixes()


def default_output(source: str) -> str:
    """Return `processed` in a source folder, or beside a source file."""
    path = Path(source)
    return str((path if is_folder(path) else path.parent) / "processed")


@dataclass(slots=True)
class Search:
    """A search through files and folders, and what it has found.

    Attributes:
        output: The output folder, which is not searched.
        recursive: Whether folders within folders are searched.
        stop: Asked at each folder; True ends the search.
        exclusion: What is left out.
        keep_structure: Whether a file that is named keeps the folders on the way to it: those from
            the current folder on, or, outside of it, those from the root on.
        excluded: Number of images that were left out.
        ignored: Number of other files that were seen.
        flaws: Folders that could not be read.
        notes: Plain sentences about what was left out.
        stamps: Of images in stores, by their URLs, as they were listed.
    """

    output: str
    recursive: bool
    stop: Callable[[], bool]
    exclusion: Exclusion = field(default_factory=Exclusion)
    keep_structure: bool = False
    excluded: int = 0
    ignored: int = 0
    flaws: list[UnusableSource] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    _found: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, source: str) -> None:
        """Take in a source, a file or folder by its path from the root, or by its URL.

        Raises:
            PlanError: It is not there, cannot be read, or is a folder without an image.
        """
        if is_url(source):
            self._add_store(source)
        elif is_folder(Path(source)):
            self._add_folder(source)
        elif os.path.lexists(source):
            self._add_file(source)
        else:
            raise PlanError(_("there is no {path}"), path=source)

    def check(self) -> None:
        """Check that there is anything to do.

        Raises:
            PlanError: All images were left out.
        """
        if self.excluded and not self.flaws and not any(names for _root, names in self._found):
            raise PlanError(
                counted(
                    self.excluded,
                    "there is nothing to do: --exclude leaves out the only image",
                    "there is nothing to do: --exclude leaves out all {n} images",
                )
            )

    def images(self) -> Iterator[tuple[str, str]]:
        """Yield each image once: the root where it was found, and its name from there on."""
        # One source cannot have an image twice; then 100,000 paths need not be kept.
        several = len(self._found) > 1
        seen: set[str] = set()
        for root, names in self._found:
            for name in names:
                path = os.path.join(root, name) if several else ""  # noqa: PTH118
                if path not in seen:
                    yield root, name
                if several:
                    seen.add(path)

    def _add_file(self, source: str) -> None:
        folder, name = os.path.split(source)
        here = os.getcwd()  # noqa: PTH109 - for 100,000 of them
        top = here if source.startswith(f"{here.rstrip('/')}/") else os.sep
        whole = source.removeprefix(top).lstrip("/")
        # A file that is named comes with its folders, from where its person stands.
        known = whole if top == here else name
        if self.exclusion and self.exclusion.leaves_out_on_the_way(known):
            self.excluded += 1
        elif self.keep_structure:
            self._found.append((top, [whole]))
        else:
            self._found.append((folder, [name]))

    def _add_store(self, url: str) -> None:
        try:
            found = search_store(
                url, is_image_name, self.exclusion, recursive=self.recursive, output=self.output
            )
        except StoreError as error:
            raise PlanError(str(error)) from None
        if found is None:
            raise PlanError(_("there is no {path}"), path=url)
        root, names = found.root, list(found.stamps)
        if found.is_file:
            top, whole = parted(url)
            if self.exclusion and self.exclusion.leaves_out_on_the_way(names[0]):
                self.excluded += 1
                return
            if self.keep_structure:
                root, names = top, [whole]
            self.stamps[url] = found.stamps[os.path.basename(url)]  # noqa: PTH119 - a URL
        else:
            self.stamps.update((f"{root}/{name}", each) for name, each in found.stamps.items())
        self.excluded += found.excluded
        self.ignored += found.ignored
        self.flaws += found.flaws
        self._found.append((root, names))
        self._tell_outputs(root, found.outputs)
        if not (names or found.flaws or found.excluded):
            raise self._no_image(root, found.ignored, found.below)

    def _add_folder(self, root: str) -> None:
        names: list[str] = []
        self._found.append((root, names))
        others, excluded, below, links, outputs = self.ignored, self.excluded, 0, 0, 0
        waiting = [("", False)]
        while waiting and not self.stop():
            inner, out = waiting.pop()
            kinds = self._kinds(root, inner, quiet=out)
            if inner and kinds["outputs"]:
                outputs += not out
                continue
            folders = sorted(kinds["folder"])
            if self.recursive:
                waiting += [(name, out or self._out(name, folder=True)) for name in folders[::-1]]
            images = [] if out else [name for name in kinds["image"] if not self._out(name)]
            self.excluded += len(kinds["image"]) - len(images)
            if not out:
                names += sorted(images)
                links += len(kinds["link"])
                self.ignored += len(kinds["other"])
                below += len(folders)
        if self.recursive and links:
            self.notes.append(
                counted(
                    links,
                    "in {root} {n} linked folder not entered",
                    "in {root} {n} linked folders not entered",
                    root=root,
                )
            )
        self._tell_outputs(root, outputs)
        if not (names or self.flaws or self.excluded > excluded or self.stop()):
            raise self._no_image(root, self.ignored - others, below)

    def _tell_outputs(self, root: str, folders: int) -> None:
        if folders:
            self.notes.append(
                counted(
                    folders,
                    "in {root} {n} folder with outputs of ours left out",
                    "in {root} {n} folders with outputs of ours left out",
                    root=root,
                )
            )

    def _no_image(self, root: str, others: int, below: int) -> PlanError:
        seen = counted(others, "{n} other file", "{n} other files")
        if below and not self.recursive:
            seen = _("{files} and {folders}, not searched").format(
                files=seen, folders=counted(below, "{n} folder", "{n} folders")
            )
        return PlanError(_("there is no image in {root} ({seen})"), root=root, seen=seen)

    def _out(self, name: str, *, folder: bool = False) -> bool:
        return self.exclusion.leaves_out(name, folder=folder)

    def _kinds(self, root: str, inner: str, *, quiet: bool) -> dict[Kind, list[str]]:
        """Return the names in a folder, from the root on, by what they are to the search.

        Of one that is left out (`quiet`) it does not matter that it cannot be read.
        """
        folder = Path(root, inner)
        kinds: dict[Kind, list[str]] = defaultdict(list)
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = str(Path(inner, entry.name)) if inner else entry.name
                    kinds[self._kind(entry)].append(name)
        except OSError as error:
            why = reason(error)
            if not inner:
                raise PlanError(
                    _("the folder {folder} cannot be read: {reason}"), folder=folder, reason=why
                ) from error
            if not quiet:
                why = _("the folder cannot be read: {reason}").format(reason=why)
                self.flaws.append(UnusableSource(f"{inner}/", why, root))
        return kinds

    def _kind(self, entry: os.DirEntry[str]) -> Kind:
        if entry.name.startswith("."):
            return "outputs" if entry.name in hidden.names() else "left out"
        # An entry that cannot be asked is no folder; as an image it fails by its name.
        with suppress(OSError):
            if entry.is_dir():
                if is_same(Path(entry.path), Path(self.output)):
                    return "left out"
                return "link" if entry.is_symlink() else "folder"
        if not is_image_name(entry.name):
            return "other"
        # A link that points to nothing is taken, to fail by its name.
        with suppress(OSError):
            if entry.is_file():
                return "image"
        return "other" if exists(Path(entry.path)) else "image"
