"""Export: a run that has ended, saved as a page, a trace, a table, a picture or text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content
from tui_app.screens.dialogs.save import SaveDialog

from tui_app.exports.kinds import KINDS
from tui_app.exports.of_record import export_record
from tui_app.exports.writing import ExistingFileError, export_path
from tui_app.language import N_, _
from tui_app.records.errors import RecordError
from tui_app.records.reader import RecordFile
from tui_app.runs.formatting import safe
from tui_app.system.background import aside


class ExportDialog(SaveDialog):
    """Saves the runs of a record; the ending that is typed says as what.

    Args:
        record: the record's file.
        name: what the file may be called, without its ending.
    """

    TITLE_TEXT = N_("Export this run")

    def __init__(self, record: Path, name: str) -> None:
        super().__init__(f"{name}.html")
        self._record = record

    def _help(self) -> Content:
        width = max(map(len, KINDS))
        kinds = [f"{ending:<{width}}  {_(kind.title)}" for ending, kind in KINDS.items()]
        told = "\n".join([_("The ending says what is saved:"), *(f"  {one}" for one in kinds)])
        return Content(told) + Content("\n\n") + super()._help()

    async def save_it(self, typed: str, *, overwrite: bool) -> Sequence[Content]:
        """Save it beside the app: a run may be long."""
        return await aside(self.write, typed, overwrite=overwrite)

    def write(self, typed: str, *, overwrite: bool) -> Sequence[Content]:
        """Save the runs of the record, each into a file."""
        try:
            with RecordFile.open(self._record) as record:
                files = export_record(record, export_path(typed.strip()), overwrite=overwrite)
        except ExistingFileError as error:
            raise FileExistsError(str(error)) from error
        except RecordError as error:
            raise ValueError(str(error)) from error
        return [
            Content.styled(safe(_("Saved as {file}.").format(file=file.resolve())), "$success")
            for file in files
        ]
