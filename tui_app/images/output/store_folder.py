"""The output of a run in a store: locked before the run, journalled in it, tidied after it."""

import time
from collections.abc import Callable, Iterator

from tui_app.images.errors import PlanError
from tui_app.images.job import ImageJob, StorePlace
from tui_app.images.output.hidden import HIDDEN
from tui_app.images.output.jobs import jobs_of
from tui_app.images.output.lock import LockedError
from tui_app.images.output.resume import standing_in_store
from tui_app.images.output.store_lock import StoreLock
from tui_app.images.plan import Item, Plan
from tui_app.images.preflight import check_recipes
from tui_app.language import _
from tui_app.stores.errors import StoreError
from tui_app.stores.opening import store_of

TRIES, PAUSE_SECONDS = 3, 0.3
"""How often it is tried whether anything can still be written, and the pause between."""


class OpenStore:
    """A place in a store while one run writes to it: as `OpenOutput` is for a folder.

    Args:
        plan: The plan that is to be run.
        run: The run's id.
        lost: Called, in another thread, with a sentence when the run may not go on.

    Attributes:
        plan: The plan by what stands there now.
        notes: Plain sentences about what is not as it should be.

    Raises:
        PlanError: Another run is at work there, or it cannot be read or written.
    """

    def __init__(self, plan: Plan, run: str, lost: Callable[[str], None]) -> None:
        self._url, self._run = plan.output, run
        try:
            self._lock = StoreLock(plan.output, run, lost)
        except LockedError as error:
            raise PlanError(str(error)) from None
        except StoreError as error:
            raise PlanError(
                _("the output folder {folder} cannot be locked: {reason}"),
                folder=plan.output,
                reason=error.why,
            ) from None
        try:
            self.notes: tuple[str, ...] = ()
            if not self._lock.kept:
                sentence = _("this store keeps no other run out: see that none writes to {folder}")
                self.notes = (sentence.format(folder=plan.output),)
            store, name = store_of(plan.output)
            store.tidy(name)
            self.plan = standing_in_store(plan)
            check_recipes(self.plan)
        except StoreError as error:
            self._lock.release()
            raise PlanError(str(error)) from None
        except BaseException:
            self._lock.release()
            raise

    def jobs(self) -> Iterator[tuple[Item, ImageJob]]:
        """Yield each image of the plan with its job. See `OutputFolder.jobs`."""
        return jobs_of(self.plan, StorePlace(self._url, self._run))

    def made(self, size: int) -> None:
        """Remember nothing: a store does not tell its room."""

    def refusal(self) -> str:
        """Return why nothing more can be written there; an empty text where something can."""
        why = ""
        for number in range(TRIES):
            if number:
                time.sleep(PAUSE_SECONDS)
            try:
                store, name = store_of(f"{self._url}/{HIDDEN}/{self._run}.probe")
                store.write(name, b"")
                store.remove(name)
            except StoreError as error:
                why = error.why
            else:
                return ""
        return _("nothing more can be written to {folder}: {reason}").format(
            folder=self._url, reason=why
        )

    def sync(self) -> None:
        """Do nothing: what a store has taken is safe."""

    def close(self) -> None:
        """Let the next run in; the workers of this one are gone."""
        self._lock.release()
