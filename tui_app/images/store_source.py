"""A source in a store, in a worker: fetched whole, and handed on as a file of this machine.

Workers import this: the standard library and small siblings only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tui_app.images.errors import ImageError
from tui_app.images.job import ImageJob
from tui_app.language import _
from tui_app.stores.at_hand import at_hand
from tui_app.stores.errors import StoreError
from tui_app.stores.opening import store_of
from tui_app.stores.store import Store


@contextmanager
def fetched(job: ImageJob) -> Iterator[ImageJob]:
    """Yield the job with its source at hand, for as long as the block lasts.

    Raises:
        ImageError: The store does not hand it out.
    """
    try:
        store, name = store_of(job.source)
        data, time = _read(store, name, job)
    except StoreError as error:
        raise ImageError(_("it cannot be fetched: {reason}"), reason=error.why) from None
    with at_hand(data, time) as path:
        del data
        yield replace(job, source=path)


def _read(store: Store, name: str, job: ImageJob) -> tuple[bytes, int]:
    time = 0
    if job.keep_dates and (entry := store.entry(name)) is not None:
        time = entry.time
    data = store.read(name)
    if job.of is not None and job.of.bytes != len(data):
        raise StoreError(_("it has changed since the plan was made"))
    return data, time
