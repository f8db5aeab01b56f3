"""When Python looks for garbage: not while it starts, nor among what a start made.

A start makes some hundred thousand objects that live to the end. Looking through them again and
again costs a tenth of the start, and on the way out a third of the leaving.
"""

import gc

SELDOM = 500
"""So many looks at what is young are taken between two at everything; Python's own are ten."""


def wait_for_start() -> None:
    """Looks for no garbage until `go_on`."""
    gc.disable()


def go_on() -> None:
    """Looks for garbage, but among what there is now never again."""
    gc.freeze()
    gc.enable()


def seldom() -> None:
    """Looks through everything that has lived a while only every few minutes.

    While a run goes on that would take 80 ms every six seconds, in which no key is answered.
    """
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
