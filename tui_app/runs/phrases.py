"""A run in words: its state, its progress, its summary; the same with and without a screen.

One value as text is in `formatting.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui_app.language import N_, NN_, _, counted, grouped
from tui_app.runs.formatting import byte_size, clock, duration, exact_duration
from tui_app.runs.log import PLAYED
from tui_app.runs.view import RunState, Snapshot
from tui_app.script.process_names import MAIN
from tui_app.summary import Summary

STATE_MARKS = {
    RunState.IDLE: N_("○ ready"),
    RunState.RUNNING: N_("● running"),
    RunState.OK: N_("✓ ended"),
    RunState.FAILED: N_("✗ failed"),
    RunState.CANCELLED: N_("■ cancelled"),
}
"""A run has ended; its tasks are done. One word for both would say that all of them went well."""

_ENDS = {
    RunState.OK: N_("✓ ended after {time}"),
    RunState.FAILED: N_("✗ failed after {time}"),
    RunState.CANCELLED: N_("■ cancelled after {time}"),
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
    if _is_main_alone(kind, summary):
        return _("the main process failed") if summary.failed else _("only the main process worked")
    tasks = count_tasks(kind, summary.tasks)
    parts = _counts(summary, tasks, _failed(summary.failed))
    if summary.retried:
        parts.append(counted(summary.retried, "{n} tried again", "{n} tried again"))
    parts += _left(summary)
    return ", ".join(parts)


def _left(summary: Summary) -> list[str]:
    return [counted(summary.left, "{n} not done", "{n} not done")] if summary.left else []


def _is_main_alone(kind: str, summary: Summary) -> bool:
    """Return whether a played script had no task but its main process, which is counted as one."""
    worked = [share.name for share in summary.processes if share.tasks]
    return kind in PLAYED and summary.tasks <= 1 and worked in ([], [MAIN])


def summary_rows(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of the timing summary of a run that has ended: name, value, meaning."""
    kind, summary = snapshot.kind, snapshot.summary
    assert summary is not None
    yield _("Wall time"), f"{summary.wall:.2f} s", _("start to end")
    yield _("Work"), f"{summary.work:.2f} s", _(_words(kind).all)
    if _fills_cpus(snapshot):
        yield _("Speed-up"), f"{summary.speed_up:.2f} x", _("work / wall time")
        meaning = _("speed-up / {cpus}").format(cpus=count_cpus(summary.cpus))
        yield _("Efficiency"), f"{summary.efficiency:.0%}", meaning
    elif snapshot.at_once and snapshot.tasks > 1:
        yield _("At once"), grouped(snapshot.at_once), _at_once_meaning(snapshot, summary.cpus)
    if summary.megapixels:
        pace = f"{summary.megapixels_per_second:.0f} MP/s"
        yield _("Pace"), pace, _rate(kind, summary.ok / summary.wall)
    if summary.bytes_in:
        written = _("written {size}").format(size=byte_size(summary.bytes_out))
        yield _("Read"), byte_size(summary.bytes_in), written
        if kind == "batch":
            yield _saved_row(summary)
    elif summary.bytes_out:
        yield _("Written"), byte_size(summary.bytes_out), ""
    if summary.slowest:
        yield _("Slowest"), f"{summary.slowest_seconds:.2f} s", summary.slowest


def _saved_row(summary: Summary) -> tuple[str, str, str]:
    """Return how many bytes less, or more, the outputs take than their sources."""
    saved = summary.bytes_in - summary.bytes_out
    share = f"{abs(saved) / summary.bytes_in:.0%}"
    if saved < 0:
        return _("Grown"), byte_size(-saved), _("{share} more").format(share=share)
    return _("Saved"), byte_size(saved), _("{share} less").format(share=share)


def _fills_cpus(snapshot: Snapshot) -> bool:
    """Return whether speed-up and efficiency mean something.

    They do where several tasks computed, and each had a CPU. The time of a task that slept, or
    shared its CPU with others, is longer than what it worked.
    """
    summary = snapshot.summary
    return (
        summary is not None
        and summary.work > 0
        and 1 < snapshot.at_once <= summary.cpus
        and not snapshot.slept
    )


