"""The kinds of exports: a file's ending says which one it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tui_app.events import Event
from tui_app.exports.drawn_lanes import drawn_run
from tui_app.exports.log_text import put_log
from tui_app.exports.page import page_of
from tui_app.exports.tasks import COLUMNS, task_rows
from tui_app.exports.timeline_svg import timeline_svg
from tui_app.exports.trace import trace_events
from tui_app.language import N_
from tui_app.runs.rows import put_csv, put_json

Events = Callable[[], Iterable[Event]]
"""Yields the events of a run, each time anew: what is drawn needs to know its length first."""

Put = Callable[[Events, TextIO], None]


@dataclass(frozen=True, slots=True)
class ExportKind:
    """A kind of export.

    Attributes:
        title: What it is, in English.
        mark: How each file of this kind begins: such a file is ours, and may be replaced.
        put: Writes it.
    """

    title: str
    mark: str
    put: Put


def _put_trace(events: Events, file: TextIO) -> None:
    # A line for each event: one call of `json.dump` takes five times as long. The array form is
    # read also where it was cut off.
    file.write(_TRACE)
    for event in trace_events(events()):
        file.write(",\n" + json.dumps(event, ensure_ascii=False, allow_nan=False))
    file.write("\n]\n")


def _put_page(events: Events, file: TextIO) -> None:
    file.write(f"{_PAGE}{page_of(events)}\n")


def _put_picture(events: Events, file: TextIO) -> None:
    file.write(f"{_PICTURE}{timeline_svg(drawn_run(events), alone=True)}\n")


def _put_csv(events: Events, file: TextIO) -> None:
    put_csv(COLUMNS, task_rows(events()), file)


def _put_json(events: Events, file: TextIO) -> None:
    put_json(task_rows(events()), file)


def _put_log(events: Events, file: TextIO) -> None:
    file.write(_LOG)
    put_log(events(), file)


_OURS = "procession export"
_LABEL = {"ph": "M", "pid": 0, "tid": 0, "ts": 0, "name": "process_labels"}
_TRACE = "[\n" + json.dumps(_LABEL | {"args": {"labels": _OURS}})
_PAGE = f"<!DOCTYPE html>\n<!-- {_OURS} -->\n"
_PICTURE = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {_OURS} -->\n'
_LOG = f"# {_OURS}\n"

KINDS: Mapping[str, ExportKind] = {
    ".html": ExportKind(N_("the run as a page"), _PAGE, _put_page),
    ".trace.json": ExportKind(N_("a trace for Perfetto"), _TRACE, _put_trace),
    ".svg": ExportKind(N_("the timeline"), _PICTURE, _put_picture),
    ".csv": ExportKind(N_("the tasks as a table"), ",".join(COLUMNS[:3]), _put_csv),
    ".json": ExportKind(N_("the tasks as JSON"), '[\n{\n "task": ', _put_json),
    ".txt": ExportKind(N_("the log"), _LOG, _put_log),
}
"""All kinds, by their endings; of two that fit, the first counts."""


def ending_of(file: Path) -> str:
    """Return the ending by which a file's name asks for a kind; empty where no kind has it."""
    name = file.name.lower()
    return next((ending for ending in KINDS if name.endswith(ending)), "")
