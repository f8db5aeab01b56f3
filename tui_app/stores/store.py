"""A store: what stands in it, and reading and writing its files whole.

Every name is data: nothing in it is a pattern, a query or a folder above. Every error is a
`StoreError` in our own words, without the library's error behind it.
"""

import hashlib
import importlib
import logging
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_type
from typing import Any

from tui_app.files.folder import Stamp
from tui_app.language import _
from tui_app.stores.errors import StoreError, TakenError, is_conflict, reason_of, refuse
from tui_app.stores.urls import parted, scheme_of

_S3 = ("s3", "s3a")
_RENAMING = ("ssh", "sftp")
"""Schemes of stores in which a file gets its name at once when it is whole."""

_LOGGERS = ("fsspec", "s3fs", "botocore", "aiobotocore", "boto3", "aiohttp", "asyncio", "paramiko")

_PAGE = "https://filesystem-spec.readthedocs.io/en/latest/api.html"

_TAGS = ("ETag", "etag", "md5Hash", "content_md5", "generation")
_TIMES = ("LastModified", "last_modified", "mtime", "modified", "updated", "created")

_PATIENCE = {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 1}}
"""Seconds that S3 may take, where its person's own configuration says nothing; and one attempt of
botocore's, because s3fs itself makes five."""


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


def promises(url: str) -> str:
    """Return in one sentence what the store of a URL promises, and what it does not."""
    store = parted(url)[0]
    if scheme_of(url) in _S3:
        return _(
            "{store}: an output appears whole, replaces nothing unseen, and is listed at once"
        ).format(store=store)
    if scheme_of(url) in _RENAMING:
        return _(
            "{store}: an output appears whole; of two who write the same name, the last writer wins"
        ).format(store=store)
    return _(
        "{store}: it is not known to write whole, or only where nothing stands: others may see"
        " half an output, and the last writer wins"
    ).format(store=store)


class Store:
    """A store, by its URL such as `s3://bucket`, with a file system of this process.

    `store_of` opens it.

    Attributes:
        url: Its URL.
        exclusive: Whether it can write only where nothing stands, or what is known does.
    """

    exclusive = False

    def __init__(self, url: str, system: Any) -> None:
        self.url = url
        self._system = system
        self._top = str(system._strip_protocol(f"{url}/")).rstrip("/")

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

    def remove(self, name: str) -> None:
        """Remove a file, which may be gone already."""
        try:
            self._system.rm_file(self._path(name))
        except FileNotFoundError:
            return
        except Exception as error:  # noqa: BLE001 - each library has its own
            refuse(self._told(name), error)


class _RenamingStore(Store):
    """A store in which a file is written under another name first."""

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


class _S3Store(Store):
    """S3: whole objects, and conditions on what stands there.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """

    exclusive = True

    def _is_empty(self, error: FileNotFoundError) -> bool:
        return reason_of(error) == reason_of(FileNotFoundError())

    def write_new(self, name: str, data: bytes) -> Stamp:
        """See `Store.write_new`."""
        try:
            return self._written(name, data, mode="create")
        except TakenError:
            return self._same(name, self.entry(name), data)

    def write_over(self, name: str, data: bytes, over: Stamp) -> Stamp:
        """See `Store.write_over`."""
        try:
            tag = str(self._system.info(self._path(name)).get("ETag", ""))
        except FileNotFoundError:
            tag = ""
        except Exception as error:  # noqa: BLE001 - each library has its own
            refuse(self._told(name), error)
        if not tag or _number(tag) != over.mtime:
            return self._same(name, self.entry(name), data)
        try:
            return self._written(name, data, IfMatch=tag)
        except TakenError:
            return self._same(name, self.entry(name), data)

    def write(self, name: str, data: bytes) -> Stamp:
        """See `Store.write`."""
        return self._written(name, data)

    def _written(self, name: str, data: bytes, **how: str) -> Stamp:
        if kind := guess_type(name)[0]:
            # What shows it to others asks for it; without it, they save it to a disk.
            how["ContentType"] = kind
        try:
            answer = self._system.pipe_file(self._path(name), data, **how)
        except Exception as error:  # noqa: BLE001 - botocore's and s3fs's
            if is_conflict(error):
                raise TakenError(
                    _("{url}: something else has that name").format(url=self._told(name))
                ) from None
            refuse(self._told(name), error)
        tag = answer.get("ETag") if isinstance(answer, dict) else None
        if tag:
            return Stamp(len(data), _number(str(tag)))
        # An object of several parts tells its tag only when it is asked.
        there = self.entry(name)
        if there is None:
            raise StoreError(_("{url}: it is not there after writing").format(url=self._told(name)))
        return there.stamp


