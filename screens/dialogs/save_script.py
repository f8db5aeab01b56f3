"""Save as: a demo's text, saved as a script of one's own."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from textual.content import Content
from tui_app.screens.dialogs.save import SaveDialog

from tui_app.demos.catalogue import Demo
from tui_app.demos.save_script import file_name, save_script
from tui_app.language import N_, _
from tui_app.runs.formatting import safe


class SaveScriptDialog(SaveDialog):
    """Saves a demo's text, and says how to run it.

    Args:
        demo: the demo that the text is a copy of.
        text: what is saved.
    """

    TITLE_TEXT = N_("Save as a script of your own")

    def __init__(self, demo: Demo, text: str) -> None:
        super().__init__(file_name(demo))
        self._demo, self._text = demo, text

    def write(self, typed: str, *, overwrite: bool) -> Sequence[Content]:
        """Save the script."""
        path = save_script(self._demo, self._text, typed, overwrite=overwrite)
        word = shlex.quote(str(path))
        return (
            Content.styled(safe(_("Saved as {file}.").format(file=path.resolve())), "$success"),
            Content(_("Run it:")),
            Content(safe(f"  python {word}")),
            Content(safe(f"  procession watch {word}")),
        )
