"""The timeline of a run as an SVG: for a slide by itself, and as a part of a page.

Colours are attributes, which a program that knows no stylesheet understands; on a page, the rules
of its stylesheet for the classes have more weight.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui_app.exports.drawn_lanes import DrawnRun
from tui_app.exports.markup import Markup, element
from tui_app.language import _
from tui_app.runs.formatting import exact_duration, safe, shorten
from tui_app.runs.lane_folding import LaneRow, fold
from tui_app.runs.lanes import Span, SpanKind
from tui_app.runs.phrases import state_sentence
from tui_app.runs.process_colours import ON_LIGHT
from tui_app.runs.time_axis import tick_step, tick_text
from tui_app.runs.wait_words import blocked_labels, blocked_words, wait_label, wait_words

WIDTH = 1_000
"""Its width, in its own units; it can be shown at any size."""

MOST_LANES = 60
"""Rows that are drawn; of more lanes, some share a row."""

ROW, BAR = 26, 18
"""The height of a row, and of what is drawn in it."""

TITLE, AXIS, LEGEND = 54, 24, 30
"""The heights of the title, the axis and the legend."""

LETTER, NARROW = 7.2, 6.2
"""The widths of a letter of a name, and of a label."""

LONGEST_NAME = 24
"""Letters of a lane's name that are shown."""

TICK = 80
"""The distance of two ticks, at least."""

INK, PALE, ERROR, PAPER = "#1c1c1c", "#5c5c5c", "#af0000", "#ffffff"

_SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

