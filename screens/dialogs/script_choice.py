"""The choice of a script of a person's own, by the dialog for files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.app import App

from tui_app.script.interpreter import InterpreterError, choose_interpreter
from tui_app.script.program import Program, ProgramForm
from tui_app.script.script_run import ScriptSpec
from tui_app.system.import_path import persons_environment
from tui_app.system.user_folders import current_folder
from tui_app.widgets.textual_internals.file_dialogs import ScriptDialog


def ask_for_script(
    app: App[Any], last: ScriptSpec | None, play: Callable[[ScriptSpec], object]
) -> None:
    """Ask for a script and its arguments, and play it; nothing happens if the dialog is left.

    Args:
        app: where the dialog is shown.
        last: what was played last: the dialog opens at it.
        play: is called with what was chosen.
    """
    is_file = last is not None and last.form is ProgramForm.FILE
    folder, name = os.path.split(last.script if last is not None and is_file else "")
    dialog = ScriptDialog(folder or os.curdir, name, last.arguments if last is not None else ())

    def take(path: Path | None) -> None:
        if path is None:
            return
        try:
            interpreter = last.interpreter if last is not None else None
            interpreter = interpreter or choose_interpreter(None, persons_environment())
        except InterpreterError as error:
            app.notify(str(error), severity="warning", markup=False)
            return
        program = Program(_as_typed(path), arguments=dialog.arguments)
        play(ScriptSpec.watched(program, interpreter))

    app.push_screen(dialog, take)


def _as_typed(path: Path) -> str:
    """Return a script's path as one would type it here: short where it is below this folder."""
    here = Path(current_folder()).resolve()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
