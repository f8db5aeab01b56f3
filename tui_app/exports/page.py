"""A run as a page in one file: no script, no font, no picture from elsewhere.

It is read without a network and without JavaScript, in light and dark, on paper, and by keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

from tui_app import language
from tui_app.events import Event
from tui_app.exports.drawn_lanes import DrawnRun, drawn_run
from tui_app.exports.markup import Markup, element
from tui_app.exports.page_sections import (
    box,
    busy_table,
    code_table,
    failure_table,
    log_table,
    run_table,
    summary_table,
)
from tui_app.exports.timeline_svg import timeline_svg
from tui_app.language import _, counted
from tui_app.runs.phrases import deadlock_sentence, outcome_sentence, state_sentence

LONGEST_LOG = 5_000
"""Lines of the log on a page; the oldest are left out of a longer one."""

# Nothing may be loaded, not even by what a run has printed.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the page: its anchor, its heading, and what is in it."""

    anchor: str
    title: str
    content: tuple[Markup, ...]


def page_of(events: Callable[[], Iterable[Event]]) -> Markup:
    """Return the page of a run, in the present language."""
    run = drawn_run(events, LONGEST_LOG)
    sections = [section for section in _sections(run) if section.content]
    links = [element("li", element("a", one.title, href=f"#{one.anchor}")) for one in sections]
    title = run.snapshot.title or _("A run")
    style = (resources.files("tui_app.assets") / "exports" / "page.css").read_text("utf-8")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content="procession"),
        element("title", f"{title} – procession"),
        element("style", Markup(f"\n{style}")),
    )
    body = element(
        "body",
        element("header", element("h1", title), _state(run)),
        element("nav", element("ul", links), aria_label=_("Parts of this page")),
        element("main", [_drawn(section) for section in sections]),
        element("footer", element("p", _("Made by procession, from the events of this run."))),
    )
    return element("html", Markup("\n"), head, Markup("\n"), body, lang=language.present())


def _state(run: DrawnRun) -> Iterator[Markup]:
    snapshot = run.snapshot
    sentence = state_sentence(snapshot)
    if snapshot.summary is not None:
        sentence = f"{sentence} · {outcome_sentence(snapshot.kind, snapshot.summary)}"
    yield element("p", sentence, class_=f"state {snapshot.state}")
    for more in (snapshot.reason, deadlock_sentence(snapshot)):
        if more:
            yield element("p", more, class_="wrong-word")


def _sections(run: DrawnRun) -> Iterator[_Section]:
    yield _Section("summary", _("Summary"), (*summary_table(run.snapshot), *busy_table(run)))
    timeline = element("figure", box(_("Timeline"), timeline_svg(run, alone=False)))
    yield _Section("timeline", _("Timeline"), (timeline,) if run.lanes else ())
    yield _Section("failures", _("Failures"), tuple(failure_table(run.snapshot)))
    yield _Section("code", _("Code"), tuple(code_table(run)))
    yield _Section("log", _("Log"), (*_left_out(run), *log_table(run)))
    yield _Section("run", _("How it was run"), tuple(run_table(run.started)))


def _left_out(run: DrawnRun) -> Iterator[Markup]:
    if run.log.dropped:
        sentence = counted(
            run.log.dropped,
            "{n} older line is left out; an export as .txt has it.",
            "{n} older lines are left out; an export as .txt has them.",
        )
        yield element("p", sentence, class_="pale")


def _drawn(section: _Section) -> Markup:
    heading = element("h2", section.title, id=f"{section.anchor}-title")
    return element(
        "section",
        heading,
        section.content,
        id=section.anchor,
        aria_labelledby=f"{section.anchor}-title",
    )
