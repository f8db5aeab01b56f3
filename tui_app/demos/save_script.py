"""Saving a demo's text as a script of one's own."""

from __future__ import annotations

from pathlib import Path

from tui_app.demos.catalogue import Demo
from tui_app.files.atomic_write import Place, holding, write_whole
from tui_app.files.error_words import reason
from tui_app.files.folder import Folder
from tui_app.language import _


class SaveError(OSError):
    """An error: a script cannot be saved. Its text is one sentence."""


def file_name(demo: Demo) -> str:
    """Return the file name for a script that is made of a demo, unless one types another."""
    return f"{demo.name.replace('-', '_')}.py"


def save_script(demo: Demo, text: str, typed: str, *, overwrite: bool = False) -> Path:
    """Save a script where somebody says, and return the file.

    Args:
        demo: The demo that it was made of, whose own file is never written.
        text: The script.
        typed: A path, `~` for the home folder; in a folder the script gets the demo's name.
        overwrite: Whether a file that is there is replaced.

    Raises:
        FileExistsError: There is a file, and `overwrite` is false; nothing is written.
        SaveError: The script cannot be written there; the text says why.
    """
    if not typed.strip():
        raise SaveError(_("Name a file."))
    try:
        path = Path(typed.strip()).expanduser()
        if path.is_dir():
            path /= file_name(demo)
        # A link stays; the file that it leads to is written.
        file = path.resolve()
        if not file.parent.is_dir():
            raise SaveError(_("There is no folder {folder}.").format(folder=file.parent))
        if file.exists():
            if file.samefile(demo.script):
                raise SaveError(_("That is the demo's own file; choose another name."))
            if not file.is_file():
                raise SaveError(_("{file} is no file; choose another name.").format(file=path))
        with Folder.open(str(file.parent)) as folder:
            place = Place(folder, file.name, folder, ".procession", overwrite=overwrite)
            write_whole(place, holding(text.encode()))
    except (FileExistsError, SaveError):
        raise
    except UnicodeEncodeError as error:
        raise SaveError(_("It has a character that no file in UTF-8 can hold.")) from error
    except OSError as error:
        raise SaveError(
            _("Cannot write {file}: {why}.").format(file=typed, why=reason(error))
        ) from error
    except (ValueError, RuntimeError) as error:
        raise SaveError(_("That is no path: {why}.").format(why=error)) from error
    return path
