from hypothesis import given
from hypothesis import strategies as st

from tui_app.language import grouped
from tui_app.runs.failure_groups import (
    FEW,
    FIRST_NAMES,
    MOST_GROUPS,
    FailureGroups,
    failure_lines,
    group_lines,
)
from tui_app.runs.view import Failure


def of(number: int, reason: str, step: str = "open", name: str = "") -> list[Failure]:
    return [
        Failure(task, name or f"{reason[:3]}-{task}.jpg", step, "E", reason)
        for task in range(1, number + 1)
    ]


def counts(failures: list[Failure]) -> list[tuple[str, str, str]]:
    return list(group_lines(failures, 100))


def test_the_same_reason_in_the_same_step_is_one_group() -> None:
    failures = of(3, "empty") + of(4, "cut off", "decode") + of(2, "cut off")
    assert counts(failures) == [
        ("4", "decode", "cut off"),
        ("3", "open", "empty"),
        ("2", "open", "cut off"),
    ]


def test_numbers_and_the_name_itself_do_not_part_a_group() -> None:
    failures = [
        Failure(task, f"a{task}.jpg", "open", "E", f"a{task}.jpg has {task},000.5 pixels")
        for task in range(1, 4)
    ]
    (group,) = FailureGroups(failures)
    assert (group.reason, group.alike) == ("… has … pixels", False)
    (group,) = FailureGroups(of(3, "4 bytes are missing"))
    assert (group.reason, group.alike) == ("4 bytes are missing", True)


@given(st.lists(st.tuples(st.sampled_from(["", "open"]), st.text(max_size=3), st.text(max_size=5))))
def test_each_failure_is_in_one_group(kinds: list[tuple[str, str, str]]) -> None:
    failures = [Failure(n, name, step, "E", why) for n, (step, name, why) in enumerate(kinds)]
    groups = FailureGroups(failures)
    assert sorted(f.task for g in groups for f in g.failures) == list(range(len(failures)))
    assert all(failure.step == group.step for group in groups for failure in group.failures)
    alike: dict[tuple[str, str], int] = {}
    for number, group in enumerate(groups):
        for failure in group.failures:
            if failure.label not in failure.reason:
                assert alike.setdefault((failure.step, failure.reason), number) == number


def test_a_large_group_is_told_by_its_first_names_and_its_number() -> None:
    lines = list(failure_lines("batch", of(3000, "empty") + of(1, "cut off", "decode")))
    assert lines == [
        f"{grouped(3001)} images failed:",
        f"  {grouped(3000)} in open: empty",
        "    emp-1.jpg",
        "    emp-2.jpg",
        "    emp-3.jpg",
        f"    and {grouped(2997)} more",
        "  cut-1.jpg in decode: cut off",
        "--failures FILE writes all their names",
    ]
    assert FIRST_NAMES == 3


def test_few_are_told_one_by_one() -> None:
    lines = list(failure_lines("batch", of(FEW, "empty")))
    assert lines[1:] == [f"  emp-{n}.jpg in open: empty" for n in range(1, FEW + 1)]


def test_names_are_told_with_their_reasons_where_these_differ() -> None:
    failures = [Failure(n, f"a{n}", "", "E", f"{n} bytes missing") for n in range(1, FEW + 2)]
    lines = list(failure_lines("demo", failures))
    assert lines[1:3] == [f"  {FEW + 1}: … bytes missing", "    a1: 1 bytes missing"]
    assert "--failures" not in lines[-1]


def test_many_groups_end_in_a_number() -> None:
    failures = [f for n in range(MOST_GROUPS + 7) for f in of(1, f"for {chr(65 + n)}")]
    lines = list(failure_lines("batch", failures))
    assert lines[-2] == "  and 7 more, for other reasons"
    assert len(lines) == 1 + MOST_GROUPS + 2
    few = list(group_lines(failures, 4))
    assert few[-1] == (str(MOST_GROUPS + 7 - 3), "", "for other reasons")
    assert len(few) == 4


def test_a_hostile_name_is_one_harmless_line() -> None:
    name, reason = "a\n\x1b[2J.jpg", "b\r\u202e"
    for line in failure_lines("batch", of(FEW + 1, reason, name=name)):
        assert line.isprintable()
