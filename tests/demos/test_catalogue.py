import ast
import difflib
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.demos.catalogue import DemoError, Group, count_demos, demos, find_demo
from tui_app.demos.expected_times import Machine
from tui_app.demos.lessons import load_lesson
from tui_app.demos.parameters import ParameterError, ParameterKind, Value, parameters, with_values
from tui_app.script.process_names import display_name

NAMES = [
    "one-call",
    "two-calls",
    "process-created",
    "process-started",
    "process-joined",
    "loop-not-joined",
    "loop-joined",
    "process-args",
    "pool-submit",
    "pool-result",
    "pool-two",
    "pool-list",
    "pool-as-completed",
    "pool-completion-order",
    "pool-map-order",
    "images-sequential",
    "images-pool",
]
PITFALLS = [
    "map-not-read",
    "no-main-guard",
    "called-target",
    "join-in-loop",
    "cannot-pickle",
    "globals-not-shared",
    "lost-updates",
    "more-is-not-faster",
    "threads-or-processes",
    "sleeping-is-not-working",
    "too-small-tasks",
    "cancel-does-not-stop",
]
TALKING = [
    "queue-two-producers",
    "pipe-and-answer",
    "lock-and-total",
    "event-starting-gun",
    "semaphore-three",
    "barrier-meeting",
    "manager-dict",
    "shared-memory",
    "threads-share",
    "asyncio-tasks",
    "asyncio-pool",
    "pool-initializer",
]
TALKING_PITFALLS = [
    "locks-crosswise",
    "join-before-get",
    "forgotten-sentinel",
    "lock-not-released",
    "blocking-coroutine",
    "pool-waits-for-itself",
]
VALUES: dict[ParameterKind, st.SearchStrategy[Value]] = {
    ParameterKind.COUNT: st.integers(1, 1000),
    ParameterKind.COUNT_OR_NONE: st.integers(1, 1000) | st.none(),
    ParameterKind.SECONDS: st.integers(0, 99) | st.floats(0, 99),
    ParameterKind.SECONDS_LIST: st.lists(st.floats(0, 9), min_size=1, max_size=9).map(tuple),
    ParameterKind.PATIENCE: st.integers(0, 99) | st.floats(0, 99) | st.none(),
    ParameterKind.NUMBER: st.floats(-9, 9),
    ParameterKind.TEXT: st.text(),
}


def test_all_are_there_in_their_order() -> None:
    assert [demo.name for demo in demos()] == [*NAMES, *PITFALLS, *TALKING, *TALKING_PITFALLS]
    assert [demo.number for demo in demos()] == list(range(1, 48))
    pitfalls = [demo for demo in demos() if demo.group is Group.PITFALL]
    assert [demo.name for demo in pitfalls if demo.part == 1] == PITFALLS
    assert [demo.name for demo in pitfalls if demo.part == 2] == TALKING_PITFALLS


def test_they_are_counted_without_being_read() -> None:
    assert count_demos() == len(demos())


def test_a_mended_script_differs_by_the_mend_alone() -> None:
    without = {"more-is-not-faster", "threads-or-processes", "sleeping-is-not-working"}
    for demo in demos():
        if demo.mended is None:
            assert demo.group is not Group.PITFALL or demo.name in without
            continue
        assert demo.group is Group.PITFALL
        lines = difflib.unified_diff(demo.source.splitlines(), demo.mended.splitlines(), n=0)
        changed = [line for line in list(lines)[2:] if line[0] in "+-"]
        assert 0 < len(changed) <= 20
        assert len(demo.mended.splitlines()) <= 36
        # The same fields for both.
        assert parameters(demo.mended) == demo.parameters
        assert demo.lesson(Machine(2)).mend


@pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo.name)
def test_each_fits_on_a_screen_and_has_a_lesson(demo) -> None:  # type: ignore[no-untyped-def]
    assert len(demo.source.splitlines()) <= 36
    assert all(len(line) <= 100 for line in demo.source.splitlines())
    assert demo.parameters
    lesson = demo.lesson(Machine(4))
    assert lesson.title == demo.title()
    assert all([lesson.text, lesson.look, lesson.answer])
    assert lesson.question.endswith("?")
    assert "{" not in "".join([lesson.text, *lesson.look, lesson.expected, lesson.answer])
    if demo.name == "no-main-guard":
        assert "__name__" not in demo.source
    elif "import multiprocessing" in demo.source or "import concurrent" in demo.source:
        assert 'if __name__ == "__main__":' in demo.source


@given(st.data())
def test_another_value_changes_its_line_alone(data: st.DataObject) -> None:
    demo = data.draw(st.sampled_from(demos()))
    parameter = data.draw(st.sampled_from(demo.parameters))
    value = data.draw(VALUES[parameter.kind])
    changed = with_values(demo.source, {parameter.name: value})
    before, after = demo.source.splitlines(), changed.splitlines()
    assert len(before) == len(after)
    differ = [n for n, pair in enumerate(zip(before, after, strict=True), 1) if len(set(pair)) > 1]
    assert differ in ([], [parameter.line])
    ast.parse(changed)
    again = {one.name: one.value for one in parameters(changed)}
    assert again == demo.values | {parameter.name: value}
    assert parameter.parse(repr(value)) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("seconds", "-1"), ("seconds", "x"), ("seconds", "inf"), ("calls", "0"), ("calls", "2.5")],
)
def test_values_that_make_no_sense_are_refused(name: str, text: str) -> None:
    with pytest.raises(ParameterError, match=name.upper()):
        find_demo("two-calls").parse({name: text})