def _at_once_meaning(snapshot: Snapshot, cpus: int) -> str:
    if snapshot.at_once <= cpus:
        return _("at most")
    if snapshot.slept:
        return _("sleeping needs no CPU")
    return _("tasks shared {cpus}").format(cpus=count_cpus(cpus))


def busy_title(snapshot: Snapshot) -> str:
    """Return what `busy_words` tell: how busy each process was, if no task slept."""
    return _("In a task") if snapshot.slept else _("Busy")


def busy_words(summary: Summary) -> list[str]:
    """Return which share of the time each process, or thread, had a task: `W-1 97%`."""
    return [
        f"{share.name}{f'.{share.thread}' if share.thread is not None else ''} {share.share:.0%}"
        for share in summary.processes
    ]


def progress_sentence(snapshot: Snapshot) -> str:
    """Return how far a run is, in words of a fixed width.

    Of a played script nobody knows how much it will do: it has neither percent nor an end.
    """
    if snapshot.played and not snapshot.tasks:
        return duration(snapshot.elapsed)
    total = grouped(snapshot.tasks)
    ended = f"{grouped(snapshot.ended):>{len(total)}}"
    parts = [_("{ended} of {total}").format(ended=ended, total=total)]
    if not snapshot.played:
        parts.append(f"{snapshot.fraction:>4.0%}")
        if snapshot.summary is None:
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


def state_sentence(snapshot: Snapshot) -> str:
    """Return the state of a run and its time so far, or after what time it ended."""
    if end := _ENDS.get(snapshot.state):
        return _(end).format(time=exact_duration(snapshot.elapsed))
    mark = _(STATE_MARKS[snapshot.state])
    return mark if snapshot.state is RunState.IDLE else f"{mark}  {duration(snapshot.elapsed)}"


def status_sentence(snapshot: Snapshot) -> str:
    """Return the status line: state, time, counts, pace; after the end, its reason if any."""
    parts = [state_sentence(snapshot), ", ".join(_status_counts(snapshot))]
    if (dead := deadlock_sentence(snapshot)) and snapshot.summary is None:
        return "   ".join([parts[0], dead])
    summary = snapshot.summary
    if snapshot.held is not None:
        parts.append(_held_words(snapshot.held))
    elif snapshot.reason:
        parts.append(snapshot.reason)
    elif summary is not None and _fills_cpus(snapshot):
        parts.append(
            _("{speed_up} x · {efficiency} of {cpus}").format(
                speed_up=f"{summary.speed_up:.2f}",
                efficiency=f"{summary.efficiency:.0%}",
                cpus=count_cpus(summary.cpus),
            )
        )
    elif summary is not None:
        if snapshot.at_once and snapshot.tasks > 1:
            parts.append(counted(snapshot.at_once, "one at a time", "{n} at once"))
    elif snapshot.tasks_per_second and not snapshot.played:
        parts.append(_rate(snapshot.kind, snapshot.tasks_per_second))
    return "   ".join(filter(None, parts))


def deadlock_sentence(snapshot: Snapshot) -> str:
    """Return who can never go on; empty where nobody is known to."""
    names = [row.name for row in snapshot.rows if row.deadlocked]
    if not names:
        return ""
    return _("deadlock: {names} can never go on").format(names=", ".join(names))


def _status_counts(snapshot: Snapshot) -> list[str]:
    """Return how far the tasks are; nothing where there are none that one could count."""
    summary = snapshot.summary
    if not snapshot.tasks or (summary is not None and _is_main_alone(snapshot.kind, summary)):
        return []
    done, *others = _counts(snapshot, grouped(snapshot.tasks), failed_words(snapshot))
    awake = snapshot.running - snapshot.sleeping
    if snapshot.sleeping:
        others.insert(0, counted(snapshot.sleeping, "{n} sleeping", "{n} sleeping"))
    if awake and snapshot.held is None:
        others.insert(0, counted(awake, "{n} running", "{n} running"))
    return [done, *others, *(_left(summary) if summary is not None else [])]
