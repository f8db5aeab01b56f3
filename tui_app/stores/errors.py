"""What a store's error means, in our own words.

The text of an error of a store's library is never shown: it may hold a URL with a password, a
signature or a key. Its class and its code are words of the library's own.
"""

import re
from collections.abc import Iterator
from typing import NoReturn

from tui_app.language import N_, _


class StoreError(OSError):
    """A store that cannot be used, or does not do what it is asked; the text is one sentence.

    Attributes:
        why: Why, in a few words without the name of what is not done; else the whole sentence.
    """

    def __init__(self, sentence: str, why: str = "") -> None:
        super().__init__(sentence)
        self.why = why or sentence


class TakenError(StoreError):
    """Something else stands under a name than was there, or than was expected there."""


_CODES = {
    "NoSuchBucket": N_("there is no such bucket"),
    "AccessDenied": N_("permission denied"),
    "403": N_("permission denied"),
    "SlowDown": N_("it is asked too much at a time"),
    "ServiceUnavailable": N_("it is out of service"),
    "503": N_("it is out of service"),
    "RequestTimeout": N_("it did not answer in time"),
}

_NO_CREDENTIALS = ("NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError")

_UNREACHED = ("gaierror", "HTTPClientError")

_OWN_WORD = re.compile(r"[A-Za-z0-9._-]{1,60}")


def reason_of(error: BaseException) -> str:
    """Return why a store's library failed, in a few words, and nothing of its error's text."""
    if isinstance(error, StoreError):
        return error.why
    name = type(error).__name__
    code = next(_codes(error), "")
    if code in _CODES:
        return _(_CODES[code])
    if name in _NO_CREDENTIALS:
        return _("it found no credentials where it usually does")
    if isinstance(error, FileNotFoundError):
        return _("there is no such file")
    if isinstance(error, PermissionError):
        return _("it refuses the credentials ({code})").format(code=code or name)
    if isinstance(error, TimeoutError) or "Timeout" in name:
        return _("it did not answer in time")
    if isinstance(error, ConnectionError) or "Connect" in name or name in _UNREACHED:
        return _("it cannot be reached")
    return _("it failed ({code})").format(code=code or name)


def _codes(error: BaseException | None) -> Iterator[str]:
    """Yield the codes that a store answered with, where its library keeps them."""
    for _step in range(5):
        if error is None:
            return
        response = getattr(error, "response", None)
        if isinstance(response, dict):
            code = str(response.get("Error", {}).get("Code", ""))
            if _OWN_WORD.fullmatch(code):
                yield code
        error = error.__cause__


def is_conflict(error: BaseException) -> bool:
    """Tell whether a store refused because something else stands there than was expected."""
    if isinstance(error, FileExistsError):
        return True
    return next(_codes(error), "") in ("PreconditionFailed", "ConditionalRequestConflict", "412")


def refuse(url: str, error: BaseException) -> NoReturn:
    """Raise a `StoreError` for an error, which is not kept: it may hold a secret."""
    why = reason_of(error)
    raise StoreError(_("{url}: {reason}").format(url=url, reason=why), why) from None
