"""What a slice of a trace tells besides its name: the arguments that Perfetto shows."""

from __future__ import annotations

from tui_app.events import TaskFailed, TaskFinished, TaskRetried, TaskSkipped, Waiting


def about_wait(wait: Waiting) -> dict[str, object]:
    """Return what is known of a wait."""
    fields = ("object", "holder", "file", "line", "timeout", "count", "bound")
    return {"kind": str(wait.kind), **{name: getattr(wait, name) for name in fields}}


def outcome(event: TaskFinished | TaskFailed | TaskSkipped | TaskRetried) -> dict[str, object]:
    """Return what became of a task, or of an attempt."""
    match event:
        case TaskFinished():
            numbers = {
                name: value
                for name, value in event.result.items()
                if isinstance(value, int | float)
            }
            return {"outcome": "done", "seconds": event.seconds, **numbers}
        case TaskSkipped():
            return {"outcome": "stopped" if event.stopped else "skipped", "reason": event.reason}
    return {
        "outcome": "failed" if isinstance(event, TaskFailed) else "retried",
        "step": event.step,
        "error": event.error,
        "reason": event.reason,
    }
