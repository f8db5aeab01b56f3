"""The task that a worker runs for each image.

The app hands this function out, so it imports nothing that works on images.
"""

from collections.abc import Callable

from tui_app.images.job import ImageJob


def do_image(job: ImageJob, progress: Callable[[str, float], None]) -> dict[str, object]:
    """Process one image in a worker. See `pipeline.process_image`."""
    # The fork server has imported it for all workers (`engine/forkserver.py`).
    from tui_app.images.pipeline import process_image

    return process_image(job, progress)
