"""The timing summary and the state of a run in words, the same on the screen and off it."""

from __future__ import annotations

from collections.abc import Iterator

from tui_app.runs.log import PLAYED
from tui_app.runs.text import clock, count, seconds, size
from tui_app.runs.view import RunState, Snapshot
from tui_app.summary import Summary

STATE_MARKS = {
    RunState.IDLE: "○ ready",
    RunState.RUNNING: "● running",
    RunState.OK: "✓ done",
    RunState.FAILED: "✗ failed",
    RunState.CANCELLED: "■ cancelled",
}

NOUNS = {"batch": "image", "samples": "photograph"}


def noun(kind: str) -> str:
    """What a task of that kind of run is called."""
    return NOUNS.get(kind, "task")


def outcome_sentence(kind: str, summary: Summary) -> str:
    """How many of how many, in one sentence."""
    parts = [f"{summary.ok:,} of {count(summary.tasks, noun(kind))} done"]
    parts.append(f"{summary.failed:,} failed")
    if summary.skipped:
        parts.append(f"{summary.skipped:,} skipped")
    if summary.retried:
        parts.append(f"{summary.retried:,} tried again")
    if summary.left:
        parts.append(f"{summary.left:,} not begun")
    return ", ".join(parts)


def summary_rows(kind: str, summary: Summary) -> Iterator[tuple[str, str, str]]:
    """The timing summary: a name, a value, and what it means, for each row."""
    yield "Wall time", f"{summary.wall:.2f} s", "start to end"
    yield "Work", f"{summary.work:.2f} s", f"of all {noun(kind)}s"
    if summary.work:
        yield "Speed-up", f"{summary.speed_up:.2f} x", "work / wall time"
        # Tasks that share a CPU wait for each other, and their time counts all the same.
        shared = "tasks waited" if kind in PLAYED else "tasks shared CPUs"
        even = f"speed-up / {count(summary.cpus, 'CPU')}"
        meaning = shared if summary.efficiency > 1.05 else even
        yield "Efficiency", f"{summary.efficiency:.0%}", meaning
    if summary.megapixels:
        pace = f"{summary.ok / summary.wall:.1f} {noun(kind)}s/s"
        yield "Pace", f"{summary.megapixels_per_second:.0f} MP/s", pace
    if summary.bytes_in:
        yield "Read", size(summary.bytes_in), f"written {size(summary.bytes_out)}"
    elif summary.bytes_out:
        yield "Written", size(summary.bytes_out), ""
    if summary.slowest:
        yield "Slowest", f"{summary.slowest_seconds:.2f} s", summary.slowest


def busy_words(summary: Summary) -> list[str]:
    """How much of the time each process, or thread, had work: `W-1 97%`."""
    return [
        f"{share.name}{f'.{share.thread}' if share.thread is not None else ''} {share.share:.0%}"
        for share in summary.processes
    ]


def progress_sentence(snapshot: Snapshot) -> str:
    """How far a run is, in words of fixed width."""
    total = f"{snapshot.tasks:,}"
    parts = [
        f"{snapshot.ended:>{len(total)},} of {total}",
        f"{snapshot.fraction:>4.0%}",
    ]
    if snapshot.summary is None and not snapshot.played:
        parts.append(f"ETA {clock(snapshot.eta) if snapshot.eta is not None else '-:--':>5}")
    return "   ".join(parts)


def failed_words(snapshot: Snapshot) -> str:
    """How many failed; nothing where none did."""
    return f"{snapshot.failed:,} failed" if snapshot.failed else ""


def status_sentence(snapshot: Snapshot) -> str:
    """One line of truth: state, time, counts, pace; why it ended, where there is more to say."""
    parts = [f"{STATE_MARKS[snapshot.state]}  {seconds(snapshot.elapsed)}"]
    counts = [f"{snapshot.ok:,} of {snapshot.tasks:,} done"]
    if snapshot.running:
        counts.append(f"{snapshot.running} running")
    if snapshot.failed:
        counts.append(f"{snapshot.failed:,} failed")
    if snapshot.skipped:
        counts.append(f"{snapshot.skipped:,} skipped")
    parts.append(", ".join(counts))
    if snapshot.reason:
        parts.append(snapshot.reason)
    elif snapshot.summary is not None and snapshot.summary.work:
        cpus = count(snapshot.summary.cpus, "CPU")
        parts.append(
            f"{snapshot.summary.speed_up:.2f} x · {snapshot.summary.efficiency:.0%} of {cpus}"
        )
    elif snapshot.tasks_per_second:
        parts.append(f"{snapshot.tasks_per_second:.1f} {noun(snapshot.kind)}s/s")
    return "   ".join(parts)
