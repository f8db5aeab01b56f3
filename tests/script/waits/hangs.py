"""Scripts that hang for good, and scripts that only seem to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.script.playing import Played, collect, script_run
from tui_app.engine.machine import StartMethod
from tui_app.events import Deadlock, Event, Waiting

HEAD = """\
CALL = '''if 1:
    import socket, sys, time
    time.sleep(2)
    socket.create_connection(("127.0.0.1", int(sys.argv[1])))
'''
import multiprocessing, os, queue, signal, socket, subprocess, sys, threading, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
"""


@dataclass(frozen=True)
class Hang:
    """A script that hangs, and a wait that must be told: who, for what, held by whom."""

    source: str
    who: str
    kind: str
    object: str | None
    holder: str | None = None


CHILD = "    p = multiprocessing.Process(target=work, args=[it]); p.start()\n"
MAIN = '\nif __name__ == "__main__":\n'

HANGS: Mapping[str, Hang] = {
    "two-locks": Hang(
        "def work(first, second):\n"
        "    with first:\n        time.sleep(0.2)\n        with second:\n            pass\n"
        + MAIN
        + "    a, b = multiprocessing.Lock(), multiprocessing.Lock()\n"
        "    ps = [multiprocessing.Process(target=work, args=pair) for pair in ((a, b), (b, a))]\n"
        "    for p in ps:\n        p.start()\n"
        "    for p in ps:\n        p.join()\n",
        "P-1",
        "lock",
        "b",
        "P-2",
    ),
    "two-locks-of-threads": Hang(
        "def work(first, second):\n"
        "    with first:\n        time.sleep(0.2)\n        with second:\n            pass\n"
        + MAIN
        + "    a, b = threading.Lock(), threading.Lock()\n"
        "    t = threading.Thread(target=work, args=(a, b), name='T'); t.start()\n"
        "    work(b, a)\n",
        "main",
        "lock",
        "a",
        "T",
    ),
    "two-locks-beside-a-heartbeat": Hang(
        "def work(first, second):\n"
        "    with first:\n        time.sleep(0.2)\n        with second:\n            pass\n"
        + MAIN
        + "    a, b = multiprocessing.Lock(), multiprocessing.Lock()\n"
        "    ps = [multiprocessing.Process(target=work, args=pair) for pair in ((a, b), (b, a))]\n"
        "    for p in ps:\n        p.start()\n"
        "    while any(p.is_alive() for p in ps):\n        time.sleep(0.3)\n",
        "P-2",
        "lock",
        "a",
        "P-1",
    ),
    "holder-died": Hang(
        "def work(it):\n    it.acquire()\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        + MAIN
        + "    it = multiprocessing.Lock()\n"
        + CHILD
        + "    p.join()\n    it.acquire()\n",
        "main",
        "lock",
        "it",
    ),
    "barrier": Hang(
        "def work(it):\n    it.wait()\n"
        + MAIN
        + "    it = multiprocessing.Barrier(3)\n"
        + CHILD
        + "    it.wait()\n",
        "main",
        "barrier",
        "it",
    ),
    "event": Hang(
        "def work(it):\n    it.wait()\n"
        + MAIN
        + "    it = multiprocessing.Event()\n"
        + CHILD
        + "    p.join()\n",
        "P-1",
        "event",
        "it",
    ),
    "event-of-threads": Hang(
        MAIN + "    it = threading.Event()\n    it.wait()\n", "main", "event", "it"
    ),
    "pipe-not-closed": Hang(
        "def work(it):\n    it.send(1)\n"
        + MAIN
        + "    here, it = multiprocessing.Pipe()\n"
        + CHILD
        + "    here.recv()\n    here.recv()\n",
        "main",
        "receive",
        "here",
    ),
    "sentinel": Hang(
        "def work(it):\n    while it.get() is not None:\n        pass\n"
        + MAIN
        + "    it = multiprocessing.Queue()\n"
        "    ps = [multiprocessing.Process(target=work, args=[it]) for _ in range(2)]\n"
        "    for p in ps:\n        p.start()\n"
        "    it.put(1); it.put(None)\n"
        "    for p in ps:\n        p.join()\n",
        "main",
        "join",
        None,
    ),
    "task-done": Hang(
        "def work(it):\n    while it.get():\n        pass\n"
        + MAIN
        + "    it = multiprocessing.JoinableQueue(); it.put(1)\n"
        "    p = multiprocessing.Process(target=work, args=[it], daemon=True); p.start()\n"
        "    it.join()\n",
        "main",
        "queue_join",
        "it",
    ),
    "bounded-queue": Hang(
        "def work(it):\n    for n in range(9):\n        it.put(n)\n"
        + MAIN
        + "    it = multiprocessing.Queue(2)\n"
        + CHILD
        + "    p.join()\n",
        "P-1",
        "queue_put",
        "it",
    ),
    "full-pipe": Hang(
        "def work(it):\n    it.send_bytes(bytes(1_000_000))\n"
        + MAIN
        + "    here, it = multiprocessing.Pipe()\n"
        + CHILD
        + "    p.join()\n",
        "P-1",
        "send",
        "it",
    ),
    "join-before-read": Hang(
        "def work(it):\n    it.put(bytes(1_000_000))\n"
        + MAIN
        + "    it = multiprocessing.Queue()\n"
        + CHILD
        + "    p.join()\n    it.get()\n",
        "P-1",
        "feeder",
        None,
    ),
    "pool-in-a-pool": Hang(
        "def outer(pool):\n    return pool.submit(time.sleep, 0).result()\n"
        + MAIN
        + "    pool = ThreadPoolExecutor(1)\n    pool.submit(outer, pool).result()\n",
        "main",
        "result",
        None,
    ),
}
"""The twelve kinds, and some more."""

INNOCENTS: Mapping[str, str] = {
    "a-long-sleep": MAIN + "    time.sleep(2)\n",
    "a-slow-holder": "def work(it):\n    with it:\n        time.sleep(1)\n"
    + MAIN
    + "    it = multiprocessing.Lock()\n"
    "    for _ in range(3):\n        multiprocessing.Process(target=work, args=[it]).start()\n",
    "a-wait-with-a-timeout": MAIN
    + "    threading.Event().wait(2)\n    threading.Lock().acquire(timeout=1)\n",
    "a-get-with-a-timeout": MAIN + "    try:\n        multiprocessing.Queue().get(timeout=2)\n"
    "    except queue.Empty:\n        pass\n",
    "a-signal": MAIN + "    signal.signal(signal.SIGALRM, lambda *_: None)\n"
    "    signal.alarm(2)\n    signal.pause()\n",
    "an-event-set-by-a-signal": MAIN
    + "    it = threading.Event()\n    signal.signal(signal.SIGALRM, lambda *_: it.set())\n"
    "    signal.alarm(2)\n    it.wait()\n",
    "sigwait": MAIN
    + "    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n    signal.alarm(2)\n"
    "    signal.sigwait([signal.SIGALRM])\n",
    "a-timer": MAIN
    + "    it = threading.Event()\n    threading.Timer(2, it.set).start()\n    it.wait()\n",
    "a-program": MAIN + "    subprocess.run(['sleep', '2'])\n",
    "a-program-that-writes": MAIN
    + "    p = subprocess.Popen(['sh', '-c', 'sleep 2; echo x'], stdout=subprocess.PIPE)\n"
    "    p.stdout.read()\n",
    "a-socket": MAIN + "    it = socket.create_server(('127.0.0.1', 0))\n"
    "    subprocess.Popen([sys.executable, '-c', CALL, str(it.getsockname()[1])])\n"
    "    it.accept()\n",
    "a-fifo": MAIN
    + "    os.mkfifo('f')\n    subprocess.Popen(['sh', '-c', 'sleep 2; echo x > f'])\n"
    "    open('f').read()\n",
    "a-daemon-that-idles": "def work(it):\n    it.get()\n"
    + MAIN
    + "    it = multiprocessing.Queue()\n"
    "    multiprocessing.Process(target=work, args=[it], daemon=True).start()\n    time.sleep(2)\n",
    "a-child-that-waits-to-be-terminated": "def work():\n    threading.Event().wait()\n"
    + MAIN
    + "    p = multiprocessing.Process(target=work); p.start()\n    time.sleep(2); p.terminate()\n",
    "a-grandchild-that-left": "def work(it):\n"
    "    if os.fork() == 0:\n        os.setsid()\n        time.sleep(2)\n        it.set()\n"
    "        os._exit(0)\n    os._exit(0)\n"
    + MAIN
    + "    it = multiprocessing.Event()\n"
    + CHILD
    + "    p.join()\n    it.wait()\n",
    "a-pool": MAIN
    + "    with ProcessPoolExecutor(2) as pool:\n        list(pool.map(time.sleep, [1, 1, 1]))\n",
    "a-pool-that-idles": MAIN
    + "    with multiprocessing.Pool(2) as pool:\n        pool.map(abs, [1]); time.sleep(2)\n",
    "threads-in-turn": "def work(it):\n    with it:\n        time.sleep(0.6)\n"
    + MAIN
    + "    it = threading.Lock()\n"
    "    for _ in range(4):\n        threading.Thread(target=work, args=[it]).start()\n",
    "a-condition-told-late": "def work(it):\n    time.sleep(2)\n    with it:\n        it.notify()\n"
    + MAIN
    + "    it = threading.Condition()\n    threading.Thread(target=work, args=[it]).start()\n"
    "    with it:\n        it.wait()\n",
    "philosophers-in-order": "def eat(first, second):\n"
    "    for _ in range(2):\n        with first:\n            time.sleep(0.2)\n"
    "            with second:\n                time.sleep(0.2)\n"
    + MAIN
    + "    forks = [multiprocessing.Lock() for _ in range(3)]\n"
    "    for a, b in (0, 1), (1, 2), (0, 2):\n"
    "        multiprocessing.Process(target=eat, args=[forks[a], forks[b]]).start()\n",
    "a-lock-that-another-releases": "def work(a, b):\n    time.sleep(1.5); a.release()\n"
    + MAIN
    + "    a, b = multiprocessing.Lock(), multiprocessing.Lock()\n    a.acquire()\n"
    "    multiprocessing.Process(target=work, args=[a, b]).start()\n    a.acquire()\n",
    "a-manager": MAIN
    + "    with multiprocessing.Manager() as manager:\n        it = manager.Event()\n"
    "        threading.Timer(2, it.set).start(); it.wait()\n",
    "asyncio": "import asyncio\n" + MAIN + "    asyncio.run(asyncio.sleep(2))\n",
    "a-server-of-threads": "def serve(it):\n    it.accept()\n"
    + MAIN
    + "    it = socket.create_server(('127.0.0.1', 0))\n"
    "    t = threading.Thread(target=serve, args=[it]); t.start()\n"
    "    subprocess.Popen([sys.executable, '-c', CALL, str(it.getsockname()[1])])\n    t.join()\n",
}
"""Scripts that go on by themselves."""


async def play_hang(
    folder: Path, source: str, method: StartMethod | None = None, seconds: float = 15.0
) -> Played:
    """Plays a script until a deadlock is told, or it ends; the rest is killed."""
    script = folder / "script.py"
    script.write_text(HEAD + source)
    run = script_run(script, folder=folder, method=method)

    def stop() -> None:
        run.cancel("seen")
        run.cancel("seen")

    def on_event(event: Event) -> None:
        if isinstance(event, Deadlock):
            stop()

    timer = asyncio.get_running_loop().call_later(seconds, stop)
    try:
        return await collect(run, on_event)
    finally:
        timer.cancel()


def hang_flaws(hang: Hang, played: Played) -> list[str]:
    """What is wrong with what was told of the deadlock, but for its time; empty: all is right."""
    told = played.of(Deadlock)
    if not told:
        return ["no deadlock"]
    (deadlock,) = told
    waits = [one for one in deadlock.waits if played.names[one["pid"]] == hang.who]
    wrong = []
    if (hang.kind, hang.holder) not in [(one["kind"], one["holder"]) for one in waits]:
        wrong.append(f"{hang.who}: {waits}")
    elif hang.object is not None and hang.object not in [one["object"] for one in waits]:
        wrong.append(f"object of {waits}")
    elif hang.kind != "feeder" and not any(one["line"] for one in waits):
        wrong.append(f"line of {waits}")
    return wrong


def standing_seconds(played: Played) -> float:
    """How long the deadlock had stood when it was told: since the last of its waits began."""
    (deadlock,) = played.of(Deadlock)
    pids = {one["pid"] for one in deadlock.waits}
    begun = [wait.t for wait in played.of(Waiting) if wait.pid in pids and wait.t <= deadlock.t]
    return deadlock.t - max(begun, default=0.0)
