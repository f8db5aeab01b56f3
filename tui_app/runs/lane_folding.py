"""Lanes that fit: neighbours of the same fate share a row where there are too many."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, groupby, islice

from tui_app.runs.lanes import ProcessRow, Span, SpanKind

MOST_SPANS = 2_000
"""Spans that are put together at each drawing; of lanes with more, some are drawn for all."""

MANY = 100
"""Lanes of which only the names are compared, and not what each did."""

_NUMBER = re.compile(r"\(.*\)$|[-_]?\d+$")
"""What tells threads, or tasks, of one kind apart, at the end of their names."""


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A row of the timeline: one lane, or several neighbours."""

    lanes: tuple[ProcessRow, ...]

    @property
    def lane(self) -> ProcessRow:
        """The lane, or the first of several, whose colour is the row's."""
        return self.lanes[0]

    @property
    def name(self) -> str:
        """The lane's name, or the first and the last name and their number: `W-9 … W-64 (56)`.

        Of a cluster's workers, several on one host have its name.
        """
        first, last = self.lanes[0], self.lanes[-1]
        if len(self.lanes) == 1:
            return f"{first.name} {first.host}".rstrip()
        if first.kind is not None:
            process, _, one = first.name.partition("·")
            stems = {_stem(lane) for lane in self.lanes}
            name = _without_number(one) if len(stems) == 1 else "…"
            return f"{process}·{name} ({len(self.lanes)})"
        if not first.host:
            return f"{first.name} … {last.name} ({len(self.lanes)})"
        hosts = first.host if first.host == last.host else f"{first.host} … {last.host}"
        return f"{hosts} ({len(self.lanes)})"

    @property
    def spans(self) -> Sequence[Span]:
        """What the lanes did: of several, whatever any of them did, the earlier one first."""
        if len(self.lanes) == 1:
            return self.lane.spans
        many = sum(len(lane.spans) for lane in self.lanes)
        some = self.lanes[:: 1 + many // MOST_SPANS]
        spans = sorted(chain(*(lane.spans for lane in some)), key=lambda span: span.start)
        together: list[Span] = []
        for span in spans:
            last = together[-1] if together else None
            if last is None or (last.end is not None and last.end <= span.start):
                together.append(replace(span))
            elif last.end is None or (span.end is not None and span.end <= last.end):
                continue
            elif last.kind is span.kind:
                last.end = span.end
            else:
                together.append(replace(span, start=last.end))
        return together


def fold(lanes: Sequence[ProcessRow], most: int) -> tuple[LaneRow, ...]:
    """Return at most so many rows for these lanes, in their order.

    Main, a lane that failed, and a lane that somebody waits for keep a row of their own; where
    these alone are more than `most`, there are more rows, and the timeline scrolls. The lanes of a
    cluster are folded host by host. Threads and asyncio tasks share a row with those of their kind.

    Args:
        lanes: main first; of a cluster, host by host.
        most: rows that there is room for; at least 2.
    """
    if len(lanes) <= most:
        return tuple(LaneRow((lane,)) for lane in lanes)
    if lanes[0].host:
        return _by_hosts(lanes, most)
    lanes = _by_kind(lanes)
    waited = {lane.spans[-1].wait.object for lane in lanes if lane.spans and lane.spans[-1].wait}
    alone = [
        number == 0 or (lane.kind is None and lane.name in waited) or _is_special(lane)
        for number, lane in enumerate(lanes)
    ]
    groups = _groups(
        lanes, alone, _stem if len(lanes) > MANY else lambda lane: (_stem(lane), _fate(lane))
    )
    for same in (_stem, lambda lane: lane.key[0] if lane.kind is not None else ()):
        if len(groups) > most:
            groups = _groups(lanes, alone, same)
    spare = max(0, most - len(groups))
    rows: list[LaneRow] = []
    for group in groups:
        apart = min(spare, len(group) - 1)
        spare -= apart
        rows += (LaneRow((lane,)) for lane in group[:apart])
        rows.append(LaneRow(group[apart:]))
    return tuple(rows)


def _by_hosts(lanes: Sequence[ProcessRow], most: int) -> tuple[LaneRow, ...]:
    """Fold a cluster's lanes: as few hosts as possible share a row, then the workers of a host."""
    hosts = [list(group) for _host, group in groupby(lanes, lambda lane: lane.host)]
    if len(hosts) > most:
        each, more = divmod(len(hosts), most)
        hosts_left = iter(hosts)
        sizes = [each + (number < more) for number in range(most)]
        return tuple(
            LaneRow(tuple(chain.from_iterable(islice(hosts_left, size)))) for size in sizes
        )
    spare = most - len(hosts)
    rows: list[LaneRow] = []
    for host in hosts:
        apart = len(host) - 1 if len(host) - 1 <= spare else 0
        spare -= apart
        if apart:
            rows += (LaneRow((lane,)) for lane in host)
        else:
            rows.append(LaneRow(tuple(host)))
    return tuple(rows)


def _by_kind(lanes: Sequence[ProcessRow]) -> list[ProcessRow]:
    """Return the lanes with threads and tasks of one kind beside each other in their process."""
    kinds: dict[int, dict[object, list[ProcessRow]]] = {}
    for lane in lanes:
        kinds.setdefault(lane.key[0], {}).setdefault(_stem(lane), []).append(lane)
    return [lane for stems in kinds.values() for same in stems.values() for lane in same]


def _stem(lane: ProcessRow) -> object:
    """Return what threads, or tasks, of one kind in one process have in common."""
    return (lane.key[0], _without_number(lane.name)) if lane.kind is not None else ()


@lru_cache(maxsize=10_000)
def _without_number(name: str) -> str:
    return _NUMBER.sub("", name)


def _is_special(lane: ProcessRow) -> bool:
    """Return whether a lane failed, is in a deadlock, or keeps a loop from other tasks."""
    return lane.deadlocked or lane.blocks or any(span.failed for span in lane.spans)


def _groups(
    lanes: Sequence[ProcessRow], alone: Sequence[bool], fate: Callable[[ProcessRow], object]
) -> list[tuple[ProcessRow, ...]]:
    """Neighbours that may share a row."""
    keyed = [
        ((number, lane.key) if alone[number] else fate(lane), lane)
        for number, lane in enumerate(lanes)
    ]
    return [
        tuple(lane for _key, lane in group) for _key, group in groupby(keyed, lambda one: one[0])
    ]


def _fate(lane: ProcessRow) -> object:
    """What became of a lane: the kinds of its spans, and whether the last one goes on."""
    kinds = tuple(kind for kind in SpanKind if any(span.kind is kind for span in lane.spans))
    return kinds, bool(lane.spans) and lane.spans[-1].end is None