def _entry(name: str, info: dict[str, Any]) -> StoredFile:
    size = int(info.get("size") or 0)
    time = next((_nanoseconds(info[key]) for key in _TIMES if info.get(key)), 0)
    tag = next((str(info[key]) for key in _TAGS if info.get(key)), "")
    return StoredFile(name, Stamp(size, _number(tag) if tag else time), time)


def _number(tag: str) -> int:
    """Return a number that stands for a tag: 60 bits, so that it is one of the journal's."""
    return int(hashlib.sha256(tag.strip('"').encode()).hexdigest()[:15], 16)


def _nanoseconds(time: Any) -> int:
    if isinstance(time, datetime):
        return int(time.timestamp() * 1e9)
    if isinstance(time, (int, float)):
        return int(time * 1e9)
    with suppress(ValueError):
        return int(datetime.fromisoformat(str(time)).timestamp() * 1e9)
    return _number(str(time))


_shared: dict[tuple[int, str], Store] = {}
"""Stores whose file system threads may share, by process: after a fork, none of them works."""

_own = threading.local()
_opening = threading.Lock()


def store_of(url: str) -> tuple[Store, str]:
    """Return the store of a URL, and the name in it.

    A process has one, or each of its threads where a library cannot be shared by threads.

    Raises:
        StoreError: The extra, or the store's own package, is not installed, or it cannot be used.
    """
    top, name = parted(url)
    key = os.getpid(), top
    mine: dict[tuple[int, str], Store] = _own.__dict__.setdefault("stores", {})
    if (known := _shared.get(key) or mine.get(key)) is not None:
        return known, name
    with _opening:
        if key not in _shared:
            store, shared = _opened(top)
            (_shared if shared else mine)[key] = store
        return _shared.get(key) or mine[key], name


def _opened(url: str) -> tuple[Store, bool]:
    """Open a store, and tell whether threads may share it."""
    scheme = scheme_of(url)
    try:
        registry = importlib.import_module("fsspec.registry")
    except ImportError:
        raise StoreError(_("URLs need an extra: pip install 'procession[remote]'")) from None
    try:
        kind = registry.get_filesystem_class(scheme)
    except ImportError:
        known = str(registry.known_implementations.get(scheme, {}).get("class", ""))
        package = known.partition(".")[0]
        if package in ("", "fsspec"):
            raise StoreError(
                _("{scheme}:// needs a package that is not installed: see {page}").format(
                    scheme=scheme, page=_PAGE
                )
            ) from None
        raise StoreError(
            _("{scheme}:// needs a package that is not installed: pip install {package}").format(
                scheme=scheme, package=package
            )
        ) from None
    except ValueError:
        raise StoreError(
            _("{scheme}:// is no store that fsspec knows").format(scheme=scheme)
        ) from None
    _silence()
    options: dict[str, Any] = {"skip_instance_cache": True}
    if scheme in _S3:
        config = importlib.import_module("fsspec.config").conf
        if "config_kwargs" not in config.get("s3", {}):
            options["config_kwargs"] = dict(_PATIENCE)
    try:
        system = kind(**{**kind._get_kwargs_from_urls(f"{url}/"), **options})
        if (listings := getattr(system, "dircache", None)) is not None:
            # What others write would not be seen. Not an option: some hand theirs on to a client.
            listings.use_listings_cache = False
        made = _S3Store if scheme in _S3 else _RenamingStore if scheme in _RENAMING else Store
        return made(url, system), bool(kind.async_impl) or scheme == "memory"
    except Exception as error:  # noqa: BLE001 - each library has its own
        refuse(url, error)


def _silence() -> None:
    """Keep the libraries from logging: their lines may hold URLs, requests and signatures."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
