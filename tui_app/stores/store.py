"""A store: what stands in it, and reading and writing its files whole.

Every name is data: nothing in it is a pattern, a query or a folder above. Every error is a
`StoreError` in our own words, without the library's error behind it.
"""

import hashlib
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_app.files.folder import Stamp
from tui_app.language import _
from tui_app.stores.errors import StoreError, TakenError, reason_of, refuse

_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.part")
"""Names of files that are not whole yet, in stores that rename."""

_TAGS = ("ETag", "etag", "md5Hash", "content_md5", "generation")
_TIMES = ("LastModified", "last_modified", "mtime", "modified", "updated", "created")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in a store.

    Attributes:
        name: Its path from where it was listed on.
        stamp: Its size, and a number that is another one when it has changed.
        time: When it was changed, in nanoseconds since 1970; 0 where the store does not say.
    """

    name: str
    stamp: Stamp
    time: int


class Store:
    """A store, by its URL such as `s3://bucket`, with a file system of this process.

    `store_of` opens it. `top` is where it begins, as the file system calls it.

    Attributes:
        url: Its URL.
        exclusive: Whether it can write only where nothing stands, or what is known does.
    """

    exclusive = False

    def __init__(self, url: str, system: Any, top: str) -> None:
        self.url = url
        self._system = system
        self._top = top.rstrip("/")

    def _path(self, name: str) -> str:
        return f"{self._top}/{name}" if name else self._top or "/"

    def _told(self, name: str) -> str:
        return f"{self.url}/{name}" if name else self.url

    def entries(self, folder: str, *, recursive: bool) -> tuple[list[StoredFile], int]:
        """Return the files in a folder, and how many folders are in it that are not searched.

        A name that ends with a slash stands for a folder, and is left out.
        """
        top = self._path(folder)
        try:
            if recursive:
                infos = list(self._system.find(top, detail=True).values())
            else:
                infos = self._system.ls(top, detail=True)
        except FileNotFoundError as error:
            if self._is_empty(error):
                return [], 0
            refuse(self._told(folder), error)
        except Exception as error:  # noqa: BLE001 - each library has its own
            refuse(self._told(folder), error)
        front = f"{top.rstrip('/')}/"
        found, below = [], 0
        for info in infos:
            path = str(info["name"])
            if not path.startswith(front) or path == front:
                continue
            if info.get("type") == "directory":
                below += 1
            elif not path.endswith("/"):
                found.append(_entry(path[len(front) :], info))
        return found, below

    def _is_empty(self, error: FileNotFoundError) -> bool:
        """Tell whether what cannot be listed is a folder without a file, not a missing store."""
        return True

    def entry(self, name: str) -> StoredFile | None:
        """Return a file; None where none of that name is."""
        try:
            info = self._system.info(self._path(name))
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001 - each library has its own
            refuse(self._told(name), error)
        return None if info.get("type") == "directory" else _entry(name, info)

    def read(self, name: str) -> bytes:
        """Return what is in a file."""
        try:
            return bytes(self._system.cat_file(self._path(name)))
        except Exception as error:  # noqa: BLE001 - each library has its own
            refuse(self._told(name), error)

    def read_all(self, names: Sequence[str], most: int | None = None) -> list[bytes | StoreError]:
        """Return what is in files, or why not, in their order; many at a time where it can.

        Args:
            names: The files.
            most: Bytes of each that are wanted, from its beginning; None: all.
        """
        paths = [self._path(name) for name in names]
        try:
            # Not by `cat`, to which a name is a pattern.
            start = None if most is None else 0
            read = self._system.cat_ranges(paths, start, most, on_error="return")
        except Exception as error:  # noqa: BLE001 - each library has its own
            read = [error] * len(paths)
        return [
            StoreError(reason_of(one)) if isinstance(one, BaseException) else bytes(one)
            for one in read
        ]

    def write_new(self, name: str, data: bytes) -> Stamp:
        """Write a file where none stands, and return its stamp.

        A file with the very same contents counts as written: a worker may have died between
        writing and saying so.

        Raises:
            TakenError: Another file stands there.
        """
        if (there := self.entry(name)) is not None:
            return self._same(name, there, data)
        return self.write(name, data)

    def _same(self, name: str, there: StoredFile | None, data: bytes) -> Stamp:
        if there is not None and there.stamp.bytes == len(data) and self.read(name) == data:
            return there.stamp
        raise TakenError(_("{url}: something else has that name").format(url=self._told(name)))

    def write_over(self, name: str, data: bytes, over: Stamp) -> Stamp:
        """Write a file in the place of a known one, and return its stamp.

        Raises:
            TakenError: Another file stands there.
        """
        there = self.entry(name)
        if there is None or there.stamp != over:
            return self._same(name, there, data)
        return self.write(name, data)

    def write(self, name: str, data: bytes) -> Stamp:
        """Write a file, whatever stands there, and return its stamp."""
        try:
            self._put(self._path(name), data)
        except Exception as error:  # noqa: BLE001 - each library has its own
            refuse(self._told(name), error)
        if (there := self.entry(name)) is None:
            raise StoreError(_("{url}: it is not there after writing").format(url=self._told(name)))
        return there.stamp

    def _put(self, path: str, data: bytes) -> None:
        above = path.rpartition("/")[0]
        if above and not self._system.exists(above):
            with suppress(FileExistsError):
                self._system.makedirs(above, exist_ok=True)
        self._system.pipe_file(path, data)

    def tidy(self, folder: str) -> None:
        """Remove what dead writers have left half-written in a folder, where that has a name."""

    def remove(self, name: str) -> None:
        """Remove a file, which may be gone already."""
        try:
            self._system.rm_file(self._path(name))
        except FileNotFoundError:
            return
        except Exception as error:  # noqa: BLE001 - each library has its own
            refuse(self._told(name), error)


class RenamingStore(Store):
    """A store in which a file is written under another name first."""

    def tidy(self, folder: str) -> None:
        """See `Store.tidy`."""
        for file in self.entries(folder, recursive=True)[0]:
            if _TEMPORARY.fullmatch(file.name.rpartition("/")[2]):
                self.remove(f"{folder}/{file.name}" if folder else file.name)

    def _put(self, path: str, data: bytes) -> None:
        folder = path.rpartition("/")[0]
        temporary = f"{folder}/.{os.urandom(8).hex()}.part"
        try:
            super()._put(temporary, data)
            self._system.mv(temporary, path)
        except BaseException:
            with suppress(Exception):
                self._system.rm_file(temporary)
            raise


def _entry(name: str, info: dict[str, Any]) -> StoredFile:
    size = int(info.get("size") or 0)
    time = next((_nanoseconds(info[key]) for key in _TIMES if info.get(key)), 0)
    tag = next((str(info[key]) for key in _TAGS if info.get(key)), "")
    return StoredFile(name, Stamp(size, number_of(tag) if tag else time), time)


def number_of(tag: str) -> int:
    """Return a number that stands for a tag: 60 bits, so that it is one of the journal's."""
    return int(hashlib.sha256(tag.strip('"').encode()).hexdigest()[:15], 16)


def _nanoseconds(time: Any) -> int:
    if isinstance(time, datetime):
        return int(time.timestamp() * 1e9)
    if isinstance(time, (int, float)):
        return int(time * 1e9)
    with suppress(ValueError):
        return int(datetime.fromisoformat(str(time)).timestamp() * 1e9)
    return number_of(str(time))
