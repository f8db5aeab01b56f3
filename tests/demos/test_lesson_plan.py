"""The lesson: the teacher's order, whatever is done to it and whatever the settings hold."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.odd_json import ODD_VALUES
from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.expected_times import Machine
from tui_app.demos.lesson_plan import LessonPlan
from tui_app.settings import FILE, Settings

NAMES = [demo.name for demo in demos()]
MACHINE = Machine(cpus=2)

names = st.lists(st.sampled_from([*NAMES, "of-a-later-version"]), unique=True)
plans = names.map(lambda found: LessonPlan(tuple(found)))
some_demo = st.sampled_from(demos())
in_files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def named(plan: LessonPlan) -> list[str]:
    return [demo.name for demo in plan.demos]


@given(plans, some_demo)
def test_a_picked_demo_comes_last_and_out_it_leaves_the_others_in_their_order(
    plan: LessonPlan, demo: Demo
) -> None:
    toggled = plan.toggled(demo)
    assert [name for name in toggled.names if name != demo.name] == [
        name for name in plan.names if name != demo.name
    ]
    if plan.place(demo) is None:
        assert toggled.place(demo) == len(toggled.demos)
        assert toggled.toggled(demo) == plan
    else:
        assert toggled.place(demo) is None


@given(plans, some_demo, st.sampled_from([1, -1]))
def test_moving_changes_two_places_and_back_again(plan: LessonPlan, demo: Demo, step: int) -> None:
    moved = plan.moved(demo, step)
    assert sorted(moved.names) == sorted(plan.names)
    place = plan.place(demo)
    if place is None or not 1 <= place + step <= len(plan.demos):
        assert moved == plan
    else:
        assert moved.place(demo) == place + step
        assert moved.moved(demo, -step) == plan


@given(plans.filter(lambda plan: bool(plan.demos)))
def test_steps_go_through_the_lesson_in_its_order_and_back(plan: LessonPlan) -> None:
    outside = next((demo for demo in demos() if plan.place(demo) is None), None)
    for steps, order in ((1, plan.demos), (-1, plan.demos[::-1])):
        shown: list[Demo] = [order[0]]
        while (following := plan.neighbour(shown[-1], steps)) is not None:
            shown.append(following)
        assert shown == list(order)
    if outside is not None:
        assert plan.neighbour(outside, 1) == plan.demos[0]
        left = plan.demos[-1]
        assert plan.neighbour(outside, -1, left.name) == left
        assert plan.neighbour(outside, 1, left.name) is None


def test_without_a_lesson_steps_go_through_all_demos() -> None:
    shown = [demos()[0]]
    while (following := LessonPlan().neighbour(shown[-1], 1)) is not None:
        shown.append(following)
    assert shown == list(demos())


@in_files
@given(plans)
def test_what_is_kept_is_there_at_the_next_start(plan: LessonPlan) -> None:
    plan.save()
    assert LessonPlan.load() == plan


def test_what_a_version_without_an_order_has_picked_is_in_the_order_of_the_course() -> None:
    FILE.save({"lesson": ["loop-joined", "one-call", "other", "pool-submit"]})
    assert LessonPlan.load().names == ("one-call", "loop-joined", "pool-submit", "other")


def test_what_such_a_version_picks_and_drops_later_is_taken_over() -> None:
    LessonPlan(("pool-submit", "two-calls", "one-call")).save()
    replace(Settings.load(), lesson=("one-call", "pool-submit", "process-args")).save()
    assert LessonPlan.load().names == ("pool-submit", "one-call", "process-args")


@in_files
@given(
    st.dictionaries(
        st.sampled_from(["lesson", "lesson_order"]),
        ODD_VALUES | st.lists(st.sampled_from(NAMES) | ODD_VALUES),
    )
)
def test_whatever_the_file_holds_there_is_a_lesson_of_demos_that_are_there(
    data: dict[str, object],
) -> None:
    FILE.path.parent.mkdir(parents=True, exist_ok=True)
    FILE.path.write_text(json.dumps(data))
    plan = LessonPlan.load()
    assert len(set(plan.names)) == len(plan.names)
    assert set(named(plan)) <= set(NAMES)
    plan.save()
    assert LessonPlan.load() == plan


def test_it_takes_what_was_measured_or_else_is_expected() -> None:
    plan = LessonPlan(("two-calls", "one-call"))
    assert plan.seconds(MACHINE, {}) == (3.0, True)
    assert plan.seconds(MACHINE, {"two-calls": 2.5}) == (3.5, True)
    unknown = plan.toggled(find_demo("lost-updates"))
    assert unknown.seconds(MACHINE, {}) == (3.0, False)
    assert unknown.seconds(MACHINE, {"lost-updates": 4.0}) == (7.0, True)
