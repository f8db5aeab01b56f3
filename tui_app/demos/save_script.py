"""A copy of a demo's text as a script of one's own: whole under its name, or not at all."""

from __future__ import annotations

from pathlib import Path

from tui_app.demos.catalogue import Demo
from tui_app.files.atomic_write import Place, holding, write_whole
from tui_app.files.error_words import reason
from tui_app.files.folder import Folder
from tui_app.language import _


class SaveError(OSError):
    """A script that cannot be saved; the text is one sentence."""


def file_name(demo: Demo) -> str:
    """What a script that was made of this demo is called, unless one calls it otherwise."""
    return f"{demo.name.replace('-', '_')}.py"


def save_script(demo: Demo, text: str, typed: str, *, overwrite: bool = False) -> Path:
    """Saves a text where somebody says, and returns the file.

    Args:
        demo: what it was made of; its own file is never written.
        text: the script.
        typed: a path, `~` for the home folder; in a folder the script gets the demo's name.
        overwrite: whether a file that stands there is replaced.

    Raises:
        FileExistsError: there is one, and `overwrite` is false; nothing is written.
        SaveError: it cannot be written there; the text says why.
    """
    if not typed.strip():
        raise SaveError(_("Name a file."))
    try:
        path = Path(typed.strip()).expanduser()
        if path.is_dir():
            path /= file_name(demo)
        # Through a link the file that it names is written; the link stays.
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
