from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, ProcessExited, ProcessStarted
from tui_app.script.event_server import ScriptEventServer

MANY = 200
"""More than Python calls within each other, if each takes the next one in."""

GREETS = """
import json, os, socket, sys, time
for _ in range(int(sys.argv[2])):
    if not os.fork():
        line = socket.socket(socket.AF_UNIX)
        line.connect(sys.argv[1])
        hello = {"how": "fork", "pid": os.getpid(), "parent": os.getppid(), "t": time.monotonic(),
                 "encoding": "utf-8", "pipes": "", "bell": ""}
        line.sendall((json.dumps(hello) + "\\n").encode())
        os._exit(0)
    os.wait()
"""


async def test_very_many_who_have_gone_before_they_are_heard_are_told() -> None:
    wrong: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: wrong.append(context))
    events: list[Event] = []
    server = ScriptEventServer(RunClock(), "", lambda: None, events.append)
    try:
        # Nobody is heard until all have gone.
        words = [sys.executable, "-c", GREETS, server.channels.address, str(MANY)]
        subprocess.run(words, check=True)
        server.channels.catch_up()
        while server.members.any_left and not wrong:
            await asyncio.sleep(0.01)
        server.ends.finish()
    finally:
        server.close()
    assert not wrong
    for kind in (ProcessStarted, ProcessExited):
        assert len([one for one in events if isinstance(one, kind)]) == MANY
