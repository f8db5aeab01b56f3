"""Batches from and to a store, with the pool: a stand-in for S3, in a process of its own.

What it takes to lose nothing under faults is tried by `tests/benchmarks/stores.py`.
"""

import json
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.commands import Marked, outputs, run
from tests.images.factories import picture
from tests.s3_server import BUCKET, SECRET, Server, s3_server
from tui_app.files.folder import Stamp
from tui_app.images.output import store_lock
from tui_app.images.output.lock import LockedError
from tui_app.images.output.store_lock import StoreLock
from tui_app.stores import opening
from tui_app.stores.errors import TakenError
from tui_app.stores.opening import store_of
from tui_app.stores.store import Store

pytestmark = pytest.mark.slow

NAMES = ("[x].jpg", "a b.png", "deep/ü.jpg", "q?x#y%20.webp")
URL = f"s3://{BUCKET}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    before = dict(os.environ)
    with s3_server() as made:
        os.environ.update(made.env)
        # What this process has opened already is the server of another test module's turn.
        opening._shared.clear()
        yield made
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def store(server: Server) -> Store:
    found, _name = store_of(URL)
    for entry in found.entries("", recursive=True)[0]:
        found.remove(entry.name)
    return found


def test_a_batch_from_s3_to_s3_is_a_local_one_s_and_goes_on(
    server: Server, store: Store, where: Marked, tmp_path: Path
) -> None:
    for number, name in enumerate(NAMES):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture((300, 200 + number)).save(path)
        store.write(f"photos/{name}", path.read_bytes())
    s3 = Marked({**where.env, **server.env}, where.mark)

    def batch(source: str, output: str) -> list[dict[str, object]]:
        words = ("batch", source, "-o", output, "-r", "--fit", "50", "--report", "report.csv")
        done = run(*words, "--json", "--retries", "1", where=s3, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert SECRET not in done.stdout + done.stderr + (tmp_path / "report.csv").read_text()
        return [json.loads(line) for line in done.stdout.splitlines()]

    batch("photos", "out")
    (tmp_path / "report.csv").unlink()
    events = batch(f"{URL}/photos", f"{URL}/out")
    assert sum(event["event"] == "task_finished" for event in events) == len(NAMES)
    listed = [entry.name for entry in store.entries("out", recursive=True)[0]]
    made = {n: store.read(f"out/{n}") for n in listed if not n.startswith(".procession")}
    expected = outputs(tmp_path / "out")
    assert made == {name: data for name, data in expected.items() if isinstance(data, bytes)}
    assert not [name for name in listed if name.endswith(("lock", ".clock", ".probe"))]

    server.calls()
    events = batch(f"{URL}/photos", f"{URL}/out")
    assert sum(bool(event.get("before")) for event in events) == len(NAMES)
    written = [call for call in server.calls() if call.startswith(f"PUT /{BUCKET}/out/")]
    assert [call for call in written if "/.procession/" not in call] == []


def test_of_many_who_write_one_name_one_does(store: Store) -> None:
    def write(number: int) -> bool:
        try:
            store.write_new("name", b"%d" % number)
        except TakenError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(8))) == 1
    there = store.entry("name")
    assert there is not None
    first = there.stamp
    second = store.write_over("name", b"later", first)
    with pytest.raises(TakenError):
        store.write_over("name", b"too late", first)
    with pytest.raises(TakenError):
        store.write_over("none", b"", first)
    assert store.write_over("name", b"last", second) == store.write_new("name", b"last")


def test_keys_that_are_folders_are_no_files(store: Store) -> None:
    for name in ("in/a.jpg/", "in/b/", "in/c.jpg"):
        store._system.call_s3("put_object", Bucket=BUCKET, Key=name, Body=b"x")
    assert [entry.name for entry in store.entries("in", recursive=True)[0]] == ["c.jpg"]
    entries, below = store.entries("in", recursive=False)
    assert ([entry.name for entry in entries], below) == (["c.jpg"], 2)


def lock(run: str = "one") -> StoreLock:
    return StoreLock(f"{URL}/out", run, lambda why: None)


def test_a_lock_keeps_others_out_until_it_is_released(store: Store) -> None:
    held = lock()
    assert held.kept
    with pytest.raises(LockedError, match=f"process {os.getpid()} on"):
        lock("two")
    held.release()
    lock("two").release()
    assert store.entries("out", recursive=True) == ([], 0)


def test_a_dead_run_s_lock_is_taken_over_at_once_and_another_machine_s_in_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = store_lock._Holder(
        "dead", socket.gethostname(), os.getpid(), psutil.Process().create_time()
    )
    # A pid that was given again to another process.
    store.write("out/.procession/lock", bytes(replace(me, started=1.0)))
    lock().release()
    store.write("out/.procession/lock", bytes(replace(me, host="elsewhere")))
    with pytest.raises(LockedError, match="elsewhere"):
        lock()
    monkeypatch.setattr(store_lock, "LEASE_SECONDS", -1.0)
    lock().release()


def test_a_lock_that_is_taken_over_stops_its_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_lock, "BEAT_SECONDS", 0.05)
    said: list[str] = []
    held = StoreLock(f"{URL}/out", "one", said.append)
    store.write("out/.procession/lock", b"another's")
    assert held._left.wait(20)
    assert said == [f"another run has taken over {URL}/out"]
    held.release()
    assert store.read("out/.procession/lock") == b"another's"


def test_a_stamp_tells_that_an_object_has_changed(store: Store) -> None:
    first = store.write("a", b"one")
    assert isinstance(first, Stamp)
    assert store.write("a", b"two").bytes == first.bytes
    there = store.entry("a")
    assert there is not None
    assert there.stamp != first
    assert store.write("a", b"one") == first
