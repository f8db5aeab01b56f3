"""The language of what people read: gettext's catalogues in `assets/locale`, one at a time.

Text is written in English where it is used, and marked there. `_("Play")` translates now,
`N_("Play")` only marks a text that is translated later, and `counted` knows a language's plurals.
What is recorded (names of events, steps, error classes, columns of a report) has no language.

Each process has its own language; workers are told theirs when they start. A widget follows a
change of the language by `widgets/base/localized.py`.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Mapping, Sequence

DOMAIN = "procession"

ENGLISH = "en"
"""The language that text is written in. It has no catalogue."""

LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "ro": "Română"}
"""All languages, each with its own name for itself."""

LOCALE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that ask for a locale, in gettext's order: the first that is set decides."""

THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
"""Stands between thousands in every language. A comma there is a decimal comma to many people."""

_present = ENGLISH
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def locale_folder() -> str:
    """Return the folder of the catalogues: `LANGUAGE/LC_MESSAGES/procession.mo`."""
    # Imported here: an English worker needs no catalogue.
    from importlib import resources

    return str(resources.files("tui_app.assets") / "locale")


def locale_language() -> str:
    """Return the language that this process's locale asks for; English if we do not have it.

    `LANGUAGE` may name several languages, the preferred one first. Only the first that is one of
    ours counts: `de:en:ro` is English here.
    """
    asked = next(filter(None, map(os.environ.get, LOCALE_VARIABLES)), "")
    names = (re.split("[_.@]", name)[0] for name in asked.split(":"))
    return next((name for name in names if name in LANGUAGES), ENGLISH)


def use(language: str) -> None:
    """Speak a language, one of `LANGUAGES`, from now on."""
    global _present, _catalogue
    assert language in LANGUAGES, language
    _present = language
    if language == ENGLISH:
        _catalogue = gettext.NullTranslations()
    else:
        _catalogue = gettext.translation(DOMAIN, locale_folder(), [language])


def present() -> str:
    """Return the language that is spoken now."""
    return _present


def following() -> str:
    """Return the language after the present one; after the last language, the first."""
    every = list(LANGUAGES)
    return every[(every.index(_present) + 1) % len(every)]


def _(text: str) -> str:
    """Return the text in the present language."""
    return _catalogue.gettext(text) if text else ""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Return the text as it is: marked for the catalogues, translated where it is shown."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as above
    """Return both texts as they are: marked for the catalogues as one and many of a thing."""
    return one, many


def grouped(number: float, digits: int = 0) -> str:
    """Return a number with its thousands apart: `1 204`, by a thin space that breaks no line.

    Decimals have a point in every language: they stand beside what scripts print, and Python
    prints a point. For the same reason times and shares need no function of their own.

    Args:
        number: The number.
        digits: How many decimals it gets.
    """
    return f"{number:,.{digits}f}".replace(",", THIN_SPACE)


def counted(number: int, one: str, many: str, **more: object) -> str:
    """Return a number with its noun: `1 204 images`.

    Args:
        number: The number. It stands for `{n}` in both texts.
        one: The text for one, such as `{n} image`.
        many: The text for more, such as `{n} images`; a language may have more plurals than two.
        more: What stands for the other placeholders of the texts.
    """
    return _catalogue.ngettext(one, many, number).format(n=grouped(number), **more)


def form_of(number: int, forms: Sequence[str]) -> str:
    """Return the one of several forms of a word that goes with a number, such as `images`.

    Args:
        number: The number.
        forms: All forms in the order in which the present language's catalogue counts them: of an
            English word two, of a Romanian one three. The last one stands for those that are left.
    """
    # Each catalogue translates this text by the number of its form.
    index = int(_catalogue.ngettext(*NN_("0", "1"), number))
    return forms[min(index, len(forms) - 1)]


def in_bytes(count: float) -> str:
    """Return a number of bytes, such as `3.21 MB`."""
    if count < 1000:
        return counted(round(count), "{n} byte", "{n} bytes")
    for unit in ("kB", "MB", "GB", "TB"):
        count /= 1000
        if count < 1000 or unit == "TB":
            break
    return f"{count:.3g} {unit}"
