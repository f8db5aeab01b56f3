"""Opening the store of a URL: which one it is, what it promises, and its library, kept quiet."""

import importlib
import logging
import os
import threading
from typing import Any

from tui_app.language import _
from tui_app.stores.errors import StoreError, refuse
from tui_app.stores.s3 import S3Store
from tui_app.stores.store import RenamingStore, Store
from tui_app.stores.urls import parted, scheme_of

_S3 = ("s3", "s3a")
_RENAMING = ("ssh", "sftp")
"""Schemes of stores in which a file gets its name at once when it is whole."""

_LOGGERS = ("fsspec", "s3fs", "botocore", "aiobotocore", "boto3", "aiohttp", "asyncio", "paramiko")

_PAGE = "https://filesystem-spec.readthedocs.io/en/latest/api.html"

_PATIENCE = {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 1}}
"""Seconds that S3 may take, where its person's own configuration says nothing; and one attempt of
botocore's, because s3fs itself makes five."""


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
        core = importlib.import_module("fsspec.core")
        system, top = core.url_to_fs(f"{url}/", **options)
        if (listings := getattr(system, "dircache", None)) is not None:
            # What others write would not be seen. Not an option: some hand theirs on to a client.
            listings.use_listings_cache = False
        made = S3Store if scheme in _S3 else RenamingStore if scheme in _RENAMING else Store
        return made(url, system, top), bool(kind.async_impl) or scheme == "memory"
    except Exception as error:  # noqa: BLE001 - each library has its own
        refuse(url, error)


def _silence() -> None:
    """Keep the libraries from logging: their lines may hold URLs, requests and signatures."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
