from tui_app.runs.pace import Pace, Work


def test_before_the_first_task_nothing_was_worked() -> None:
    pace = Pace()
    assert pace.worked(Work(5.0, 3.0, 2)) == Work()
    pace.begin(5.0)
    pace.begin(6.0)
    assert pace.worked(Work(7.0, 3.0, 2)) == Work(2.0, 3.0, 2)


def test_what_happens_while_the_work_is_held_counts_neither_as_time_nor_as_work() -> None:
    pace = Pace()
    pace.begin(1.0)
    pace.hold(Work(3.0, 4.0, 2), 2)
    assert pace.worked(Work(9.0, 6.0, 4)) == Work(2.0, 4.0, 2)
    pace.release(Work(11.0, 6.0, 4))
    assert pace.worked(Work(12.0, 7.0, 5)) == Work(3.0, 5.0, 3)


def test_it_counts_down_what_is_in_hand_only_while_the_work_is_held() -> None:
    pace = Pace()
    pace.end_one()
    assert pace.in_hand is None
    pace.hold(Work(), 1)
    assert pace.in_hand == 1
    pace.end_one()
    pace.end_one()
    assert pace.in_hand == 0
    pace.release(Work())
    assert pace.in_hand is None
