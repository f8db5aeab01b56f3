"""URLs of stores, as they are typed: which texts are URLs, and which of them are taken.

What follows the host is a name, as it stands: nothing in it is decoded, expanded or followed.
"""

import re

from tui_app.files.paths import absolute
from tui_app.language import _
from tui_app.stores.errors import StoreError

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)/*(.*)", re.DOTALL)

_LOCAL = ("file", "local")

_NAMED = ("abfs", "abfss", "ssh", "sftp", "wasb", "wasbs")
"""Schemes in which a name before the host is no secret: a container's or a user's."""

_WEB = ("http", "https")


def is_url(text: str) -> bool:
    """Tell whether a source or an output is named by a URL; else it is a path."""
    return "://" in text and _URL.match(text) is not None


def scheme_of(url: str) -> str:
    """Return the scheme of a URL, in small letters, such as `s3`."""
    return url.partition("://")[0].lower()


def parted(url: str) -> tuple[str, str]:
    """Return a store, such as `s3://bucket`, and what a URL names in it: empty for all of it."""
    found = _URL.match(url)
    assert found is not None
    return f"{found[1].lower()}://{found[2]}", found[3].rstrip("/")


def located(text: str) -> str:
    """Return a path from the root, or a URL in the one way in which it is written everywhere.

    Raises:
        StoreError: The URL holds a secret, or cannot be used. The secret is not in the error.
    """
    if not is_url(text):
        return absolute(text)
    scheme = scheme_of(text)
    store, name = parted(text)
    if scheme in _LOCAL:
        return absolute("/" + name)
    host = store.partition("://")[2]
    user, at, rest = host.rpartition("@")
    shown = f"{scheme}://{rest}"
    if at and (":" in user or scheme not in _NAMED):
        raise StoreError(
            _(
                "the URL of {store} holds a name or a password before its @: leave it out, and let"
                " the store find its credentials where it usually does"
            ).format(store=shown)
        )
    if not host and scheme != "memory":
        raise StoreError(_("the URL {url} names no host or bucket").format(url=shown))
    if scheme in _WEB and re.search("[?#]", name):
        raise StoreError(
            _("the URL of {store} has a part after ? or #, which may hold a secret").format(
                store=shown
            )
        )
    if "::" in host or "://" in name:
        raise StoreError(_("a URL within a URL, as in {store}, cannot be used").format(store=shown))
    if any(part in ("", ".", "..") for part in name.split("/") if name):
        raise StoreError(
            _("{url} has an empty part, or one of points, in it: name it otherwise").format(
                url=f"{shown}/{name}"
            )
        )
    return f"{store}/{name}" if name else store
