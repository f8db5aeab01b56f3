"""When Python collects garbage: not while it starts, and never among the objects of the start.

A start makes about a hundred thousand objects that live to the end. To look through them again and
again takes a tenth of the start, and a third of the time that leaving takes.
"""

import gc

SELDOM = 500
"""Collections of the middle generation before one of the oldest; Python's own number is ten."""


def wait_for_start() -> None:
    """Collect no garbage until `go_on`."""
    gc.disable()


def go_on() -> None:
    """Collect garbage again. The objects that live now are frozen: they are never looked at."""
    gc.freeze()
    gc.enable()


def seldom() -> None:
    """Collect the oldest generation only every few minutes.

    By Python's own numbers a run would collect it every six seconds, for 80 ms without an answer to
    a key.
    """
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
