"""Whether Python can read a text, and if not, where it stops: nothing is executed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from tui_app.language import _


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What keeps Python from reading a text.

    Attributes:
        message: as Python says it.
        line: where, from 1; `None` where Python does not say.
        column: where in that line, in characters from 1.
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


def flaw(text: str) -> SyntaxProblem | None:
    """What is wrong with the text as a Python script; `None` where it can be read.

    It is compiled as the file would be that holds it in UTF-8, its encoding declaration included.
    """
    try:
        source = text.encode()
        with warnings.catch_warnings():
            # They would be written to the terminal, below the screen.
            warnings.simplefilter("ignore")
            compile(source, "<copy>", "exec", dont_inherit=True)
    except SyntaxError as error:
        line = min(error.lineno, text.count("\n") + 1) if error.lineno else None
        return SyntaxProblem(
            f"{type(error).__name__}: {error.msg}", line, max(1, error.offset or 1)
        )
    except UnicodeEncodeError as error:
        before = text[: error.start]
        column = error.start - before.rfind("\n")
        return SyntaxProblem(
            _("No file in UTF-8 can hold this character."), before.count("\n") + 1, column
        )
    except (RecursionError, MemoryError):
        return SyntaxProblem(_("It is nested too deeply for Python to read."))
    except (ValueError, OverflowError, LookupError) as error:
        return SyntaxProblem(f"{type(error).__name__}: {error}")
    return None
