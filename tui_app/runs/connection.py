"""What to know of a batch over SSH: it ends with the connection, and how it would go on."""

from __future__ import annotations

import os

from tui_app.language import _

SSH = ("SSH_CONNECTION", "SSH_TTY")
"""Variables that sshd sets: https://man.openbsd.org/ssh.1#ENVIRONMENT."""

LASTING = ("TMUX", "STY")
"""Variables that tmux and screen set. A terminal of theirs stays when the connection goes."""


def connection_note() -> str:
    """Return one sentence where a closed connection would end this program; else nothing.

    Without a terminal nothing is sent to a program when its connection goes.
    """
    over_ssh = any(map(os.environ.get, SSH))
    lasting = any(map(os.environ.get, LASTING))
    if not over_ssh or lasting or not any(os.isatty(fd) for fd in (0, 1, 2)):
        return ""
    return _(
        "this batch ends with the SSH connection, and the same command goes on later;"
        " it keeps running in tmux, or by: nohup procession batch … --headless"
    )
