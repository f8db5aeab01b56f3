"""The output folder of a run: made before it, tidied after it."""

from contextlib import suppress
from pathlib import Path

from tui_app.images.files import is_temporary_of
from tui_app.images.items import Plan, temporary_folder
from tui_app.images.opening import reason
from tui_app.images.paths import is_folder
from tui_app.images.preflight import PlanError
from tui_app.language import _


def prepare_output(plan: Plan) -> None:
    """Make the output folder, those that mirror the sources', and the hidden `.procession/`.

    Raises:
        PlanError: One cannot be made; those made before it are removed again.
    """
    wanted = {Path(plan.output_of(item)).parent for item in plan.todo}
    made: list[Path] = []
    for folder in sorted({Path(plan.output), Path(temporary_folder(plan)), *wanted}):
        try:
            _make(folder, made)
        except OSError as error:
            for path in reversed(made):
                with suppress(OSError):
                    path.rmdir()
            # With every folder above it there, the file system itself makes no folders (/proc).
            missing = isinstance(error, FileNotFoundError)
            why = reason(error)
            if missing:
                why = _("nothing can be made in {folder}").format(folder=folder.parent)
            raise PlanError(
                _("the output folder {folder} cannot be made: {reason}").format(
                    folder=folder, reason=why
                )
            ) from error


def _make(folder: Path, made: list[Path]) -> None:
    if is_folder(folder):
        return
    _make(folder.parent, made)
    folder.mkdir()
    made.append(folder)


def tidy_output(plan: Plan, run: str) -> int:
    """Remove a run's temporary files, and `.procession/` where that leaves it empty.

    Args:
        plan: The plan that was run; its workers are gone.
        run: The run's id.

    Returns:
        How many temporary files were removed.
    """
    folder = Path(temporary_folder(plan))
    removed = 0
    for file in list(folder.iterdir()) if is_folder(folder) else []:
        # A disk that has gone is no reason to hide how the run ended.
        with suppress(OSError):
            if is_temporary_of(file.name, run):
                file.unlink()
                removed += 1
    with suppress(OSError):
        folder.rmdir()
    return removed
