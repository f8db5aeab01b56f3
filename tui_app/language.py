"""The language of what people read: gettext's catalogues in `assets/locale`, one at a time.

Text is written in English where it is used, and marked there: `_("Play")` is translated now,
`N_("Play")` only collected, for whoever shows it later, and `counted` knows a language's plurals.
What is recorded (names of events, steps, error classes) has no language.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from importlib import resources

DOMAIN = "procession"

LANGUAGES: Mapping[str, str] = {"en": "English", "ro": "Română"}
"""The languages that there are, each by its own name."""

_THOUSANDS = {"en": ",", "ro": "\N{NO-BREAK SPACE}"}
"""Between groups of three digits. Decimals have a point everywhere, as Python prints them."""

_present = "en"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def locale_folder() -> str:
    """Where the catalogues are: `LANGUAGE/LC_MESSAGES/procession.mo`."""
    return str(resources.files("tui_app.assets") / "locale")


def locale_language() -> str:
    """The language that the locale of this process asks for (`LANGUAGE`, `LC_ALL`, `LANG`, …)."""
    for language in LANGUAGES:
        # English is what the text is written in, so it has no catalogue.
        if language != "en" and gettext.find(DOMAIN, locale_folder()) == gettext.find(
            DOMAIN, locale_folder(), [language]
        ):
            return language
    return "en"


def use(language: str) -> None:
    """Speaks this language, one of `LANGUAGES`, from now on."""
    global _present, _catalogue
    assert language in LANGUAGES, language
    _present = language
    _catalogue = gettext.translation(DOMAIN, locale_folder(), [language], fallback=True)


def present() -> str:
    """The language that is spoken now."""
    return _present


def _(text: str) -> str:
    """The text in the present language."""
    return _catalogue.gettext(text) if text else ""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """The text as it is: marked for the catalogues, translated where it is shown."""
    return text


def grouped(number: int) -> str:
    """A whole number with its thousands apart: `1,204`."""
    return f"{number:,}".replace(",", _THOUSANDS[_present])


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun, `{n}` in both texts being the number: `1,204 images`.

    Args:
        number: how many.
        one: the text for one, such as `{n} image`.
        many: the text for more, such as `{n} images`; a language may have more plurals than two.
    """
    return _catalogue.ngettext(one, many, number).format(n=grouped(number))
