"""Reports on `subprocess`: which program each process runs that the script starts with it."""

from __future__ import annotations

import os

from .home import home
from .wrapping import like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SHELL = 8
"""The place of `shell` among what `Popen` hands on behind the command."""

MOST_WORDS = 6
"""Words of a command that are reported."""


def change_subprocess(module: Any) -> None:
    """Wrap what starts a program, after which the process is known."""
    popen = module.Popen
    real = popen._execute_child

    def _execute_child(self: Any, args: Any, *others: Any, **more: Any) -> None:
        real(self, args, *others, **more)
        shell = ["sh", "-c"] if len(others) > SHELL and others[SHELL] else []
        home.tell("command", child=self.pid, words="\n".join([*shell, *_words(args)]))

    popen._execute_child = like(real, _execute_child)


def _words(args: Any) -> list[str]:
    """Return the first words of a command, without a call of the script's own code."""
    if isinstance(args, (str, bytes, os.PathLike)):
        args = [args]
    words = list(args)[:MOST_WORDS]
    return [os.fsdecode(one) for one in words if isinstance(one, (str, bytes, os.PathLike))]
