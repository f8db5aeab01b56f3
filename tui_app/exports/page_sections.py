"""The tables of the page of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_app.demos.parameters import parameters
from tui_app.events import RunStarted
from tui_app.exports.drawn_lanes import DrawnRun
from tui_app.exports.markup import Markup, element
from tui_app.language import _, grouped
from tui_app.runs.failure_groups import FailureGroups, and_more
from tui_app.runs.formatting import safe
from tui_app.runs.line_time_words import said_of, stood_words
from tui_app.runs.line_times import LineTime
from tui_app.runs.log import Level
from tui_app.runs.phrases import summary_rows, task_title
from tui_app.runs.process_colours import ON_LIGHT
from tui_app.runs.view import Snapshot

MOST_NAMES = 50
"""Names of a group of failures that are told."""

WRONG = (Level.FAILED, Level.STDERR, Level.DEADLOCK)
"""What looks wrong in the log. Its words say so, too."""


def box(title: str, *content: Markup, tall: bool = False) -> Markup:
    """Return a box that scrolls where its content is too wide, or too tall, also by keyboard."""
    return element(
        "div",
        content,
        class_="box tall" if tall else "box",
        tabindex=0,
        role="group",
        aria_label=title,
    )


def _table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Markup],
    *,
    numbers: Sequence[int] = (),
    mono: bool = False,
) -> Markup:
    """Return a table in a box; the columns of these indices have numbers."""
    cells = [
        element("th", head, scope="col", class_="number" if index in numbers else None)
        for index, head in enumerate(heads)
    ]
    table = element(
        "table",
        element("thead", element("tr", cells)),
        element("tbody", rows),
        class_="mono" if mono else None,
    )
    return box(title, table, tall=mono)


def _number(text: str) -> Markup:
    return element("td", text, class_="number")


def _head(text: str, class_: str | None = None) -> Markup:
    return element("th", text, scope="row", class_=class_)


def summary_table(snapshot: Snapshot) -> Iterator[Markup]:
    """Yield the timing summary: each number with what it means."""
    if snapshot.summary is None:
        yield element("p", _("The run has not come to its end: there is no summary."))
        return
    rows = [
        element("tr", _head(name), _number(value), element("td", meaning, class_="text meaning"))
        for name, value, meaning in summary_rows(snapshot)
    ]
    yield _table(_("Summary"), (_("Figure"), _("Value"), _("Meaning")), rows, numbers=(1,))


def busy_table(run: DrawnRun) -> Iterator[Markup]:
    """Yield how long each process, or thread, had a task."""
    summary = run.snapshot.summary
    if summary is None or not summary.processes:
        return
    rows = []
    for share in summary.processes:
        name = share.name if share.thread is None else f"{share.name}.{share.thread}"
        wide = f"width:{min(1.0, max(0.0, share.share)):.1%}"
        rows.append(
            element(
                "tr",
                _head(name),
                _number(grouped(share.tasks)),
                _number(f"{share.seconds:.2f} s"),
                _number(f"{share.share:.0%}"),
                element("td", element("span", "", class_="bar", style=wide), class_="share"),
            )
        )
    title = _("In a task")
    yield element("h3", _("How long each process had a task"))
    yield _table(
        title,
        (_("Process"), _("Tasks"), title, _("Of the run"), _("Share")),
        rows,
        numbers=(1, 2, 3),
    )


def failure_table(snapshot: Snapshot) -> Iterator[Markup]:
    """Yield what failed, in groups of the same step and reason; nothing where nothing did."""
    rows = []
    for group in FailureGroups(snapshot.failures).largest_first():
        names = ", ".join(safe(one.label) for one in group.failures[:MOST_NAMES])
        if len(group.failures) > MOST_NAMES:
            names = f"{names}, {and_more(len(group.failures) - MOST_NAMES)}"
        rows.append(
            element(
                "tr",
                _number(grouped(len(group.failures))),
                element("td", group.reason, class_="text wrong-word"),
                element("td", group.step),
                element("td", names, class_="text"),
            )
        )
    if rows:
        heads = (_("How many"), _("Reason"), _("Step"), task_title(snapshot.kind))
        yield _table(_("Failures"), heads, rows, numbers=(0,))


def code_table(run: DrawnRun) -> Iterator[Markup]:
    """Yield the script, with the time that main stood on each line; nothing without a script."""
    code = run.started.code if run.started is not None else ""
    if not code:
        return
    rows = []
    lines = code.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, text in enumerate(lines.removesuffix("\n").split("\n"), 1):
        time = run.snapshot.times.get(number, LineTime())
        stood = stood_words(time)
        rows.append(
            element(
                "tr",
                _head(str(number), "number pale"),
                _number(stood),
                element("td", text.expandtabs(4), class_="code"),
                element("td", said_of(time), class_="pale note"),
                class_="hot" if stood else None,
            )
        )
    heads = (_("Line"), _("Main stood"), _("Code"), _("What it did there"))
    yield _table(_("Code"), heads, rows, numbers=(0, 1), mono=True)


def log_table(run: DrawnRun) -> Iterator[Markup]:
    """Yield the log: when, who, what."""
    numbers = {row.name: row.number % len(ON_LIGHT) for row in run.lanes}
    rows = []
    for line in run.log.lines:
        colour = numbers.get(line.who)
        rows.append(
            element(
                "tr",
                _number(f"{line.t:.2f}"),
                element("td", line.who, class_=None if colour is None else f"p{colour}"),
                element(
                    "td", line.text, class_="line wrong-word" if line.level in WRONG else "line"
                ),
            )
        )
    if rows:
        heads = (_("Second"), _("Process"), _("What happened, or was printed"))
        yield _table(_("Log"), heads, rows, numbers=(0,), mono=True)


def run_table(started: RunStarted | None) -> Iterator[Markup]:
    """Yield how and where it was run, and the parameters at the top of a script."""
    if started is None:
        return
    facts = {
        _("Begun"): started.started_at,
        _("Machine"): started.host,
        "Python": started.python,
        "CPUs": str(started.cpus),
        _("Executor"): started.executor,
        _("Workers"): str(started.workers) if started.workers else "",
        _("Start method"): started.start_method,
        **{one.name: one.written for one in parameters(started.code)},
    }
    rows = [
        element("tr", _head(name), element("td", value, class_="text"))
        for name, value in facts.items()
        if value
    ]
    yield _table(_("How it was run"), (_("Parameter"), _("Value")), rows)
