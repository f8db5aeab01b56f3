"""A Dask cluster: what it costs, and that nothing is lost when parts of it are.

    python -m tests.benchmarks.cluster [PART …] [--images N] [--tasks N]

Run by hand; takes minutes. The parts, all by default:

- `photographs`: the 15 samples, on three workers and by the local pool: same outputs, as fast.
- `workers`: N images while one of three workers is killed, and another one joins.
- `client`: the same, while the app is killed; then the same command again.
- `scheduler`: the same, while the scheduler is killed, and started anew.
- `tls`: a batch over `tls://`, with certificates made here by `openssl`.
- `tasks`: N small tasks: memory of the app, and what a task and a call cost.
- `sleepers`: a hundred workers that only sleep, beside what arithmetic says.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from PIL import Image

from tests.benchmarks.figures import Figure, print_figures
from tests.clusters import DaskCluster, dask_cluster
from tests.commands import Marked, marked, outputs, read_until, started
from tests.engine import work
from tui_app.engine.run import Run
from tui_app.engine.spec import Cluster, ExecutorKind, Limits, Pool, RunSpec, Task
from tui_app.events import RunFinished, TaskFinished
from tui_app.images.output.journal_lines import Made, from_line

ROUNDS = 5
SLEEPERS = 100


@dataclass(frozen=True, slots=True)
class Bench:
    """What the parts share."""

    folder: Path
    where: Marked
    images: int
    tasks: int

    @contextmanager
    def cluster(self, name: str, hosts: int = 3) -> Iterator[DaskCluster]:
        """A cluster of so many workers on this machine."""
        with dask_cluster(self.folder / name, ["127.0.0.1"] * hosts) as cluster:
            yield cluster

    def photos(self) -> Path:
        """A folder with as many small images as were asked for."""
        into = self.folder / "images"
        if not into.exists():
            into.mkdir()
            noise = Image.effect_mandelbrot((640, 480), (-2, -1.2, 1, 1.2), 60).convert("RGB")
            for number in range(self.images):
                noise.rotate(number % 360).save(into / f"image-{number:05}.jpg")
        return into

    def run(self, *words: str) -> tuple[int, str, str]:
        """Runs the command; returns its exit code, and what it wrote."""
        with started(*words, where=self.where, cwd=self.folder) as app:
            out, said = app.communicate()
            return app.returncode, out, said

    def words(self, cluster: DaskCluster, into: Path) -> list[str]:
        """The words of a batch on that cluster."""
        on = ["--executor", "dask", "--scheduler", cluster.address]
        return ["batch", str(self.photos()), "-o", str(into), *on]


def made(into: Path) -> Counter[str]:
    """How often each output was made, by the journal."""
    lines = (line for file in into.glob(".procession*/journal*") for line in file.open("rb"))
    return Counter(said.output for line in lines if isinstance(said := from_line(line), Made))


def ends(lines: Sequence[str]) -> Counter[int]:
    """How often each task ended."""
    events = [json.loads(line) for line in lines if line.strip()]
    kinds = ("task_finished", "task_failed", "task_skipped")
    return Counter(event["task"] for event in events if event["event"] in kinds)


def nothing_left(bench: Bench) -> Figure:
    """How many processes of the command are left."""
    left = len(bench.where.left(10.0))
    return Figure("processes left", left, 0, "", "")


def photographs(bench: Bench) -> Iterator[Figure]:
    """The samples, by a cluster and by as many local workers, in turn."""
    assert bench.run("samples")[0] == 0
    source = bench.folder / "cache" / "procession"
    walls: dict[str, list[float]] = {"dask": [], "local": []}
    results = {}
    with bench.cluster("photographs") as cluster:
        for process in cluster.marked.processes():
            # As the local pool's workers are.
            process.nice(10)
        ways = {
            "dask": ["--executor", "dask", "--scheduler", cluster.address],
            "local": ["--workers", "3"],
        }
        for _round in range(ROUNDS + 1):
            for way, words in ways.items():
                into = bench.folder / f"photographs-{way}"
                samples = next(source.rglob("*.jpg")).parent
                named = ["batch", str(samples), "-o", str(into), "--fresh", "--json"]
                code, out, said = bench.run(*named, *words)
                assert code == 0, said
                walls[way].append(json.loads(out.splitlines()[-1])["summary"]["wall"])
                results[way] = outputs(into)
    same = sum(results["dask"][name] != what for name, what in results["local"].items())
    yield Figure(
        "outputs that differ from the local pool's", same, 0, "", f"of {len(results['local'])}"
    )
    # In the first round the workers import what they need.
    dask, local = (statistics.median(walls[way][1:]) for way in ("dask", "local"))
    said = f"{dask:.2f} s and {local:.2f} s, medians of {ROUNDS}"
    yield Figure("wall time / the local pool's", dask / local, 1.15, "x", said)


def workers(bench: Bench) -> Iterator[Figure]:
    """One of three workers is killed, and another one joins."""
    into = bench.folder / "workers"
    with (
        bench.cluster("workers-cluster") as cluster,
        started(*bench.words(cluster, into), "--json", where=bench.where, cwd=bench.folder) as app,
    ):
        lines = read_until(app, "task_finished", bench.images // 5)
        cluster.kill("alice-2")
        lines += read_until(app, "task_finished", bench.images // 5)
        cluster.start_worker("alice-4")
        rest, said = app.communicate()
        lines += rest.splitlines()
        names = {json.loads(line).get("name") for line in lines if '"process_started"' in line}
        yield Figure("exit code", app.returncode, 0, "", said.strip()[-60:])
        yield nothing_left(bench)
    counted = ends(lines)
    yield Figure("images that ended not once", sum(n != 1 for n in counted.values()), 0, "", "")
    yield Figure("images that ended", len(counted), None, "", "", least=bench.images)
    yield Figure("outputs", len(outputs(into)), None, "", "", least=bench.images)
    yield Figure("workers seen", len(names), None, "", ", ".join(sorted(names)), least=4)


def client(bench: Bench) -> Iterator[Figure]:
    """The app is killed; the same command goes on."""
    into = bench.folder / "client"
    with bench.cluster("client-cluster") as cluster:
        words = bench.words(cluster, into)
        with started(*words, "--json", where=bench.where, cwd=bench.folder) as app:
            read_until(app, "task_finished", bench.images // 3)
            app.kill()
            app.communicate()
        # What workers have in hand goes on to its end.
        time.sleep(2.0)
        before = made(into)
        yield nothing_left(bench)
        code, _out, told = bench.run(*words, "--json")
        after = made(into)
    yield Figure("exit code of the second run", code, 0, "", told[-60:])
    twice = sum(after[name] > times for name, times in before.items() if times)
    yield Figure("journalled before the kill", sum(before.values()), None, "", "", least=1)
    yield Figure("of these made again", twice, 0, "", "")
    yield Figure("outputs", len(outputs(into)), None, "", "", least=bench.images)


def scheduler(bench: Bench) -> Iterator[Figure]:
    """The scheduler is killed; after it has been started anew the same command goes on."""
    into = bench.folder / "scheduler"
    with bench.cluster("scheduler-cluster") as cluster:
        words = bench.words(cluster, into)
        with started(*words, "--json", where=bench.where, cwd=bench.folder) as app:
            read_until(app, "task_finished", bench.images // 3)
            cluster.kill_scheduler()
            begun = time.monotonic()
            _rest, said = app.communicate()
            took = time.monotonic() - begun
        sentences = [line for line in said.splitlines() if "scheduler" in line]
        yield Figure("exit code", app.returncode, 1, "", "", least=1)
        yield Figure("sentences about it", len(sentences), 1, "", " | ".join(sentences), least=1)
        yield Figure("seconds until the end", took, 10, "s", "")
        yield nothing_left(bench)
        for name in list(cluster.workers):
            cluster.kill(name)
        cluster.start_scheduler()
        for number in range(5, 8):
            cluster.start_worker(f"alice-{number}")
        cluster.wait_for_workers()
        code, _out, told = bench.run(*words, "--json")
    yield Figure("exit code of the second run", code, 0, "", told[-60:])
    yield Figure("outputs", len(outputs(into)), None, "", "", least=bench.images)


def tls(bench: Bench) -> Iterator[Figure]:
    """A batch over an encrypted connection."""
    key, cert = bench.folder / "key.pem", bench.folder / "cert.pem"
    new = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    files = ["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*new, *files], check=True, capture_output=True)
    options = ["--tls-ca-file", str(cert), "--tls-cert", str(cert), "--tls-key", str(key)]
    own = ["--protocol", "tls"]
    into = bench.folder / "tls"
    with dask_cluster(bench.folder / "tls-cluster", ["127.0.0.1"], [*own, *options]) as cluster:
        words = bench.words(cluster, into)
        code, _out, told = bench.run(*words)
        yield Figure(
            "exit code without certificates",
            code,
            2,
            "",
            told.strip()[-99:],
            least=2,
        )
        named = ["--tls-ca", str(cert), "--tls-cert", str(cert), "--tls-key", str(key)]
        code, _out, told = bench.run(*words, *named)
        yield Figure("exit code with certificates", code, 0, "", cluster.address)
        yield Figure("outputs", len(outputs(into)), None, "", "", least=bench.images)


async def play(
    cluster: DaskCluster, tasks: Iterator[Task], count: int, **limits: float
) -> tuple[float, list[int]]:
    """Runs tasks; returns the seconds that it took, and the memory of this process meanwhile."""
    pool = Pool(ExecutorKind.DASK, cluster=Cluster(cluster.address))
    spec = RunSpec(
        kind="batch",
        title="t",
        tasks=count,
        weight=count,
        pool=pool,
        limits=Limits(**limits),  # type: ignore[arg-type]
    )
    me, memory, finished, wall = psutil.Process(), [], 0, 0.0
    async with aclosing(Run(tasks, spec).events()) as events:
        async for event in events:
            if isinstance(event, TaskFinished):
                finished += 1
                if finished % max(1, count // 20) == 0:
                    memory.append(me.memory_info().rss)
            elif isinstance(event, RunFinished):
                wall = event.t
    assert finished == count, f"{finished} of {count}"
    return wall, memory


def small(count: int) -> Iterator[Task]:
    """So many tasks that do nothing."""
    return (Task(f"task {number}", work.double, number) for number in range(count))


def tasks(bench: Bench) -> Iterator[Figure]:
    """Very many tasks that do nothing: what each costs, and what the app remembers of them."""
    with bench.cluster("tasks-cluster") as cluster:
        asyncio.run(play(cluster, small(1000), 1000))
        alone = max(1000, bench.tasks // 50)
        wall, _memory = asyncio.run(play(cluster, small(alone), alone, timeout=600.0))
        yield Figure(
            "cost of a task in a call of its own", 1000 * wall / alone, None, "ms", f"{alone} tasks"
        )
        wall, memory = asyncio.run(play(cluster, small(bench.tasks), bench.tasks))
        yield Figure(
            "cost of a task, several a call",
            1000 * wall / bench.tasks,
            None,
            "ms",
            f"{bench.tasks} tasks",
        )
        grown = (memory[-1] - memory[1]) / 1e6
        yield Figure(
            "memory that the app grows by", grown, 30, "MB", f"{memory[-1] / 1e6:.0f} MB in all"
        )
        scheduler_ = cluster.scheduler
        assert scheduler_ is not None
        used = psutil.Process(scheduler_.pid).memory_info().rss / 1e6
        yield Figure("memory of the scheduler", used, None, "MB", "")


def sleepers(bench: Bench) -> Iterator[Figure]:
    """A hundred workers that only sleep, and what arithmetic says of them."""
    with bench.cluster("sleepers-cluster", hosts=0) as cluster:
        for number in range(4):
            cluster.start_worker(
                f"sleepers-{number}", "127.0.0.1", "--nthreads", str(SLEEPERS // 4), "--no-nanny"
            )
        cluster.wait_for_workers()
        asyncio.run(play(cluster, small(200), 200))
        count = 5 * SLEEPERS
        # So short that a hundred workers could do 2,000 a second: the scheduler cannot.
        naps = (Task(f"nap {number}", work.nap, 0.05) for number in range(count))
        wall, _memory = asyncio.run(play(cluster, naps, count, timeout=600.0))
        cost = wall / count
        yield Figure("cost of a task", 1000 * cost, None, "ms", f"{SLEEPERS} workers")
        for seconds in (2.0, 1.0, 0.5, 0.25):
            naps = (Task(f"nap {number}", work.nap, seconds) for number in range(count))
            wall, _memory = asyncio.run(play(cluster, naps, count, timeout=600.0))
            said = max(count * seconds / SLEEPERS, count * cost)
            yield Figure(
                f"naps of {seconds:g} s: wall / arithmetic",
                wall / said,
                1.5,
                "x",
                f"{wall:.1f} s, {said:.1f} s by arithmetic",
            )


PARTS: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "photographs": photographs,
    "workers": workers,
    "client": client,
    "scheduler": scheduler,
    "tls": tls,
    "tasks": tasks,
    "sleepers": sleepers,
}


def main() -> None:
    """Plays the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all by default")
    parser.add_argument("--images", type=int, default=2_000)
    parser.add_argument("--tasks", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, marked(Path(name)) as where:
        bench = Bench(Path(name), where, asked.images, asked.tasks)
        missed = 0
        for part in asked.parts or PARTS:
            print(f"\n{part}", flush=True)
            missed += print_figures(PARTS[part](bench))
    raise SystemExit(missed)


if __name__ == "__main__":
    main()
