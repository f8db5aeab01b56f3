"""The language of what people read: gettext's catalogues in `assets/locale`, one at a time.

Text is written in English where it is used, and marked there: `_("Play")` is translated now,
`N_("Play")` only collected, for whoever shows it later, and `counted` knows a language's plurals.
What is recorded (names of events, steps, error classes, columns of a report) has no language.

Each process has a language of its own: workers are told theirs when they start. On the screen
`widgets/base/localized.py` says how a widget follows when it changes.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Mapping

DOMAIN = "procession"

ENGLISH = "en"
"""What text is written in: it has no catalogue."""

LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "ro": "Română"}
"""The languages that there are, each by its own name."""

LOCALE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a locale is asked for: gettext's order, the first that is set decides."""

_THOUSANDS = {ENGLISH: ",", "ro": "\N{NO-BREAK SPACE}"}

_present = ENGLISH
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def locale_folder() -> str:
    """Where the catalogues are: `LANGUAGE/LC_MESSAGES/procession.mo`."""
    # Imported here: an English worker needs no catalogue.
    from importlib import resources

    return str(resources.files("tui_app.assets") / "locale")


def locale_language() -> str:
    """The language that the locale of this process asks for; English where it is none of ours.

    `LANGUAGE` may name several, the dearest first: `de:en:ro` is English here.
    """
    asked = next(filter(None, map(os.environ.get, LOCALE_VARIABLES)), "")
    names = (re.split("[_.@]", name)[0] for name in asked.split(":"))
    return next((name for name in names if name in LANGUAGES), ENGLISH)


def use(language: str) -> None:
    """Speaks this language, one of `LANGUAGES`, from now on."""
    global _present, _catalogue
    assert language in LANGUAGES, language
    _present = language
    if language == ENGLISH:
        _catalogue = gettext.NullTranslations()
    else:
        _catalogue = gettext.translation(DOMAIN, locale_folder(), [language])


def present() -> str:
    """The language that is spoken now."""
    return _present


def following() -> str:
    """The language that comes after the present one; after the last, the first."""
    every = list(LANGUAGES)
    return every[(every.index(_present) + 1) % len(every)]


def _(text: str) -> str:
    """The text in the present language."""
    return _catalogue.gettext(text) if text else ""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """The text as it is: marked for the catalogues, translated where it is shown."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as above
    """Both texts as they are: marked for the catalogues as one and many of a thing."""
    return one, many


def grouped(number: float, digits: int = 0) -> str:
    """A number with its thousands apart, and so many decimals: `1,204`.

    Decimals have a point in every language: they stand beside what scripts print, and Python
    prints a point. For the same reason times and shares need no function at all.
    """
    return f"{number:,.{digits}f}".replace(",", _THOUSANDS[_present])


def counted(number: int, one: str, many: str, **more: object) -> str:
    """A number with its noun, `{n}` in both texts being the number: `1,204 images`.

    Args:
        number: how many.
        one: the text for one, such as `{n} image`.
        many: the text for more, such as `{n} images`; a language may have more plurals than two.
        more: what stands for the other placeholders of the texts.
    """
    return _catalogue.ngettext(one, many, number).format(n=grouped(number), **more)


def in_bytes(count: float) -> str:
    """Return a number of bytes, such as `3.21 MB`."""
    if count < 1000:
        return counted(round(count), "{n} byte", "{n} bytes")
    for unit in ("kB", "MB", "GB", "TB"):
        count /= 1000
        if count < 1000 or unit == "TB":
            break
    return f"{count:.3g} {unit}"
