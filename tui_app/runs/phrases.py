"""A run in words: its state, its progress, its summary; the same with and without a screen.

One value as text is in `formatting.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui_app.language import N_, NN_, _, counted, grouped
from tui_app.runs.formatting import byte_size, clock, duration
from tui_app.runs.log import PLAYED
from tui_app.runs.view import RunState, Snapshot
from tui_app.summary import Summary

STATE_MARKS = {
    RunState.IDLE: N_("○ ready"),
    RunState.RUNNING: N_("● running"),
    RunState.OK: N_("✓ done"),
    RunState.FAILED: N_("✗ failed"),
    RunState.CANCELLED: N_("■ cancelled"),
}


@dataclass(frozen=True, slots=True)
class _TaskWords:
    """What the tasks of a kind of run are called, in English."""

    title: str
    all: str
    rate: str
    number: tuple[str, str]


_TASKS = _TaskWords(
    N_("Task"), N_("of all tasks"), N_("{rate} tasks/s"), NN_("{n} task", "{n} tasks")
)
_WORDS = {
    "batch": _TaskWords(
        N_("Image"), N_("of all images"), N_("{rate} images/s"), NN_("{n} image", "{n} images")
    ),
    "samples": _TaskWords(
        N_("Photograph"),
        N_("of all photographs"),
        N_("{rate} photographs/s"),
        NN_("{n} photograph", "{n} photographs"),
    ),
}


def _words(kind: str) -> _TaskWords:
    return _WORDS.get(kind, _TASKS)


def task_title(kind: str) -> str:
    """Return the heading of a column of tasks of that kind of run: `Image`."""
    return _(_words(kind).title)


def count_tasks(kind: str, number: int) -> str:
    """Return a number of tasks of that kind of run: `3 images`."""
    return counted(number, *_words(kind).number)


def count_cpus(number: int) -> str:
    """Return a number of CPUs: `2 CPUs`."""
    return counted(number, "{n} CPU", "{n} CPUs")


def count_workers(number: int) -> str:
    """Return a number of workers: `2 workers`."""
    return counted(number, "{n} worker", "{n} workers")


def failed_tasks(kind: str, number: int) -> str:
    """Return how many tasks of that kind of run failed: `3 images failed`."""
    return _("{tasks} failed").format(tasks=count_tasks(kind, number))


def _rate(kind: str, rate: float) -> str:
    return _(_words(kind).rate).format(rate=f"{rate:.1f}")


def _counts(counts: Summary | Snapshot, tasks: str, failed: str) -> list[str]:
    """Return how many tasks of how many are done, were done before, failed, were skipped."""
    done, skipped = counts.ok + counts.before, counts.skipped - counts.before
    parts = [_("{ok} of {tasks} done").format(ok=grouped(done), tasks=tasks)]
    if counts.before:
        parts.append(counted(counts.before, "{n} of them before", "{n} of them before"))
    if failed:
        parts.append(failed)
    if skipped:
        parts.append(counted(skipped, "{n} skipped", "{n} skipped"))
    return parts


def outcome_sentence(kind: str, summary: Summary) -> str:
    """Return how a run of that kind ended: how many tasks of how many, in one sentence."""
    tasks = count_tasks(kind, summary.tasks)
    parts = _counts(summary, tasks, _failed(summary.failed))
    if summary.retried:
        parts.append(counted(summary.retried, "{n} tried again", "{n} tried again"))
    if summary.left:
        parts.append(counted(summary.left, "{n} not done", "{n} not done"))
    return ", ".join(parts)


def summary_rows(kind: str, summary: Summary) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of the timing summary: a name, a value, and what it means."""
    yield _("Wall time"), f"{summary.wall:.2f} s", _("start to end")
    yield _("Work"), f"{summary.work:.2f} s", _(_words(kind).all)
    if summary.work:
        yield _("Speed-up"), f"{summary.speed_up:.2f} x", _("work / wall time")
        yield _("Efficiency"), f"{summary.efficiency:.0%}", _efficiency(kind, summary)
    if summary.megapixels:
        pace = f"{summary.megapixels_per_second:.0f} MP/s"
        yield _("Pace"), pace, _rate(kind, summary.ok / summary.wall)
    if summary.bytes_in:
        written = _("written {size}").format(size=byte_size(summary.bytes_out))
        yield _("Read"), byte_size(summary.bytes_in), written
    elif summary.bytes_out:
        yield _("Written"), byte_size(summary.bytes_out), ""
    if summary.slowest:
        yield _("Slowest"), f"{summary.slowest_seconds:.2f} s", summary.slowest


def _efficiency(kind: str, summary: Summary) -> str:
    if summary.efficiency <= 1.05:
        return _("speed-up / {cpus}").format(cpus=count_cpus(summary.cpus))
    # Tasks that share a CPU wait for each other, and their waiting counts as work.
    return _("tasks waited") if kind in PLAYED else _("tasks shared CPUs")


def busy_words(summary: Summary) -> list[str]:
    """Return which share of the time each process, or thread, had work: `W-1 97%`."""
    return [
        f"{share.name}{f'.{share.thread}' if share.thread is not None else ''} {share.share:.0%}"
        for share in summary.processes
    ]


def progress_sentence(snapshot: Snapshot) -> str:
    """Return how far a run is, in words of a fixed width."""
    total = grouped(snapshot.tasks)
    ended = f"{grouped(snapshot.ended):>{len(total)}}"
    parts = [_("{ended} of {total}").format(ended=ended, total=total), f"{snapshot.fraction:>4.0%}"]
    if snapshot.summary is None and not snapshot.played:
        time = clock(snapshot.eta) if snapshot.eta is not None else "-:--"
        parts.append(_("ETA {time}").format(time=f"{time:>5}"))
    return "   ".join(parts)


def failed_words(snapshot: Snapshot) -> str:
    """Return how many tasks failed; empty where none did."""
    return _failed(snapshot.failed) if snapshot.failed else ""


def _failed(number: int) -> str:
    return counted(number, "{n} failed", "{n} failed")


def _held_words(in_hand: int) -> str:
    if not in_hand:
        return _("held: nothing is in hand; H goes on")
    return counted(
        in_hand,
        "held: {n} image in hand goes on; H goes on",
        "held: {n} images in hand go on; H goes on",
    )


def status_sentence(snapshot: Snapshot) -> str:
    """Return the status line: state, time, counts, pace; after the end, its reason if any."""
    parts = [f"{_(STATE_MARKS[snapshot.state])}  {duration(snapshot.elapsed)}"]
    done, *others = _counts(snapshot, grouped(snapshot.tasks), failed_words(snapshot))
    if snapshot.running and snapshot.held is None:
        others.insert(0, counted(snapshot.running, "{n} running", "{n} running"))
    parts.append(", ".join([done, *others]))
    if snapshot.held is not None:
        parts.append(_held_words(snapshot.held))
        return "   ".join(parts)
    if snapshot.reason:
        parts.append(snapshot.reason)
    elif snapshot.summary is not None and snapshot.summary.work:
        parts.append(
            _("{speed_up} x · {efficiency} of {cpus}").format(
                speed_up=f"{snapshot.summary.speed_up:.2f}",
                efficiency=f"{snapshot.summary.efficiency:.0%}",
                cpus=count_cpus(snapshot.summary.cpus),
            )
        )
    elif snapshot.tasks_per_second:
        parts.append(_rate(snapshot.kind, snapshot.tasks_per_second))
    return "   ".join(parts)
