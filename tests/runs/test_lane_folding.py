from hypothesis import given
from hypothesis import strategies as st

from tui_app.events import LoopBlocked, ThreadKind, Waiting, WaitKind
from tui_app.runs.lane_folding import LaneRow, fold
from tui_app.runs.lanes import ProcessRow, Span, SpanKind

WAITS = st.one_of(
    st.none(),
    st.builds(
        Waiting,
        t=st.just(0.0),
        pid=st.just(1),
        kind=st.sampled_from([WaitKind.JOIN, WaitKind.SLEEP]),
        object=st.sampled_from([None, *(f"P-{n}" for n in range(20))]),
    ),
)
SPANS = st.lists(
    st.builds(Span, st.just(0.0), st.just(""), st.none() | st.just(1.0), st.booleans(), wait=WAITS),
    max_size=3,
)


def lanes_of(spans: list[list[Span]]) -> list[ProcessRow]:
    names = ["main", *(f"P-{n}" for n in range(1, len(spans)))]
    return [ProcessRow((n, None), names[n], n, spans=one) for n, one in enumerate(spans)]


@given(st.lists(SPANS, min_size=1, max_size=40), st.integers(2, 30))
def test_every_lane_is_in_one_row_and_in_its_order(spans: list[list[Span]], most: int) -> None:
    lanes = lanes_of(spans)
    rows = fold(lanes, most)
    assert [lane for row in rows for lane in row.lanes] == lanes
    if len(lanes) <= most:
        assert len(rows) == len(lanes)


@given(st.lists(SPANS, min_size=1, max_size=40), st.integers(2, 30))
def test_who_failed_and_who_is_waited_for_has_a_row_alone(
    spans: list[list[Span]], most: int
) -> None:
    lanes = lanes_of(spans)
    waited = {lane.spans[-1].wait.object for lane in lanes if lane.spans and lane.spans[-1].wait}
    for row in fold(lanes, most):
        if len(row.lanes) > 1:
            assert not any(lane.name in waited or lane.number == 0 for lane in row.lanes)
            assert not any(span.failed for lane in row.lanes for span in lane.spans)


@given(st.integers(2, 200), st.integers(2, 30))
def test_of_equal_lanes_no_more_rows_are_made_than_there_is_room_for(count: int, most: int) -> None:
    lanes = lanes_of([[Span(0.0, "")] for _ in range(count)])
    rows = fold(lanes, most)
    assert len(rows) == min(count, most)
    if count > most:
        folded = rows[-1]
        assert folded.name == f"P-{most - 1} … P-{count - 1} ({len(folded.lanes)})"


def test_a_folded_row_shows_whatever_any_of_its_lanes_did() -> None:
    first, second, third = (ProcessRow((n, None), f"W-{n}", n) for n in (1, 2, 3))
    sleep = Waiting(t=0.0, pid=1, kind=WaitKind.SLEEP, timeout=1.0)
    first.spans = [Span(0.0, "a", 1.0), Span(1.0, "a", 2.0, wait=sleep)]
    second.spans = [Span(0.5, "b", 1.5)]
    third.spans = [Span(4.0, "c")]
    spans = LaneRow((first, second, third)).spans
    assert [(span.start, span.end, span.kind) for span in spans] == [
        (0.0, 1.5, SpanKind.WORK),
        (1.5, 2.0, SpanKind.SLEEP),
        (4.0, None, SpanKind.WORK),
    ]
    assert first.spans[0].end == 1.0, "the lanes stay as they are"
    assert LaneRow((first,)).spans is first.spans


@given(st.lists(st.integers(1, 12), min_size=1, max_size=30), st.integers(2, 30))
def test_the_lanes_of_a_cluster_are_folded_host_by_host(workers: list[int], most: int) -> None:
    hosts = [f"h{number:02}" for number, count in enumerate(workers) for _ in range(count)]
    lanes = [ProcessRow((n, None), f"w-{n}", n, host=host) for n, host in enumerate(hosts)]
    rows = fold(lanes, most)
    assert [lane for row in rows for lane in row.lanes] == lanes
    assert len(rows) <= max(most, 1)
    for row in rows:
        together = {lane.host for lane in row.lanes}
        if len(together) == 1 and len(row.lanes) > 1:
            assert row.name == f"{row.lane.host} ({len(row.lanes)})"
        elif len(row.lanes) == 1:
            assert row.name == f"{row.lane.name} {row.lane.host}"
    if len(workers) <= most:
        assert all(len({lane.host for lane in row.lanes}) == 1 for row in rows)


def threads(stem: str, count: int, kind: ThreadKind) -> list[ProcessRow]:
    names = [
        f"main·{stem}-{n}" if kind is ThreadKind.THREAD else f"main·{stem}({n})"
        for n in range(count)
    ]
    return [
        ProcessRow((1, n + 1), name, 0, kind=kind, spans=[Span(0.0, "")])
        for n, name in enumerate(names)
    ]


@given(st.integers(0, 300), st.integers(0, 300), st.integers(4, 20))
def test_threads_share_rows_with_their_kind_and_none_is_lost(
    count: int, tasks: int, most: int
) -> None:
    main = ProcessRow((1, None), "main", 0, is_main=True)
    child = ProcessRow((2, None), "P-1", 1)
    lanes = [
        main,
        *threads("Thread", count, ThreadKind.THREAD),
        *threads("fetch", tasks, ThreadKind.ASYNCIO),
        child,
    ]
    rows = fold(lanes, most)
    assert [lane for row in rows for lane in row.lanes] == lanes
    assert len(rows) == min(len(lanes), most)
    assert rows[0].lanes == (main,)
    for row in rows:
        assert len({lane.name[:7] for lane in row.lanes}) == 1


def test_a_folded_row_is_named_by_what_its_threads_have_in_common() -> None:
    assert LaneRow(tuple(threads("fetch", 1000, ThreadKind.ASYNCIO))).name == "main·fetch (1000)"
    assert LaneRow(tuple(threads("Thread", 2, ThreadKind.THREAD))).name == "main·Thread (2)"
    both = (*threads("a", 1, ThreadKind.ASYNCIO), *threads("b", 1, ThreadKind.ASYNCIO))
    assert LaneRow(both).name == "main·… (2)"


def test_a_task_that_blocks_its_loop_keeps_a_row_of_its_own() -> None:
    lanes = [ProcessRow((1, None), "main", 0), *threads("fetch", 50, ThreadKind.ASYNCIO)]
    lanes[20].block(LoopBlocked(t=1.0, pid=1, thread=20, line=3))
    assert any(row.lanes == (lanes[20],) for row in fold(lanes, 6))