_HATCH = Markup(
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"'
    f' stroke="{INK}" stroke-opacity="0.45" stroke-width="2"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where a moment stands."""

    left: float
    end: float

    def x(self, t: float) -> float:
        """Return the place of a second of the run."""
        share = min(1.0, max(0.0, t / self.end)) if self.end > 0 else 0.0
        return self.left + share * (WIDTH - 16 - self.left)


def timeline_svg(run: DrawnRun, *, alone: bool) -> Markup:
    """Return the picture of a run's lanes.

    Args:
        run: The run.
        alone: Whether it is a file by itself, with a title and a ground; else it is part of a page.
    """
    rows = fold(run.lanes, MOST_LANES)
    names = [shorten(safe(row.name), LONGEST_NAME) for row in rows]
    left = 24 + LETTER * max(map(len, names), default=0)
    axis = _Axis(left, max(run.snapshot.elapsed, 0.01))
    top = TITLE if alone else 4
    bottom = top + ROW * len(rows)
    height = bottom + AXIS + LEGEND
    parts: list[Markup] = [_HATCH]
    if alone:
        parts += _title(run)
    parts += _grid(axis, top, bottom)
    for number, (row, name) in enumerate(zip(rows, names, strict=True)):
        parts.append(_lane(row, name, axis, top + ROW * number))
    parts += _legend(rows, left, bottom + AXIS)
    words = _("Timeline of {title}").format(title=run.snapshot.title)
    return element(
        "svg",
        element("title", words),
        parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH if alone else None,
        height=height if alone else None,
        role="img",
        font_family=_SANS,
        font_size=12,
    )


def _title(run: DrawnRun) -> Iterator[Markup]:
    yield element("rect", width="100%", height="100%", fill=PAPER)
    title = shorten(safe(run.snapshot.title), 100)
    yield element("text", title, x=12, y=22, font_size=16, font_weight="bold", fill=INK)
    yield element("text", state_sentence(run.snapshot), x=12, y=42, fill=PALE)


def _grid(axis: _Axis, top: float, bottom: float) -> Iterator[Markup]:
    step = tick_step(TICK * axis.end / (WIDTH - 16 - axis.left))
    for number in range(math.floor(axis.end / step + 1e-9) + 1):
        x = axis.x(number * step)
        yield element("path", d=f"M{x:.2f} {top}V{bottom + 4}", stroke=PALE, stroke_opacity=0.3)
        if x < WIDTH - 40:
            text = tick_text(number * step, step)
            yield element("text", text, class_="pale", x=x, y=bottom + 17, fill=PALE)


def _lane(row: LaneRow, name: str, axis: _Axis, y: float) -> Markup:
    number = row.lane.number % len(ON_LIGHT)
    colour = ON_LIGHT[number]
    head = element(
        "text", name, class_=f"p{number}", x=12, y=y + 16, fill=colour, font_weight="bold"
    )
    spans = [_span(span, number, axis, y + (ROW - BAR) / 2) for span in row.spans]
    return element("g", head, spans)


def _span(span: Span, number: int, axis: _Axis, y: float) -> Markup:
    end = axis.end if span.end is None else span.end
    left, right = axis.x(span.start), axis.x(end)
    wide = max(1.0, right - left - 0.5)
    wrong = span.failed or span.deadlocked
    kind, colour = ("wrong", ERROR) if wrong else (f"p{number}", ON_LIGHT[number])
    what, label = _words(span)
    told = f"{what}  {exact_duration(span.start)} – {exact_duration(end)}".strip()
    title = element("title", told)
    label = label if len(label) * NARROW + 8 <= wide else ""
    room = {"x": left, "y": y, "width": wide, "height": BAR}
    middle = {"x": left + wide / 2, "text_anchor": "middle", "font_size": 11}
    if span.kind is SpanKind.IDLE:
        return element("g", title, element("rect", **room, fill_opacity=0.0))
    if span.kind is SpanKind.WAIT:
        # A thin line that one can point at: its ground is there, and not seen.
        ground = element("rect", **room, fill_opacity=0.0)
        low = y + (BAR - 3 if label else BAR / 2)
        dots = element(
            "path",
            class_=f"wait {kind}",
            d=f"M{left:.2f} {low:.2f}H{left + wide:.2f}",
            stroke=colour,
            stroke_width=2,
            stroke_dasharray="2 3",
        )
        words = [element("text", label, class_="ink", y=y + 11, fill=INK, **middle)]
        return element("g", title, ground, dots, words if label else [])
    tall = 3 if span.failed else 0  # it is told from others without its colour, too
    block = element(
        "rect",
        class_=kind,
        x=left,
        y=y - tall,
        width=wide,
        height=BAR + 2 * tall,
        fill=colour,
        fill_opacity=0.25 if span.kind is SpanKind.SLEEP else None,
    )
    if span.kind is SpanKind.SLEEP:
        hatch = element("rect", **room, fill="url(#hatch)")
        # A rim of the ground's colour keeps the letters apart from the hatching.
        rim = {"stroke": PAPER, "stroke_width": 4, "paint_order": "stroke"}
        words = [element("text", label, class_="ink rim", y=y + 13, fill=INK, **middle, **rim)]
        return element("g", title, block, hatch, words if label else [])
    words = [element("text", label, class_="on", y=y + 13, fill=PAPER, **middle)]
    return element("g", title, block, words if label else [])


def _words(span: Span) -> tuple[str, str]:
    """Return what a span is in a sentence, and its label."""
    if span.blocks is not None:
        return blocked_words(span.blocks), blocked_labels(span.blocks)[1]
    if span.wait is None:
        mark = "✗ " if span.failed else ""
        return f"{mark}{span.label}", f"{mark}{safe(span.label)}"
    label = safe(wait_label(span.wait))
    if span.deadlocked:
        label = _("deadlock: {wait}").format(wait=label)
    return f"{span.label} {wait_words(span.wait)}".strip(), label


def _legend(rows: Sequence[LaneRow], left: float, y: float) -> Iterator[Markup]:
    """Say what solid, hatched, dotted and red mean, of what there is."""
    spans = [span for row in rows for span in row.spans]
    found = {span.kind for span in spans}
    shown = [
        (SpanKind.WORK, _("works")),
        (SpanKind.SLEEP, _("sleeps")),
        (SpanKind.WAIT, _("waits")),
    ]
    x = left
    for kind, word in shown:
        if kind in found:
            sample = {"x": x, "y": y + 6, "width": 26.0, "height": 12}
            if kind is SpanKind.WORK:
                yield element("rect", class_="ink", fill=INK, **sample)
            elif kind is SpanKind.SLEEP:
                yield element("rect", class_="ink", fill=INK, fill_opacity=0.15, **sample)
                yield element("rect", fill="url(#hatch)", **sample)
            else:
                yield element(
                    "path",
                    class_="wait ink",
                    d=f"M{x} {y + 12}h26",
                    stroke=INK,
                    stroke_width=2,
                    stroke_dasharray="2 3",
                )
            yield element("text", word, class_="pale", x=x + 32, y=y + 16, fill=PALE)
            x += 60 + LETTER * len(word)
    if any(span.failed or span.deadlocked for span in spans):
        yield element("rect", class_="wrong", x=x, y=y + 6, width=26, height=12, fill=ERROR)
        word = _("failed, or in a deadlock")
        yield element("text", word, class_="pale", x=x + 32, y=y + 16, fill=PALE)
