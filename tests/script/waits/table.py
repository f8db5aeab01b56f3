"""Scripts that wait, each for one thing: what must be told of the wait that stands on `# waits`."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent

HEAD = """\
import asyncio, fcntl, multiprocessing, os, queue, select, signal, socket, subprocess, sys
import threading, time
from concurrent.futures import ThreadPoolExecutor
SECONDS = 0.3
def later(call, *args):
    threading.Timer(SECONDS, call, args).start()
"""


@dataclass(frozen=True)
class WaitRow:
    """A script, and what is told of its wait.

    Attributes:
        name: what the wait is for.
        top: the script's functions.
        main: what its main process does.
        kind, object, holder: as the event has them.
        who: the process that waits.
        methods: whether it is worth a run with each start method.
    """

    name: str
    main: str
    kind: str
    object: str | None
    top: str = ""
    holder: str | None = None
    who: str = "main"
    methods: bool = False

    @property
    def source(self) -> str:
        """The whole script."""
        main = indent(dedent(self.main).strip("\n"), "    ")
        return f'{HEAD}{dedent(self.top)}\nif __name__ == "__main__":\n{main}\n'

    @property
    def line(self) -> int | None:
        """The line on which the wait stands, from 1; `None`: it stands on none."""
        for number, line in enumerate(self.source.splitlines(), 1):
            if line.endswith("# waits"):
                return number
        return None


def _processes(
    name: str,
    body: str,
    main: str,
    kind: str,
    *,
    object: str | None = "it",  # noqa: A002 - the event's own name
    holder: str | None = None,
    who: str = "main",
) -> WaitRow:
    """Return a row whose main process starts one child, which runs `body` on `it`."""
    top = f"def child(it, other=None):\n{indent(dedent(body).strip(), '    ')}\n"
    return WaitRow(name, main, kind, object, top, holder, who, methods=True)


def _thread(
    name: str,
    body: str,
    main: str,
    kind: str,
    *,
    object: str | None = "it",  # noqa: A002 - the event's own name
    start: str = "t = threading.Thread(target=work, args=[it]); t.start()",
    end: str = "",
    holder: str | None = None,
    who: str = "main·Thread-1",
) -> WaitRow:
    """Return a row whose main thread starts another one, which runs `body` on `it`."""
    top = f"def work(it):\n{indent(dedent(body).strip(), '    ')}\n"
    # A `Timer` is a thread, too: Python numbers it.
    if "later(" in main:
        who = who.replace("Thread-1", "Thread-2")
    return WaitRow(name, f"{main}\n{start}\n{end}", kind, object, top, holder, who)


def _task(
    name: str,
    body: str,
    kind: str,
    *,
    object: str | None = "it",  # noqa: A002
    top: str = "",
    who: str = "main·work(1)",
    holder: str | None = None,
) -> WaitRow:
    """Return a row with an asyncio task that runs `body`."""
    soon = "def soon(*call):\n    asyncio.get_running_loop().call_later(SECONDS, *call)\n"
    work = f"async def work():\n{indent(dedent(body).strip(), '    ')}\n"
    return WaitRow(name, "asyncio.run(work())", kind, object, f"{soon}{top}{work}", holder, who)


START = "p = multiprocessing.Process(target=child, args=[it]); p.start()\n"

ROWS = (
    # multiprocessing
    _processes(
        "mp-lock",
        "with it:  # waits\n    pass",
        "it = multiprocessing.Lock(); it.acquire()\n" + START + "time.sleep(1); it.release()",
        "lock",
        holder="main",
        who="P-1",
    ),
    _processes(
        "mp-lock-acquire",
        "with it:\n    time.sleep(1)",
        "it = multiprocessing.Lock()\n"
        + START
        + "while it._semlock._get_value():\n    time.sleep(0.01)\nit.acquire()  # waits",
        "lock",
        holder="P-1",
    ),
    _processes(
        "mp-rlock",
        "with it, it:  # waits\n    pass",
        "it = multiprocessing.RLock(); it.acquire()\n" + START + "time.sleep(1); it.release()",
        "lock",
        holder="main",
        who="P-1",
    ),
    _processes(
        "mp-value",
        "with it.get_lock():\n    time.sleep(1)",
        "it = multiprocessing.Value('i')\n"
        + START
        + "while it.get_lock()._semlock._get_value():\n    time.sleep(0.01)\nit.value  # waits",
        "lock",
        holder="P-1",
    ),
    _processes(
        "mp-semaphore",
        "time.sleep(SECONDS); it.release()",
        "it = multiprocessing.Semaphore(1); it.acquire()\n" + START + "it.acquire()  # waits",
        "semaphore",
    ),
    _processes(
        "mp-bounded-semaphore",
        "time.sleep(SECONDS); it.release()",
        "it = multiprocessing.BoundedSemaphore(1); it.acquire()\n"
        + START
        + "with it:  # waits\n    pass",
        "semaphore",
    ),
    _processes(
        "mp-event",
        "time.sleep(SECONDS); it.set()",
        "it = multiprocessing.Event()\n" + START + "it.wait()  # waits",
        "event",
    ),
    _processes(
        "mp-condition",
        "time.sleep(SECONDS)\nwith it:\n    it.notify()",
        "it = multiprocessing.Condition()\nwith it:\n    " + START + "    it.wait()  # waits",
        "condition",
    ),
    _processes(
        "mp-barrier",
        "time.sleep(SECONDS); it.wait()",
        "it = multiprocessing.Barrier(2)\n" + START + "it.wait()  # waits",
        "barrier",
    ),
    _processes(
        "mp-queue-get",
        "time.sleep(SECONDS); it.put(1)",
        "it = multiprocessing.Queue()\n" + START + "it.get()  # waits",
        "queue_get",
    ),
    _processes(
        "mp-queue-put",
        "time.sleep(SECONDS); it.get()",
        "it = multiprocessing.Queue(1); it.put(1)\n" + START + "it.put(2)  # waits",
        "queue_put",
    ),
    _processes(
        "mp-simple-queue",
        "time.sleep(SECONDS); it.put(1)",
        "it = multiprocessing.SimpleQueue()\n" + START + "it.get()  # waits",
        "queue_get",
    ),
    _processes(
        "mp-joinable-queue",
        "it.get(); time.sleep(SECONDS); it.task_done()",
        "it = multiprocessing.JoinableQueue(); it.put(1)\n" + START + "it.join()  # waits",
        "queue_join",
    ),
    _processes(
        "mp-receive",
        "time.sleep(SECONDS); it.send(1)",
        "here, it = multiprocessing.Pipe()\n" + START + "here.recv()  # waits",
        "receive",
        object="here",
    ),
    _processes(
        "mp-poll",
        "time.sleep(SECONDS); it.send(1)",
        "here, it = multiprocessing.Pipe()\n" + START + "here.poll(None)  # waits",
        "poll",
        object="here",
    ),
    _processes(
        "mp-send",
        "time.sleep(SECONDS + 0.3); it.recv_bytes()",
        "here, it = multiprocessing.Pipe()\n"
        + START
        + "here.send_bytes(bytes(1_000_000))  # waits",
        "send",
        object="here",
    ),
    _processes(
        "mp-feeder",
        "it.put(bytes(1_000_000))",
        "it = multiprocessing.Queue()\n" + START + "time.sleep(1); it.get()",
        "feeder",
        who="P-1",
    ),
    WaitRow(
        "mp-manager",
        """
        with multiprocessing.Manager() as manager:
            it = manager.Event()
            later(it.set)
            it.wait()  # waits
        """,
        "manager",
        "it.wait()",
        methods=True,
    ),
    WaitRow(
        "mp-join",
        """
        p = multiprocessing.Process(target=time.sleep, args=[SECONDS]); p.start()
        p.join()  # waits
        """,
        "join",
        "P-1",
        methods=True,
    ),
    WaitRow(
        "mp-pool",
        """
        with multiprocessing.Pool(1) as pool:
            pool.map(time.sleep, [SECONDS])  # waits
        """,
        "get",
        None,
    ),
    # threading
    WaitRow(
        "lock",
        "it = threading.Lock(); it.acquire(); later(it.release)\nit.acquire()  # waits",
        "lock",
        "it",
    ),
    WaitRow(
        "lock-held-by-a-thread",
        """
        it = threading.Lock()
        threading.Thread(target=hold, args=[it], name="T").start()
        time.sleep(0.1)
        with it:  # waits
            pass
        """,
        "lock",
        "it",
        "def hold(it):\n    with it:\n        time.sleep(SECONDS + 0.2)\n",
        holder="T",
    ),
    WaitRow(
        "rlock-held-by-a-thread",
        """
        it = threading.RLock()
        threading.Thread(target=hold, args=[it], name="T").start()
        time.sleep(0.1)
        it.acquire()  # waits
        """,
        "lock",
        "it",
        "def hold(it):\n    it.acquire(); time.sleep(SECONDS + 0.2); it.release()\n",
        holder="T",
    ),
    WaitRow(
        "attribute",
        "box = Box(); box.it = threading.Lock(); box.it.acquire(); later(box.it.release)\n"
        "box.it.acquire()  # waits",
        "lock",
        "box.it",
        "class Box:\n    pass\n",
    ),
    WaitRow(
        "element",
        "rows = [threading.Lock(), threading.Lock()]; rows[1].acquire(); later(rows[1].release)\n"
        "rows[1].acquire()  # waits",
        "lock",
        "rows[1]",
    ),
    WaitRow("event", "it = threading.Event(); later(it.set)\nit.wait()  # waits", "event", "it"),
    WaitRow(
        "semaphore",
        "it = threading.Semaphore(0); later(it.release)\nit.acquire()  # waits",
        "semaphore",
        "it",
    ),
    WaitRow(
        "condition",
        "it = threading.Condition(); later(tell, it)\nwith it:\n    it.wait()  # waits",
        "condition",
        "it",
        "def tell(it):\n    with it:\n        it.notify()\n",
    ),
    WaitRow(
        "barrier", "it = threading.Barrier(2); later(it.wait)\nit.wait()  # waits", "barrier", "it"
    ),
    WaitRow(
        "queue-get", "it = queue.Queue(); later(it.put, 1)\nit.get()  # waits", "queue_get", "it"
    ),
    WaitRow(
        "queue-put",
        "it = queue.Queue(1); it.put(1); later(it.get)\nit.put(2)  # waits",
        "queue_put",
        "it",
    ),
    WaitRow(
        "queue-join",
        "it = queue.Queue(); it.put(1); later(it.task_done)\nit.join()  # waits",
        "queue_join",
        "it",
    ),
    WaitRow(
        "priority-queue",
        "it = queue.PriorityQueue(); later(it.put, 1)\nit.get()  # waits",
        "queue_get",
        "it",
    ),
    WaitRow(
        "simple-queue",
        "it = queue.SimpleQueue(); later(it.put, 1)\nit.get()  # waits",
        "queue_get",
        "it",
    ),
    WaitRow(
        "thread",
        "t = threading.Thread(target=time.sleep, args=[SECONDS], name='T'); t.start()\n"
        "t.join()  # waits",
        "thread",
        "T",
    ),
    WaitRow(
        "thread-pool",
        "pool = ThreadPoolExecutor(1); pool.submit(time.sleep, SECONDS)\npool.shutdown()  # waits",
        "shutdown",
        None,
    ),
    # programs, and whatever else blocks
    WaitRow("run", "subprocess.run(['sleep', '0.3'])  # waits", "program", "sleep"),
    WaitRow(
        "popen-wait",
        "p = subprocess.Popen(['sleep', '0.3'])\np.wait()  # waits",
        "program",
        "sleep",
    ),
    WaitRow(
        "check-output", "subprocess.check_output(['sleep', '0.3'])  # waits", "program", "sleep"
    ),
    WaitRow("system", "os.system('sleep 0.3')  # waits", "child", "os.system()"),
    WaitRow(
        "os-wait",
        "if os.fork() == 0:\n    time.sleep(SECONDS)\n    os._exit(0)\nos.wait()  # waits",
        "child",
        "os.wait()",
    ),
    WaitRow("asyncio", "asyncio.run(asyncio.sleep(SECONDS))  # waits", "loop", None),
    WaitRow(
        "read",
        "r, w = os.pipe(); later(os.write, w, b'x')\nos.read(r, 1)  # waits",
        "read",
        "os.read()",
    ),
    WaitRow(
        "write",
        "r, w = os.pipe(); later(os.read, r, 100_000)\nos.write(w, bytes(100_000))  # waits",
        "write",
        "os.write()",
    ),
    WaitRow(
        "socket",
        "a, b = socket.socketpair(); later(a.send, b'x')\nb.recv(1)  # waits",
        "socket",
        "b.recv()",
    ),
    WaitRow(
        "accept",
        "it = socket.create_server(('127.0.0.1', 0))\n"
        "later(socket.create_connection, it.getsockname())\nit.accept()  # waits",
        "socket",
        "it.accept()",
    ),
    WaitRow("select", "select.select([], [], [], SECONDS)  # waits", "select", "select.select()"),
    WaitRow(
        "pause",
        "signal.signal(signal.SIGALRM, lambda *_: None)\nsignal.setitimer(0, SECONDS)\n"
        "signal.pause()  # waits",
        "signal",
        "signal.pause()",
    ),
    WaitRow(
        "sigwait",
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\nsignal.setitimer(0, SECONDS)\n"
        "signal.sigwait([signal.SIGALRM])  # waits",
        "signal",
        "signal.sigwait()",
    ),
    WaitRow(
        "flock",
        "first, second = open('f', 'w'), open('f')\nfcntl.flock(first, fcntl.LOCK_EX)\n"
        "later(first.close)\nfcntl.flock(second, fcntl.LOCK_EX)  # waits",
        "file_lock",
        "fcntl.flock()",
    ),
    WaitRow(
        "fifo",
        "os.mkfifo('f'); later(os.open, 'f', os.O_WRONLY)\nos.open('f', os.O_RDONLY)  # waits",
        "call",
        "os.open()",
    ),
    WaitRow(
        "stopped",
        "pid = os.getpid()\nif os.fork() == 0:\n    stop(pid)\n    os._exit(0)\ntime.sleep(0.1)\n"
        "sum(range(30_000_000))\nos.wait()",
        "stopped",
        None,
        "def stop(pid):\n    time.sleep(SECONDS); os.kill(pid, signal.SIGSTOP)\n"
        "    time.sleep(SECONDS); os.kill(pid, signal.SIGCONT)\n",
    ),
    # whole programs
    _processes(
        "bounded-buffer",
        "for _ in range(5):\n    time.sleep(0.2); it.get()",
        "it = multiprocessing.Queue(2)\n" + START + "for n in range(5):\n    it.put(n)  # waits",
        "queue_put",
    ),
    WaitRow(
        "readers-and-writer",
        """
        book, writing = multiprocessing.Value("i"), multiprocessing.Lock()
        ps = [multiprocessing.Process(target=read, args=[book, writing]) for _ in range(2)]
        with writing:
            for p in ps:
                p.start()
            time.sleep(1.5)
        for p in ps:
            p.join()
        """,
        "lock",
        "writing",
        "def read(book, turn):\n    with turn:  # waits\n        print(book.value)\n",
        holder="main",
        who="P-1",
        methods=True,
    ),
    WaitRow(
        "philosophers",
        """
        forks = [multiprocessing.Lock() for _ in range(3)]
        pairs = [(forks[0], forks[1]), (forks[1], forks[2]), (forks[0], forks[2])]
        ps = [multiprocessing.Process(target=eat, args=pair) for pair in pairs]
        for p in ps:
            p.start()
        for p in ps:
            p.join()
        """,
        "lock",
        "forks[0]",
        "def eat(first, second):\n"
        "    with first:  # waits\n"
        "        with second:\n            time.sleep(SECONDS)\n",
        holder="P-1",
        who="P-3",
    ),
    # threads other than main
    _thread("thread-sleep", "time.sleep(SECONDS)  # waits", "it = 0", "sleep", object=None),
    _thread(
        "thread-lock",
        "with it:  # waits\n    pass",
        "it = threading.Lock(); it.acquire(); later(it.release)",
        "lock",
    ),
    _thread(
        "thread-lock-of-main",
        "time.sleep(0.1)\nwith it:  # waits\n    pass",
        "it = threading.Lock()",
        "lock",
        end="with it:\n    time.sleep(1)",
        holder="main",
    ),
    _thread(
        "thread-rlock-of-main",
        "it.acquire()  # waits",
        "it = threading.RLock(); it.acquire()",
        "lock",
        end="time.sleep(1); it.release()",
        holder="main",
    ),
    _thread(
        "thread-semaphore",
        "it.acquire()  # waits",
        "it = threading.Semaphore(0); later(it.release)",
        "semaphore",
    ),
    _thread("thread-event", "it.wait()  # waits", "it = threading.Event(); later(it.set)", "event"),
    _thread(
        "thread-condition",
        "with it:\n    it.wait()  # waits",
        "it = threading.Condition()",
        "condition",
        end="time.sleep(SECONDS)\nwith it:\n    it.notify()",
    ),
    _thread(
        "thread-barrier",
        "it.wait()  # waits",
        "it = threading.Barrier(2); later(it.wait)",
        "barrier",
    ),
    _thread(
        "thread-queue-get", "it.get()  # waits", "it = queue.Queue(); later(it.put, 1)", "queue_get"
    ),
    _thread(
        "thread-queue-put",
        "it.put(1); it.put(2)  # waits",
        "it = queue.Queue(1); later(it.get)",
        "queue_put",
    ),
    _thread(
        "thread-join",
        "it.start(); it.join()  # waits",
        "it = threading.Thread(target=time.sleep, args=[SECONDS], name='T')",
        "thread",
        object="T",
    ),
    _thread(
        "thread-read",
        "os.read(it, 1)  # waits",
        "it, w = os.pipe(); later(os.write, w, b'x')",
        "read",
        object="os.read()",
    ),
    _thread(
        "thread-of-a-pool",
        "time.sleep(SECONDS)  # waits",
        "it = 0",
        "sleep",
        object=None,
        start="pool = ThreadPoolExecutor(1); pool.submit(work, it).result()",
        who="main·W-1",
    ),
    WaitRow(
        "thread-of-a-pool-without-a-call",
        "pool = ThreadPoolExecutor(1); pool.submit(int).result(); time.sleep(1)",
        "idle",
        None,
        who="main·W-1",
    ),
    WaitRow(
        "threads-that-compute",
        "ts = [threading.Thread(target=compute, args=[time.monotonic() + 3]) for _ in range(2)]\n"
        "for t in ts:\n    t.start()\nfor t in ts:\n    t.join()",
        "gil",
        None,
        "def compute(end):\n    while time.monotonic() < end:\n        sum(range(1000))\n",
        who="main·Thread-1",
        holder="Thread-2",
    ),
    # asyncio
    _task("task-sleep", "await asyncio.sleep(SECONDS)  # waits", "sleep", object=None),
    _task(
        "task-task",
        "await asyncio.create_task(asyncio.sleep(SECONDS), name='nap')  # waits",
        "task",
        object="sleep(nap)",
    ),
    _task(
        "task-gather",
        "await asyncio.gather(asyncio.sleep(SECONDS), asyncio.sleep(SECONDS))  # waits",
        "gather",
        object=None,
    ),
    _task(
        "task-wait",
        "await asyncio.wait([asyncio.create_task(asyncio.sleep(SECONDS))])  # waits",
        "gather",
        object=None,
    ),
    _task(
        "task-lock",
        "it = asyncio.Lock(); await it.acquire(); soon(it.release)\nasync with it:  # waits\n"
        "    pass",
        "lock",
    ),
    _task(
        "task-semaphore",
        "it = asyncio.Semaphore(0); soon(it.release)\nawait it.acquire()  # waits",
        "semaphore",
    ),
    _task("task-event", "it = asyncio.Event(); soon(it.set)\nawait it.wait()  # waits", "event"),
    _task(
        "task-queue-get",
        "it = asyncio.Queue(); soon(it.put_nowait, 1)\nawait it.get()  # waits",
        "queue_get",
    ),
    _task(
        "task-queue-put",
        "it = asyncio.Queue(1); await it.put(1); soon(it.get_nowait)\nawait it.put(2)  # waits",
        "queue_put",
    ),
    _task(
        "task-queue-join",
        "it = asyncio.Queue(); it.put_nowait(1); soon(it.task_done)\nawait it.join()  # waits",
        "queue_join",
    ),
    _task(
        "task-to-thread",
        "await asyncio.to_thread(time.sleep, SECONDS)  # waits",
        "executor",
        object="sleep()",
    ),
    _task(
        "task-run-in-executor",
        "await asyncio.get_running_loop().run_in_executor(None, time.sleep, SECONDS)  # waits",
        "executor",
        object=None,
    ),
    _task(
        "task-future",
        "it = asyncio.get_running_loop().create_future(); soon(it.set_result, 1)\n"
        "await it  # waits",
        "future",
        object=None,
    ),
    _task(
        "task-program",
        "p = await asyncio.create_subprocess_exec('sleep', '0.3')\nawait p.wait()  # waits",
        "program",
        object=None,
    ),
    _task(
        "task-stream",
        "a, b = socket.socketpair(); soon(a.send, b'x')\n"
        "reader, _ = await asyncio.open_connection(sock=b)\nawait reader.read(1)  # waits",
        "stream",
        object=None,
    ),
    _task(
        "task-async-for",
        "async for _ in numbers():\n    pass",
        "sleep",
        object=None,
        top="async def numbers():\n    await asyncio.sleep(SECONDS)  # waits\n    yield 1\n",
    ),
    _task(
        "task-without-a-turn",
        "other = asyncio.create_task(rest())\nawait asyncio.sleep(0)\ntime.sleep(1)\nawait other",
        "turn",
        object=None,
        top="async def rest():\n    await asyncio.sleep(0.01)\n",
        who="main·rest(2)",
        holder="work(1)",
    ),
)
"""One row for each kind of object."""
