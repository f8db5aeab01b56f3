"""A batch from and to a store: a stand-in for S3 that works, is slow, refuses, and is killed over.

    python -m tests.benchmarks.stores [IMAGES [PART …]]

Each line tells what was done and how long it took. Ends with how many things went wrong: an output
that differs from a local run's, an image that ended more than once or not at all, something that
was made twice, a secret that was told, a process that was left.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.clusters import dask_cluster
from tests.commands import Marked, marked, outputs, read_until, run, started, tree
from tests.images.factories import picture
from tests.s3_server import BUCKET, KEY, SECRET, Server, s3_server
from tui_app.stores.opening import store_of
from tui_app.stores.store import Store

ODD_NAMES = (
    "[x].jpg",
    "a b.jpg",
    "ü.jpg",
    "q?x#y.jpg",
    "per%20c.jpg",
    "*.jpg",
    "sub/z.jpg",
    "a::b.jpg",
)
NO_NAMES = ("key.jpg/", "x/../y.jpg")
"""Names of a store that no folder can have: the first stands for a folder, the second fails."""

PARTS = (
    "undisturbed",
    "every_tenth_refused",
    "refused_in_mid_run",
    "slow",
    "killed",
    "two_at_once",
    "on_a_cluster",
    "secrets",
)
"""The trials, in their order."""

ENDS = ("task_finished", "task_failed", "task_skipped")
PLANTED = "PLANTED-secret-0123456789"


class Trial:
    """One trial after another, in a folder of its own, and what went wrong."""

    def __init__(self, server: Server, where: Marked, folder: Path, images: int) -> None:
        self.server, self.where, self.folder = server, where, folder
        self.told: list[str] = []
        self.wrong = 0
        photos = folder / "photos"
        whole = picture((1400, 1000))
        names = [*(f"{n:03}.jpg" for n in range(images)), *ODD_NAMES]
        for number, name in enumerate(names):
            (photos / name).parent.mkdir(parents=True, exist_ok=True)
            whole.crop((0, 0, 1400 - number, 1000)).save(photos / name, quality=90)
        self.images = len(names)
        self.store: Store = store_of(f"s3://{BUCKET}")[0]
        for name, data in tree(photos).items():
            if isinstance(data, bytes):
                self.store.write(f"photos/{name}", data)
        for name in NO_NAMES:
            self.store._system.call_s3(
                "put_object",
                Bucket=BUCKET,
                Key=f"odd/{name}",
                Body=(photos / "000.jpg").read_bytes(),
            )
        self.batch("photos", "local")
        self.expected = outputs(folder / "local")

    def batch(self, source: str, output: str, *more: str) -> subprocess.CompletedProcess[str]:
        words = ("batch", source, "-o", output, "-r", "--fit", "400", "--json", *more)
        done = run(*words, where=self.where, cwd=self.folder)
        self.told += [done.stdout, done.stderr]
        return done

    def check(self, what: str, good: bool, more: object = "") -> None:
        self.wrong += not good
        print(f"{'' if good else 'WRONG  '}{what}{f': {more}' if more else ''}", flush=True)

    def outputs(self, prefix: str) -> dict[str, bytes]:
        names = [e.name for e in self.store.entries(prefix, recursive=True)[0]]
        return {
            n: self.store.read(f"{prefix}/{n}") for n in names if not n.startswith(".procession")
        }

    def same(self, what: str, prefix: str) -> None:
        files = {n: d for n, d in self.expected.items() if isinstance(d, bytes)}
        self.check(
            f"{what}: outputs are the local run's, byte for byte", self.outputs(prefix) == files
        )

    def ended_once(self, what: str, stdout: str) -> Counter[str]:
        events = list(_events(stdout))
        ends = Counter(e["task"] for e in events if e["event"] in ENDS)
        once = len(ends) == self.images and set(ends.values()) == {1}
        kinds = Counter(e["event"].removeprefix("task_") for e in events if e["event"] in ENDS)
        self.check(f"{what}: every image ended once", once, dict(kinds))
        return kinds

    def processes(self, what: str) -> None:
        self.check(f"{what}: no process is left", not self.where.left(15))

    def undisturbed(self) -> None:
        url = f"s3://{BUCKET}"
        for source, output in (
            (f"{url}/photos", f"{url}/both"),
            ("photos", f"{url}/out"),
            (f"{url}/photos", "from"),
        ):
            began = time.monotonic()
            done = self.batch(source, output, "--report", "report.csv", "--overwrite")
            what = f"{source} to {output}, {time.monotonic() - began:.1f} s"
            self.check(what, done.returncode == 0, done.stderr[-300:] if done.returncode else "")
        self.same("store to store", "both")
        self.same("folder to store", "out")
        self.check(
            "store to folder: outputs are the same", outputs(self.folder / "from") == self.expected
        )
        done = self.batch(f"{url}/odd", f"{url}/odd-out")
        self.check("a name with .. fails by its name", "'..'" in done.stdout or ".." in done.stderr)
        self.check("and nothing is made of it, nor of a folder", self.outputs("odd-out") == {})

    def every_tenth_refused(self) -> None:
        self.server.faults(every=10)
        done = self.batch(f"s3://{BUCKET}/photos", f"s3://{BUCKET}/tenth")
        self.server.faults()
        kinds = self.ended_once("every tenth call refused", done.stdout)
        reasons = Counter(e["reason"] for e in _events(done.stdout) if e["event"] == "task_failed")
        self.check("some failed, each with a reason", kinds["failed"] > 0, dict(reasons))
        made = set(self.journalled("tenth"))
        self.server.calls()
        done = self.batch(f"s3://{BUCKET}/photos", f"s3://{BUCKET}/tenth")
        self.resumed("every tenth call refused, then resumed", done, made, "tenth")

    def refused_in_mid_run(self) -> None:
        self.server.faults(writes=25)
        done = self.batch(f"s3://{BUCKET}/photos", f"s3://{BUCKET}/refused")
        self.server.faults()
        self.check(
            "writes refused in mid-run: exit code 1", done.returncode == 1, _last(done.stderr)
        )
        made = set(self.journalled("refused"))
        self.server.calls()
        done = self.batch(f"s3://{BUCKET}/photos", f"s3://{BUCKET}/refused")
        self.resumed("writes refused, then resumed", done, made, "refused")

    def slow(self) -> None:
        self.server.faults(slow=0.2)
        began = time.monotonic()
        done = self.batch(f"s3://{BUCKET}/photos", f"s3://{BUCKET}/slow")
        self.server.faults()
        self.ended_once(
            f"a store that takes 0.2 s a call, {time.monotonic() - began:.1f} s", done.stdout
        )
        self.same("a slow store", "slow")

    def killed(self) -> None:
        self.server.faults(slow=0.05)
        words = ("batch", f"s3://{BUCKET}/photos", "-o", f"s3://{BUCKET}/killed", "-r")
        with started(*words, "--fit", "400", "--json", where=self.where, cwd=self.folder) as client:
            self.told += read_until(client, "task_finished", self.images // 3)
            os.kill(client.pid, signal.SIGKILL)
            client.wait()
        self.processes("the client killed in mid-run")
        self.server.faults()
        made = set(self.journalled("killed"))
        self.server.calls()
        done = self.batch(f"s3://{BUCKET}/photos", f"s3://{BUCKET}/killed")
        self.resumed(f"killed with {len(made)} journalled, then resumed", done, made, "killed")

    def two_at_once(self) -> None:
        words = ("batch", f"s3://{BUCKET}/photos", "-o", f"s3://{BUCKET}/two", "-r")
        with started(*words, "--fit", "400", "--json", where=self.where, cwd=self.folder) as client:
            self.told += read_until(client, "task_finished", 1)
            # However busy this machine is, the first one is still at work.
            client.send_signal(signal.SIGSTOP)
            second = self.batch(f"s3://{BUCKET}/photos", f"s3://{BUCKET}/two")
            client.send_signal(signal.SIGCONT)
            refused = second.returncode == 2 and "another run" in second.stderr
            self.check("a second run is refused", refused, second.stderr.strip())
            client.communicate()
            self.check("and the first one goes on to its end", client.returncode == 0)
        self.same("two at once", "two")

    def on_a_cluster(self) -> None:
        """Dask's workers fetch and put by themselves: only URLs reach them."""
        with dask_cluster(self.folder / "cluster") as cluster:
            words = ("--executor", "dask", "--scheduler", cluster.address)
            urls = f"s3://{BUCKET}/photos", f"s3://{BUCKET}/by-dask"
            first = self.batch(*urls, *words)
            self.ended_once("on a cluster", first.stdout)
            self.same("on a cluster", "by-dask")
            again = self.batch(*urls, *words)
            ends = Counter(e["event"] for e in _events(again.stdout) if e["event"] in ENDS)
            self.check("on a cluster again", ends == {"task_skipped": self.images}, dict(ends))

    def secrets(self) -> None:
        config = self.folder / "fsspec"
        config.mkdir()
        (config / "s3.json").write_text(json.dumps({"s3": {"token": PLANTED}}))
        for url in (f"s3://{KEY}:{PLANTED}@{BUCKET}/photos", f"https://{PLANTED}@127.0.0.1/x"):
            done = self.batch(url, "refused-url")
            self.check("a secret in a URL is refused", done.returncode == 2, done.stderr.strip())
        report = ("--report", "secret.json", "--failures", "failed.txt")
        where = Marked({**self.where.env, "FSSPEC_CONFIG_DIR": str(config)}, self.where.mark)
        words = ("batch", f"s3://{BUCKET}/photos", "-o", f"s3://{BUCKET}/secret", *report)
        done = run(*words, where=where, cwd=self.folder)
        self.told += [done.stdout, done.stderr]
        wrong = Marked(
            {**where.env, "AWS_ENDPOINT_URL": f"http://u:{PLANTED}@127.0.0.1:9"}, where.mark
        )
        done = run(*words, where=wrong, cwd=self.folder)
        self.told += [done.stdout, done.stderr]
        self.check("an endpoint that is not there", done.returncode == 2, done.stderr.strip())
        everything = [text.encode() for text in self.told]
        for place in (
            self.folder,
            Path(self.where.env["HOME"]),
            Path(self.where.env["TMPDIR"]).parent,
        ):
            files = (
                path for path in place.rglob("*") if path.is_file() and config not in path.parents
            )
            everything += [path.read_bytes() for path in files]
        names = [e.name for e in self.store.entries("", recursive=True)[0]]
        everything += [self.store.read(name) for name in names]
        found = sum(secret.encode() in data for data in everything for secret in (SECRET, PLANTED))
        self.check(
            f"secrets in {len(everything)} texts, files and objects", not found, found or "none"
        )

    def resumed(self, what: str, done: Any, made: set[str], prefix: str) -> None:
        self.ended_once(what, done.stdout)
        before = [e["before"] for e in _events(done.stdout) if e["event"] == "task_skipped"]
        self.check(f"{what}: nothing is left alone but what was done", all(before))
        written = {
            call.removeprefix(f"PUT /{BUCKET}/{prefix}/")
            for call in self.server.calls()
            if call.startswith(f"PUT /{BUCKET}/{prefix}/")
        }
        self.check(f"{what}: nothing journalled is made twice", not written & made)
        self.same(what, prefix)

    def journalled(self, prefix: str) -> Iterable[str]:
        """The outputs that the journal tells of as they stand there."""
        from tui_app.images.output.journal_lines import Made
        from tui_app.images.output.store_journal import StoreJournal

        there = {e.name: e.stamp for e in self.store.entries(prefix, recursive=True)[0]}
        for line in StoreJournal(f"s3://{BUCKET}/{prefix}").lines():
            if isinstance(line, Made) and there.get(line.output) == line.stamp:
                yield line.output


def _events(stdout: str) -> Iterable[dict[str, Any]]:
    return map(json.loads, stdout.splitlines())


def _last(text: str) -> str:
    return next(iter(text.strip().splitlines()[-1:]), "")


def main(images: int, parts: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as made, s3_server() as server:
        os.environ.update(server.env)
        folder, home = Path(made, "work"), Path(made, "home")
        folder.mkdir()
        home.mkdir()
        os.environ["HOME"] = str(home)
        with marked(home) as where:
            trial = Trial(server, where, folder, images)
            for part in parts or PARTS:
                getattr(trial, part)()
            trial.processes("at the end")
    print(f"{trial.wrong} things went wrong")
    return int(trial.wrong > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 24, sys.argv[2:]))
