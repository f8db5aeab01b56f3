"""Whether Python can read a text, and where it cannot; nothing is executed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from tui_app.language import _


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why Python cannot read a text.

    Attributes:
        message: Python's own words.
        line: the line, from 1; `None` where Python does not say.
        column: the character in that line, from 1.
    """

    message: str
    line: int | None = None
    column: int = 1

    @property
    def sentence(self) -> str:
        """Line and message, in one line."""
        message = " ".join(self.message.split())
        if self.line is None:
            return message
        return _("Line {line}: {message}").format(line=self.line, message=message)


def flaw(text: str | bytes) -> SyntaxProblem | None:
    """Return what is wrong with the text as a Python script; `None` where Python can read it.

    It is compiled as a file that holds it, with its encoding declaration; a `str` is in UTF-8.
    """
    source = b""
    try:
        source = text if isinstance(text, bytes) else text.encode()
        with warnings.catch_warnings():
            # Warnings would be written to the terminal, under the screen.
            warnings.simplefilter("ignore")
            compile(source, "<copy>", "exec", dont_inherit=True)
    except SyntaxError as error:
        line = min(error.lineno, source.count(b"\n") + 1) if error.lineno else None
        return SyntaxProblem(
            f"{type(error).__name__}: {error.msg}", line, max(1, error.offset or 1)
        )
    except UnicodeEncodeError as error:
        before = error.object[: error.start]
        column = error.start - before.rfind("\n")
        return SyntaxProblem(
            _("No file in UTF-8 can hold this character."), before.count("\n") + 1, column
        )
    except (RecursionError, MemoryError):
        return SyntaxProblem(_("It is nested too deeply for Python to read."))
    except (ValueError, OverflowError, LookupError) as error:
        return SyntaxProblem(f"{type(error).__name__}: {error}")
    return None