def test_parameters_are_plain_assignments_at_the_top() -> None:
    source = "A = 1\nb = 2\nC = f()\nD = 'ț'; E = (1, 2)\nif 1:\n    F = 3\nG = True\n"
    found = {one.name: one.kind for one in parameters(source)}
    assert found == {
        "A": ParameterKind.COUNT,
        "D": ParameterKind.TEXT,
        "E": ParameterKind.SECONDS_LIST,
    }
    assert "D = 'x'; E = [3]\n" in with_values(source, {"D": "x"}).replace("(1, 2)", "[3]")
    assert parameters("def (:") == ()


def test_a_demo_is_found_by_name_or_number() -> None:
    assert find_demo("5") is find_demo("process-joined") is find_demo("Process_Joined")
    with pytest.raises(DemoError, match="no demo 'x'"):
        find_demo("x")


@pytest.mark.parametrize(
    ("name", "values", "seconds"),
    [
        ("one-call", {}, 1),
        ("two-calls", {"CALLS": 3}, 3),
        ("process-created", {}, 0),
        ("loop-joined", {"CALLS": 50}, 1),
        ("pool-two", {"WORKERS": 1}, 4),
        ("pool-list", {}, 3),
        ("pool-list", {"WORKERS": 10}, 1.5),
        ("pool-completion-order", {}, 5),
        ("pool-completion-order", {"WORKERS": 1}, 15),
        ("pool-map-order", {"WORKERS": 2}, 8),
        ("images-pool", {}, None),
        ("join-in-loop", {"CALLS": 5}, 5),
        ("no-main-guard", {}, None),
        ("sleeping-is-not-working", {"CALLS": 8, "SECONDS": 1}, 5),
        ("queue-two-producers", {"SECONDS": (1, 3)}, 9),
        ("lock-and-total", {"SECONDS": 1}, 6),
        ("semaphore-three", {"PLACES": 7}, 0.8),
        ("pool-initializer", {"CHUNKSIZE": 12}, 2.2),
        ("pool-waits-for-itself", {}, 3),
        ("pool-waits-for-itself", {"WORKERS": 2}, 0.5),
        ("locks-crosswise", {"PATIENCE": None}, None),
    ],
)
def test_the_expected_time_follows_the_parameters(
    name: str, values: dict[str, Value], seconds: float | None
) -> None:
    assert find_demo(name).expected_seconds(Machine(2), values) == seconds


def test_a_mended_script_is_expected_to_take_less() -> None:
    for name in ("called-target", "join-in-loop", "cancel-does-not-stop", *TALKING_PITFALLS):
        demo = find_demo(name)
        wrong, mended = (demo.expected_seconds(Machine(2), mended=mend) for mend in (False, True))
        assert wrong is not None
        assert mended is not None
        assert mended < wrong


def test_a_count_that_is_large_by_itself_may_be_larger() -> None:
    updates = find_demo("lost-updates").parameters[1]
    assert updates.parse("1000000") == 1_000_000
    with pytest.raises(ParameterError, match="1 to 2000000"):
        updates.parse("2000001")
    with pytest.raises(ParameterError, match="1 to 1000,"):
        find_demo("loop-joined").parse({"calls": "1001"})


def test_the_pool_is_expected_to_share_the_measured_time() -> None:
    demo = find_demo("images-pool")
    assert demo.expected_seconds(Machine(4, sequential=20.0)) == 5.0
    assert demo.expected_seconds(Machine(4, sequential=20.0), {"WORKERS": 2}) == 10.0
    assert demo.expected_seconds(Machine(4, sequential=20.0), {"WORKERS": 9}) == 5.0


def test_a_language_without_the_lesson_shows_the_english_one() -> None:
    assert load_lesson("one-call", "xx") == load_lesson("one-call", "en")


@pytest.mark.parametrize(
    ("name", "pool", "shown"),
    [
        ("Process-1", False, "P-1"),
        ("SpawnProcess-3", True, "W-3"),
        ("ForkServerProcess-1:2", False, "P-1:2"),
        ("ForkPoolWorker-4", True, "W-4"),
        ("Counter-1", False, "Counter-1"),
        ("my own", False, "my own"),
    ],
)
def test_processes_have_short_names(name: str, pool: bool, shown: str) -> None:
    assert display_name(name, pool=pool) == shown


@given(st.text(string.printable, max_size=20))
def test_any_text_may_be_asked_for_as_a_value(text: str) -> None:
    parameter = find_demo("pool-map-order").parameters[0]
    with suppress(ParameterError):
        assert isinstance(parameter.parse(text), tuple)
